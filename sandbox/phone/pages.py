"""The phone's page and the index, in Turkish, without scripts."""

from aiohttp import web

from sandbox.html import page
from sandbox.netgsm.numbers import national
from sandbox.phone.conversations import answer, conversation, phones
from sandbox.world import World


class PhonePages:
    """Handlers of `/` and `/phone`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.index),
            web.get("/phone", self.show),
            web.get(r"/phone/{number:\d+}", self.show),
            web.post("/phone", self.write),
        ]

    async def index(self, _request: web.Request) -> web.Response:
        return page("index.html", stores=self._world.stores.values(), phones=phones(self._world))

    async def show(self, request: web.Request) -> web.Response:
        known = phones(self._world)
        number = request.match_info.get("number") or (known[0] if known else "")
        return page(
            "phone.html",
            number=number,
            phones=known,
            lines=list(self._world.operator.lines),
            messages=conversation(self._world, number),
            unknown_line=request.query.get("hat"),
        )

    async def write(self, request: web.Request) -> web.StreamResponse:
        """The form: `from`, `to`, `text`."""
        form = await request.post()
        sender, line = national(str(form.get("from", ""))), str(form.get("to", ""))
        place = f"/phone/{sender}" if sender else "/phone"
        try:
            await answer(self._world, sender=sender, line=line, text=str(form.get("text", "")))
        except KeyError:
            raise web.HTTPSeeOther(f"{place}?hat={national(line)}") from None
        raise web.HTTPSeeOther(place)
