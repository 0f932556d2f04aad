"""The sandbox's index, the list of phones, and one phone: it shows its SMS and answers. In Turkish."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from sandbox.forms import fields_of
from sandbox.html import page
from sandbox.netgsm.numbers import national
from sandbox.phone.conversations import answer, conversation, known_numbers, latest_phones, threads
from sandbox.world import World

SHOWN: Final = 50


class PhonePages:
    """Handlers of `/` and `/phone`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.index),
            web.get("/phone", self.all),
            web.get(r"/phone/{number:\d+}", self.show),
            web.post("/phone", self.write),
        ]

    async def index(self, _request: web.Request) -> web.Response:
        return page("index.html", stores=self._world.stores.values(), phones=len(known_numbers(self._world)))

    async def all(self, request: web.Request) -> web.Response:
        """The phones that got or wrote an SMS; `?number=`, in any spelling, opens one."""
        if number := national(request.query.get("number", "")):
            raise web.HTTPSeeOther(f"/phone/{number}")
        return page("phone/phones.html", phones=latest_phones(self._world, SHOWN))

    async def show(self, request: web.Request) -> web.Response:
        return self._phone(request.match_info["number"])

    async def write(self, request: web.Request) -> web.StreamResponse:
        """The form: `from`, `to`, `text`. A wrong one comes back with its errors (422) and what was typed."""
        form = await fields_of(request)
        number, to, text = national(form.get("from", "")), form.get("to", "").strip(), form.get("text", "")
        if not number:
            raise web.HTTPSeeOther("/phone")
        if errors := self._errors(to, text):
            return self._phone(number, to=to, text=text, errors=errors)
        await answer(self._world, sender=number, line=to, text=text)
        raise web.HTTPSeeOther(f"/phone/{number}")

    def _errors(self, to: str, text: str) -> dict[str, str]:
        errors = {} if text.strip() else {"text": "Mesajı yazın."}
        if national(to) not in self._world.operator.lines:
            errors["to"] = f"{to} numaralı hat bulunamadı." if to else "Hattın numarasını yazın."
        return errors

    def _phone(
        self, number: str, *, to: str | None = None, text: str = "", errors: Mapping[str, str] | None = None
    ) -> web.Response:
        messages, lines = conversation(self._world, number), self._world.operator.lines
        latest = messages[-1]["line"] if messages else next(iter(lines), "")
        typed = {"to": latest if to is None else to, "text": text, "errors": errors or {}}
        shown = {"number": national(number), "threads": threads(messages), "lines": list(lines.values()), **typed}
        return page("phone/phone.html", status=422 if errors else 200, **shown)
