"""Signing in to the panel and out of it."""

import re
from typing import Final

from aiohttp import web

from sandbox.forms import fields_of
from sandbox.html import page
from sandbox.ideasoft.sessions import SIGN_IN, sign_in, sign_out
from sandbox.ideasoft.store import Store
from sandbox.world import World

PANEL_PAGE: Final = re.compile(r"/panel/[a-z0-9/]*")


class PanelEntrance:
    """Handlers of one store's sign-in page."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._name = name

    @property
    def store(self) -> Store:
        return self._world.stores[self._name]

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(SIGN_IN, self.ask),
            web.post(SIGN_IN, self.enter),
            web.post("/panel/sign-out", self.leave),
        ]

    async def ask(self, _request: web.Request) -> web.Response:
        return page("panel/sign_in.html", store=self.store)

    async def enter(self, request: web.Request) -> web.Response:
        """On to the page that was asked for (`?next=`), which must be one of the panel's."""
        wanted = request.query.get("next", "")
        to = wanted if PANEL_PAGE.fullmatch(wanted) else "/panel"
        answer = sign_in(self.store, await fields_of(request), to=to)
        return answer or page("panel/sign_in.html", status=403, store=self.store, wrong=True)

    async def leave(self, request: web.Request) -> web.Response:
        sign_out(self.store, request)
        raise web.HTTPSeeOther(SIGN_IN)
