"""What happens to orders: kept, written in the ledger, told to subscribers and to the buyer."""

from collections.abc import Mapping
from typing import Any

from sandbox.clock import now, parse_iso
from sandbox.ideasoft.notices import ask_buyer
from sandbox.ideasoft.orders import Order
from sandbox.ideasoft.store import Store
from sandbox.ideasoft.webhooks import publish
from sandbox.world import World


def place(world: World, store: Store, wish: Mapping[str, Any], *, webhook: bool = True) -> Order:
    """A buyer orders. `wish` as for OrderWriter, with `createdAt` (ISO). Raises OrderRefused, ValueError."""
    created_at = parse_iso(str(wish["createdAt"])) if wish.get("createdAt") else now()
    fields = store.writer.write({key: value for key, value in wish.items() if key not in ("createdAt", "updatedAt")})
    order = store.orders.add(fields, created_at)
    if wish.get("note"):
        store.buyers_notes[order.id] = str(wish["note"])
    world.ledger.write(store.system, "order_placed", id=order.id, transactionId=fields["transactionId"])
    if webhook:
        publish(world, store, "order/create", order.id, _scalars(order, store.settings.date_style))
    ask_buyer(world, store, order)
    return order


def change(world: World, store: Store, order: Order, wish: Mapping[str, Any], *, by: str, webhook: bool = True) -> None:
    """Sets fields for `by` (`api` or `panel`). Raises OrderRefused."""
    changed = store.orders.change(order, wish)
    for field, (before, after) in changed.items():
        facts = {"id": order.id, "field": field, "from": before, "to": after, "by": by}
        world.ledger.write(store.system, "order_changed", **facts)
    if changed and webhook:
        news = {field: after for field, (_, after) in changed.items()}
        updated_at = order.described(store.settings.date_style)["updatedAt"]
        publish(world, store, "order/update", order.id, {**news, "updatedAt": updated_at})


def remove(world: World, store: Store, order: Order) -> None:
    store.orders.remove(order)
    world.ledger.write(store.system, "order_deleted", id=order.id)
    publish(world, store, "order/delete", order.id, {})


def _scalars(order: Order, date_style: str) -> dict[str, Any]:
    described = order.described(date_style)
    return {key: value for key, value in described.items() if not isinstance(value, dict | list) and key[0] != "_"}
