"""A phone that calls a line and hears the answer, and where a merchant enters the *Özel API* address. In Turkish."""

from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.forms import fields_of
from sandbox.html import page
from sandbox.netgsm.numbers import national
from sandbox.netsantral.switchboard import Heard, call
from sandbox.phone.conversations import conversation
from sandbox.world import World

ENCODINGS: Final = {"query": "GET", "form": "POST (form)", "json": "POST (JSON)"}


class NetsantralPages:
    """Handlers of `/netsantral` and `/phone/<number>/call`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/netsantral", self.addresses),
            web.post("/netsantral", self.enter),
            web.get(r"/phone/{number:\d+}/call", self.dial),
            web.post(r"/phone/{number:\d+}/call", self.call),
        ]

    async def addresses(self, request: web.Request) -> web.Response:
        return self._addresses(saved=request.query.get("saved", ""))

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """The form: `line`, `call_url`, `call_encoding`."""
        form = await fields_of(request)
        account = self._world.operator.lines.get(national(form.get("line", "")))
        address = form.get("call_url", "").strip()
        if account is None:
            raise web.HTTPSeeOther("/netsantral")
        if address and urlsplit(address).scheme not in ("http", "https"):
            return self._addresses(wrong=account.line, typed=address)
        account.change({"call_url": address or None, "call_encoding": form.get("call_encoding", "query")})
        raise web.HTTPSeeOther(f"/netsantral?saved={account.line}")

    async def dial(self, request: web.Request) -> web.Response:
        return self._dial(request.match_info["number"])

    async def call(self, request: web.Request) -> web.Response:
        """The form: `to`, `keys`, `withheld`, and `call` of a call that goes on."""
        form = await fields_of(request)
        number, to, keys = request.match_info["number"], form.get("to", ""), form.get("keys", "").strip()
        if national(to) not in self._world.operator.lines:
            return self._dial(number, to=to, error=f"{to} numaralı hat bulunamadı.")
        caller = "" if form.get("withheld") else number
        heard = await call(self._world, number=caller, line=to, keys=keys, call_id=form.get("call", ""))
        return self._dial(number, to=to, heard=heard, withheld=not caller)

    def _addresses(self, *, saved: str = "", wrong: str = "", typed: str = "") -> web.Response:
        accounts = list(self._world.operator.lines.values())
        told: dict[str, Any] = {"accounts": accounts, "encodings": ENCODINGS, "saved": saved, "typed": typed}
        return page("netsantral/addresses.html", status=422 if wrong else 200, wrong=wrong, **told)

    def _likely(self, number: str) -> str:
        """The line that the phone last heard from, else one whose switchboard would answer."""
        messages, accounts = conversation(self._world, number), self._world.operator.lines.values()
        answering = [account.line for account in accounts if account.call_url]
        return next(
            iter([*(message["line"] for message in messages[-1:]), *answering, *self._world.operator.lines]), ""
        )

    def _dial(
        self, number: str, *, to: str = "", heard: Heard | None = None, withheld: bool = False, error: str = ""
    ) -> web.Response:
        lines = list(self._world.operator.lines)
        told: dict[str, Any] = {"number": national(number), "lines": lines, "heard": heard, "withheld": withheld}
        to = to or self._likely(number)
        return page("netsantral/call.html", status=422 if error else 200, to=to, error=error, **told)
