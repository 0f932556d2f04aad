"""SMS Hizmeti › İnteraktif SMS: where a line's incoming SMS are pushed to (facts: B), beside credit and headers."""

from collections.abc import Mapping

from aiohttp import web

from sandbox.forms import fields_of
from sandbox.html import page
from sandbox.netgsm.accounts import Account
from sandbox.world import World

LONGEST = 500


class OperatorPages:
    """Handlers of `/webportal`. Nobody signs in: an account here belongs to who tries it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/webportal", self.index),
            web.get("/webportal/{usercode}", self.show),
            web.post("/webportal/{usercode}", self.save),
        ]

    async def index(self, _request: web.Request) -> web.Response:
        return page("webportal/accounts.html", accounts=self._world.operator.accounts.values())

    async def show(self, request: web.Request) -> web.Response:
        return _account(self._of(request), saved="saved" in request.query)

    async def save(self, request: web.Request) -> web.Response:
        """The form: `push_url`; empty takes the redirection away."""
        account = self._of(request)
        address = (await fields_of(request)).get("push_url", "").strip()
        if problem := _problem(address):
            return _account(account, address=address, errors={"push_url": problem})
        account.change({"push_url": address or None})
        self._world.ledger.write("netgsm", "push_url_changed", usercode=account.usercode, by="webportal")
        raise web.HTTPSeeOther(f"/webportal/{account.usercode}?saved")

    def _of(self, request: web.Request) -> Account:
        account = self._world.operator.accounts.get(request.match_info["usercode"])
        if account is None:
            raise web.HTTPNotFound
        return account


def _problem(address: str) -> str:
    if address and not address.startswith(("http://", "https://")):
        return "Adres http:// veya https:// ile başlamalı."
    return "Adres çok uzun." if len(address) > LONGEST else ""


def _account(
    account: Account, *, address: str | None = None, saved: bool = False, errors: Mapping[str, str] | None = None
) -> web.Response:
    shown = account.push_url or "" if address is None else address
    context = {"account": account, "address": shown, "saved": saved, "errors": errors or {}}
    return page("webportal/account.html", status=422 if errors else 200, **context)
