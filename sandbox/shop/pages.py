"""The shop's two pages: ordering, and thanks for it."""

from aiohttp import web

from sandbox.forms import fields_of
from sandbox.html import page
from sandbox.ideasoft import trade
from sandbox.ideasoft.goods import PAY_AT_DOOR, PRODUCTS, SHIPPING
from sandbox.ideasoft.store import Store
from sandbox.netgsm.numbers import national
from sandbox.shop.order_form import MOST, PAYMENTS, OrderForm, blank, read
from sandbox.world import World

PLACES = ("Adana", "Ankara", "Antalya", "Bursa", "Diyarbakır", "Eskişehir", "İstanbul", "İzmir", "Konya", "Trabzon")


class ShopPages:
    """Handlers of one store's front."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._name = name

    @property
    def store(self) -> Store:
        return self._world.stores[self._name]

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.show),
            web.post("/", self.order),
            web.get(r"/thanks/{id:\d{1,12}}", self.thank),
        ]

    async def show(self, _request: web.Request) -> web.Response:
        return self._form(blank())

    async def order(self, request: web.Request) -> web.Response:
        """Places the order, as a buyer's browser would; a wrong form comes back with its errors (422)."""
        form = read(await fields_of(request))
        if form.errors:
            return self._form(form, status=422)
        placed = trade.place(self._world, self.store, form.wish)
        raise web.HTTPSeeOther(f"/thanks/{placed.id}")

    async def thank(self, request: web.Request) -> web.Response:
        order = self.store.orders.get(int(request.match_info["id"]))
        if order is None:
            raise web.HTTPNotFound
        phone = f"{self._world.url}/phone/{national(str(order.fields['customerPhone']))}"
        return page("shop/thanks.html", store=self.store, order=order.fields, phone=phone, phones=self._phones())

    def _form(self, form: OrderForm, *, status: int = 200) -> web.Response:
        choices = {"products": PRODUCTS, "payments": PAYMENTS, "places": PLACES, "most": MOST}
        costs = {"shipping": SHIPPING, "fee": PAY_AT_DOOR}
        shown = {**choices, **costs, "values": form.values, "errors": form.errors, "phones": self._phones()}
        return page("shop/shop.html", status=status, store=self.store, **shown)

    def _phones(self) -> str:
        return f"{self._world.url}/phone"
