"""Controls of the stores: settings, tokens, orders, texts, webhooks."""

import re
from collections.abc import Mapping
from typing import Any, Final, Protocol

from aiohttp import web

from sandbox.control.requests import ControlRefused, ok, wish_of
from sandbox.ideasoft import history, trade
from sandbox.ideasoft.examples import DEFAULT_PHONE
from sandbox.ideasoft.grants import OAuthRefused
from sandbox.ideasoft.oauth import authorize, check_authorization
from sandbox.ideasoft.orders import Order, OrderRefused
from sandbox.ideasoft.store import Store
from sandbox.world import World

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]*")


class StorePorts(Protocol):
    """Starts and stops listening for a store."""

    async def open_store(self, name: str, port: int) -> str: ...

    async def close_store(self, name: str) -> None: ...


class StoreControl:
    """Handlers below `/_control/stores`."""

    def __init__(self, world: World, ports: StorePorts) -> None:
        self._world = world
        self._ports = ports

    def routes(self) -> list[web.RouteDef]:
        one = "/_control/stores/{name}"
        order = one + r"/orders/{id:\d+}"
        return [
            web.post("/_control/stores", self.set_store),
            web.get("/_control/stores", self.stores),
            web.get(one, self.store),
            web.post(f"{one}/port", self.listen),
            web.post(f"{one}/tokens", self.issue_tokens),
            web.post(f"{one}/revoke", self.revoke),
            web.post(f"{one}/expire", self.expire),
            web.post(f"{one}/authorize", self.authorize),
            web.post(f"{one}/orders", self.add_orders),
            web.get(f"{one}/orders", self.orders),
            web.post(f"{one}/past", self.fill_past),
            web.get(order, self.order),
            web.patch(order, self.change_order),
            web.post(f"{one}/language", self.set_text),
            web.get(f"{one}/webhooks", self.webhooks),
            web.delete(f"{one}/webhooks", self.drop_webhooks),
        ]

    async def set_store(self, request: web.Request) -> web.Response:
        """Creates or changes; `port` counts only for a new one, 0 is any."""
        wish = await wish_of(request)
        name = str(wish["name"])
        if not NAME.fullmatch(name):
            raise ControlRefused("a store's name is made of a-z, 0-9 and -")
        if name not in self._world.stores:
            self._world.open_store(name, await self._ports.open_store(name, int(wish.get("port", 0))))
        self._world.stores[name].change(wish)
        return web.json_response(self._world.stores[name].described())

    async def stores(self, _request: web.Request) -> web.Response:
        return web.json_response([store.described() for store in self._world.stores.values()])

    async def store(self, request: web.Request) -> web.Response:
        return web.json_response(self._store(request).described())

    async def listen(self, request: web.Request) -> web.Response:
        """{"open": false} refuses connections, true takes them again at the same address."""
        store, wish = self._store(request), await wish_of(request)
        await self._ports.close_store(store.name)
        if wish["open"]:
            await self._ports.open_store(store.name, int(store.url.rpartition(":")[2]))
        return ok()

    async def issue_tokens(self, request: web.Request) -> web.Response:
        store = self._store(request)
        return web.json_response(store.grants.issue_tokens(store.scope))

    async def revoke(self, request: web.Request) -> web.Response:
        self._store(request).grants.revoke(str((await wish_of(request)).get("what", "all")))
        return ok()

    async def expire(self, request: web.Request) -> web.Response:
        """{"what": "access|refresh|code"}: they end now, as if their time had passed."""
        self._store(request).grants.expire(str((await wish_of(request))["what"]))
        return ok()

    async def authorize(self, request: web.Request) -> web.Response:
        """What the browser would be sent to, without a browser."""
        store, wish = self._store(request), await wish_of(request)
        query = {"client_id": store.grants.client.id, "redirect_uri": store.settings.redirect_uri, **wish}
        query.pop("allow", None)
        try:
            check_authorization(store, query)
        except OAuthRefused as refused:
            raise ControlRefused(f"{refused.error}: {refused.description}") from refused
        location = authorize(self._world, store, query, allowed=bool(wish.get("allow", True)))
        return web.json_response({"location": location})

    async def add_orders(self, request: web.Request) -> web.Response:
        """One order, or with `count` a list; `phone_base` gives the first of the phones, one each."""
        store, wish = self._store(request), await wish_of(request)
        try:
            if "count" not in wish:
                return self._described(store, self._place(store, wish))
            base = int(wish.get("phone_base", DEFAULT_PHONE))
            placed = [self._place(store, {**wish, "phone": str(base + n)}) for n in range(int(wish["count"]))]
        except OrderRefused as refused:
            raise ControlRefused(str(refused), 422) from refused
        style = store.settings.date_style
        return web.json_response([order.described(style) for order in placed])

    async def fill_past(self, request: web.Request) -> web.Response:
        """{"count", "days" (60), "phone" (each another)}: orders of before, told to nobody; how many there are."""
        store, wish = self._store(request), await wish_of(request)
        days, phone = int(wish.get("days", history.DAYS)), str(wish.get("phone", ""))
        kept = history.fill(self._world, store, count=int(wish["count"]), days=days, phone=phone)
        return web.json_response({"placed": len(kept), "first": kept[0].id, "last": kept[-1].id})

    async def orders(self, request: web.Request) -> web.Response:
        store = self._store(request)
        return web.json_response([order.described(store.settings.date_style) for order in store.orders.after(0)])

    async def order(self, request: web.Request) -> web.Response:
        store = self._store(request)
        return self._described(store, self._order(store, request))

    async def change_order(self, request: web.Request) -> web.Response:
        """What the merchant does in the panel."""
        store, wish = self._store(request), await wish_of(request)
        order, webhook = self._order(store, request), bool(wish.pop("webhook", True))
        try:
            trade.change(self._world, store, order, wish, by="panel", webhook=webhook)
        except OrderRefused as refused:
            raise ControlRefused(str(refused), 422) from refused
        return self._described(store, order)

    async def set_text(self, request: web.Request) -> web.Response:
        """{"value"}: text 2815, or that of `key`."""
        texts, wish = self._store(request).texts, await wish_of(request)
        return web.json_response(texts.set(str(wish.get("key", texts.question_key)), str(wish["value"])))

    async def webhooks(self, request: web.Request) -> web.Response:
        kept = self._store(request).subscriptions.values()
        return web.json_response([{key: one[key] for key in ("id", "topic", "address", "status")} for one in kept])

    async def drop_webhooks(self, request: web.Request) -> web.Response:
        self._store(request).subscriptions.clear()
        return ok()

    def _place(self, store: Store, wish: Mapping[str, Any]) -> Order:
        return trade.place(self._world, store, wish, webhook=bool(wish.get("webhook", True)))

    def _described(self, store: Store, order: Order) -> web.Response:
        return web.json_response(order.described(store.settings.date_style))

    def _store(self, request: web.Request) -> Store:
        store = self._world.stores.get(request.match_info["name"])
        if store is None:
            raise ControlRefused("no such store", 404)
        return store

    def _order(self, store: Store, request: web.Request) -> Order:
        order = store.orders.get(int(request.match_info["id"]))
        if order is None:
            raise ControlRefused("no such order", 404)
        return order
