"""The listening ports: one for the operator, phone and controls, one for each store."""

import itertools
from importlib import import_module

from aiohttp import web

from sandbox.control.requests import answer_in_json
from sandbox.control.scene import OperatorControl, SceneControl
from sandbox.control.stores import StoreControl
from sandbox.html import static_routes
from sandbox.ideasoft.oauth import OAuthApi
from sandbox.ideasoft.order_api import OrdersApi
from sandbox.ideasoft.settings_api import SettingsApi
from sandbox.interception import Check, interception
from sandbox.netgsm.api import PATHS, NetgsmApi
from sandbox.netsantral.pages import NetsantralPages
from sandbox.panel.client_pages import PanelClient
from sandbox.panel.entrance import PanelEntrance
from sandbox.panel.order_pages import PanelOrders
from sandbox.panel.settings_pages import PanelSettings
from sandbox.phone.pages import PhonePages
from sandbox.shop.pages import ShopPages
from sandbox.webportal.pages import OperatorPages
from sandbox.world import World

LONGEST_BODY = 8 * 1024 * 1024
# What the portal calls or sends a browser to; the pages that only people use meet no faults and fill no ledger.
STORE_PATHS = ("/admin-api/", "/api/", "/oauth/", "/panel/auth", "/admin/user/")


class Ports:
    """Opens ports and closes them all. Addresses are given with `public_host`."""

    def __init__(self, world: World, *, host: str, public_host: str) -> None:
        self._world = world
        self._host = host
        self._public_host = public_host
        self._main: web.AppRunner | None = None
        self._stores: dict[str, web.AppRunner] = {}

    async def open_main(self, port: int) -> str:
        """The address of the main port; 0 is any."""
        self._main = await self._open(main_application(self._world, self), port)
        self._world.url = self._address(self._main)
        return self._world.url

    async def open_store(self, name: str, port: int) -> str:
        """Starts listening for a store; its address. Raises OSError for a taken port."""
        self._stores[name] = await self._open(store_application(self._world, name), port)
        return self._address(self._stores[name])

    async def close_store(self, name: str) -> None:
        """Stops listening: callers are refused, as by a machine that is down."""
        if runner := self._stores.pop(name, None):
            await runner.cleanup()

    async def close(self) -> None:
        """At once: answers under way are cut off."""
        for runner in (self._main, *self._stores.values()):
            if runner is not None:
                await runner.cleanup()
        await self._world.errands.close()

    async def _open(self, application: web.Application, port: int) -> web.AppRunner:
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.0)
        await runner.setup()
        await web.TCPSite(runner, self._host, port, reuse_address=True, backlog=1024).start()
        return runner

    def _address(self, runner: web.AppRunner) -> str:
        return f"http://{self._public_host}:{runner.addresses[0][1]}"


def main_application(world: World, ports: Ports) -> web.Application:
    """Operator with its pages, phone, index and controls."""
    application = web.Application(
        middlewares=[answer_in_json, interception(world, "netgsm", paths=PATHS)], client_max_size=LONGEST_BODY
    )
    rooms = (
        NetgsmApi(world),
        PhonePages(world),
        OperatorPages(world),
        NetsantralPages(world),
        SceneControl(world),
        OperatorControl(world),
    )
    application.add_routes(itertools.chain(*(room.routes() for room in rooms)))
    application.add_routes(StoreControl(world, ports).routes())
    application.add_routes(static_routes())
    return application


def store_application(world: World, name: str) -> web.Application:
    """One store: OAuth and APIs, its shop and its panel."""
    check: Check | None = None
    if world.validating:
        check = import_module("sandbox.ideasoft.schema").check  # needs a development dependency
    application = web.Application(
        middlewares=[interception(world, f"store:{name}", paths=STORE_PATHS, check=check)],
        client_max_size=LONGEST_BODY,
    )
    interfaces = (OAuthApi(world, name), OrdersApi(world, name), SettingsApi(world, name))
    panel = (PanelEntrance(world, name), PanelOrders(world, name), PanelSettings(world, name), PanelClient(world, name))
    rooms = (*interfaces, ShopPages(world, name), *panel)
    application.add_routes(itertools.chain(*(room.routes() for room in rooms)))
    application.add_routes(static_routes())
    return application
