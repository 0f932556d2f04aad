"""Siparişler: the store's orders, and what a merchant does with one."""

import itertools
from typing import Final

from aiohttp import web

from sandbox.forms import fields_of
from sandbox.html import page
from sandbox.ideasoft import history, trade
from sandbox.ideasoft.goods import CARRIERS
from sandbox.ideasoft.orders import STATUSES, Order
from sandbox.ideasoft.sessions import signed_in_only
from sandbox.ideasoft.store import Store
from sandbox.world import World

SHOWN: Final = 50
# A merchant cancels; only the API deletes.
CHOICES: Final = {status: words for status, words in STATUSES.items() if status != "deleted"}
LONGEST_CODE: Final = 255


class PanelOrders:
    """Handlers of one store's orders."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._name = name

    @property
    def store(self) -> Store:
        return self._world.stores[self._name]

    def routes(self) -> list[web.RouteDef]:
        one = r"/panel/orders/{id:\d{1,12}}"
        return [
            web.get("/panel", signed_in_only(lambda: self.store, self.orders)),
            web.get("/panel/orders", signed_in_only(lambda: self.store, self.orders)),
            web.post("/panel/past", signed_in_only(lambda: self.store, self.fill_past)),
            web.get(one, signed_in_only(lambda: self.store, self.order)),
            web.post(one, signed_in_only(lambda: self.store, self.change)),
        ]

    async def orders(self, request: web.Request) -> web.Response:
        newest = list(itertools.islice(self.store.orders.newest_first(), SHOWN))
        told = {"days": history.DAYS, "most_past": history.MOST, "filled": "filled" in request.query}
        return page("panel/orders.html", store=self.store, orders=newest, statuses=STATUSES, most=SHOWN, **told)

    async def fill_past(self, request: web.Request) -> web.Response:
        """No page of the platform's: a store of the sandbox gets the orders that a real one has had."""
        form = await fields_of(request)
        count = form.get("count", "")
        if not count.isascii() or not count.isdigit() or not 0 < int(count) <= history.MOST:
            raise web.HTTPUnprocessableEntity
        history.fill(self._world, self.store, count=int(count), phone=form.get("phone", "").strip())
        raise web.HTTPSeeOther("/panel/orders?filled")

    async def order(self, request: web.Request) -> web.Response:
        order = self._order(request)
        return page(
            "panel/order.html",
            store=self.store,
            order=order,
            notes=[note["note"] for note in self.store.notes.values() if note["order_id"] == order.id],
            buyers_note=self.store.buyers_notes.get(order.id, ""),
            phones=f"{self._world.url}/phone",
            statuses=STATUSES,
            choices=CHOICES,
            carriers=_carriers(order),
            saved="saved" in request.query,
        )

    async def change(self, request: web.Request) -> web.Response:
        """The status, and the cargo's carrier and tracking code where the form brought them."""
        order, form = self._order(request), await fields_of(request)
        if form.get("status") not in CHOICES:
            raise web.HTTPUnprocessableEntity
        wish = {"status": form["status"]}
        if "tracking_code" in form:
            wish["shippingTrackingCode"] = form["tracking_code"].strip()[:LONGEST_CODE]
        if form.get("carrier") in _carriers(order):
            wish["shippingCompanyName"] = form["carrier"]
        trade.change(self._world, self.store, order, wish, by="panel")
        raise web.HTTPSeeOther(f"/panel/orders/{order.id}?saved")

    def _order(self, request: web.Request) -> Order:
        order = self.store.orders.get(int(request.match_info["id"]))
        if order is None:
            raise web.HTTPNotFound
        return order


def _carriers(order: Order) -> tuple[str, ...]:
    """Who may bring it; one that the list does not name stays among them."""
    kept = str(order.fields.get("shippingCompanyName") or "")
    return CARRIERS if not kept or kept in CARRIERS else (kept, *CARRIERS)
