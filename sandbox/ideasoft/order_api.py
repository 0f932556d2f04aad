"""Orders and their notes, by Admin API and Store API (facts: A; the count's shape is undocumented)."""

from typing import Any, Final

from aiohttp import web

from sandbox.clock import now, store_date
from sandbox.ideasoft import trade
from sandbox.ideasoft.access import Malformed, Missing, guarded, read_object
from sandbox.ideasoft.listing import select, select_page, whole
from sandbox.ideasoft.orders import Order, OrderRefused, check_kinds
from sandbox.ideasoft.store import Store
from sandbox.world import World

# What the Order schema requires; a store that refuses partial PUTs wants all of it (facts: C, section 2.7).
WHOLE_ORDER: Final = frozenset(
    [
        "customerFirstname",
        "customerSurname",
        "customerEmail",
        "customerPhone",
        "paymentTypeName",
        "currency",
        "amount",
        "generalAmount",
        "finalAmount",
        "transactionId",
        "status",
        "paymentStatus",
        "shippingAddress",
        "billingAddress",
        "orderItems",
    ]
)
MANAGER: Final = {"userEmail": "yonetici@example.com", "userFirstname": "Mağaza", "userSurname": "Yöneticisi"}


class OrdersApi:
    """`/admin-api/orders` and `/api/orders`, which differ only in their parameters, and the notes."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._name = name

    @property
    def store(self) -> Store:
        return self._world.stores[self._name]

    def routes(self) -> list[web.RouteDef]:
        read, update, delete = ("order_read", "order_update order_write", "order_delete order_write")
        both = [route for prefix in ("/admin-api", "/api") for route in self._order_routes(prefix, read, update)]
        return [
            web.get("/admin-api/orders/count", self._guarded(read, self.count)),
            *both,
            web.delete(r"/admin-api/orders/{id:\d{1,12}}", self._guarded(delete, self.delete)),
            web.get("/admin-api/order_user_notes", self._guarded(read, self.notes)),
            web.get("/admin-api/order_user_notes/count", self._guarded(read, self.count_notes)),
            web.post("/admin-api/order_user_notes", self._guarded(update, self.add_note)),
        ]

    async def many(self, request: web.Request) -> web.Response:
        style = self.store.settings.date_style
        orders = select_page(self.store.orders, request.query)
        return _json("[" + ",".join(order.json(style) for order in orders) + "]")

    async def count(self, request: web.Request) -> web.Response:
        return web.json_response({"count": sum(1 for _ in select(self.store.orders, request.query))})

    async def one(self, request: web.Request) -> web.Response:
        return _json(self._order(request).json(self.store.settings.date_style))

    async def put(self, request: web.Request) -> web.Response:
        order, wish = self._order(request), await read_object(request)
        missing = sorted(WHOLE_ORDER - set(wish))
        if missing and not self.store.settings.partial_put:
            raise OrderRefused(f"{missing[0]}: This value should not be blank.")
        known = {field: value for field, value in wish.items() if field in order.fields}
        check_kinds(order, known)
        trade.change(self._world, self.store, order, known, by="api")
        return _json(order.json(self.store.settings.date_style))

    async def delete(self, request: web.Request) -> web.Response:
        trade.remove(self._world, self.store, self._order(request))
        return web.Response(status=204)

    async def notes(self, request: web.Request) -> web.Response:
        wanted = whole(request.query, "order", 0)
        notes = [note for note in self.store.notes.values() if wanted in (0, note["order_id"])]
        return web.json_response([self._note(note) for note in notes])

    async def count_notes(self, _request: web.Request) -> web.Response:
        return web.json_response({"count": len(self.store.notes)})

    async def add_note(self, request: web.Request) -> web.Response:
        """Takes {"note", "order": {"id"}} (facts: I)."""
        body = await read_object(request)
        order_id = body["order"].get("id") if isinstance(body.get("order"), dict) else body.get("order")
        if not isinstance(body.get("note"), str) or not isinstance(order_id, int):
            raise Malformed("note and order are needed")
        if self.store.orders.get(order_id) is None:
            raise Missing
        note_id = next(self.store.ids)
        note = {"id": note_id, "note": body["note"], "order_id": order_id, "at": now()}
        self.store.notes[note_id] = note
        self._world.ledger.write(self.store.system, "note_added", id=order_id, note=body["note"])
        return web.json_response(self._note(note), status=201)

    def _order_routes(self, prefix: str, read: str, update: str) -> list[web.RouteDef]:
        return [
            web.get(f"{prefix}/orders", self._guarded(read, self.many)),
            web.get(f"{prefix}/orders/{{id:\\d{{1,12}}}}", self._guarded(read, self.one)),
            web.put(f"{prefix}/orders/{{id:\\d{{1,12}}}}", self._guarded(update, self.put)),
        ]

    def _guarded(self, scopes: str, handler: Any) -> Any:
        return guarded(lambda: self.store, scopes, handler)

    def _order(self, request: web.Request) -> Order:
        order = self.store.orders.get(int(request.match_info["id"]))
        if order is None:
            raise Missing
        return order

    def _note(self, note: dict[str, Any]) -> dict[str, Any]:
        style = self.store.settings.date_style
        order = self.store.orders.get(note["order_id"])
        written = store_date(note["at"], style)
        described = order.described(style) if order else {"id": note["order_id"]}
        facts = {"id": note["id"], **MANAGER, "note": note["note"], "order": described}
        return {**facts, "createdAt": written, "updatedAt": written}


def _json(text: str) -> web.Response:
    return web.Response(text=text, content_type="application/json")
