"""A store's past: orders over the last days, of all payment types, each as far as its age lets it be."""

from datetime import datetime, timedelta
from typing import Any, Final

from sandbox.clock import now
from sandbox.ideasoft.goods import CARRIERS
from sandbox.ideasoft.orders import Order
from sandbox.ideasoft.store import Store
from sandbox.world import World

DAYS: Final = 60
MOST: Final = 20_000
_SHIPPED: Final = frozenset({"fulfilled", "delivered", "refunded"})
# From so many days of age on, in turn: what is new still waits, what is old has ended one way or another.
_STATUSES: Final = (
    (14, ("delivered", "delivered", "cancelled", "delivered", "refunded", "delivered", "personal_status_1")),
    (3, ("fulfilled", "delivered", "on_accumulation", "fulfilled", "personal_status_2", "personal_status_3")),
    (0, ("approved", "waiting_for_approval", "being_prepared", "waiting_for_payment", "fulfilled")),
)


def fill(world: World, store: Store, *, count: int, days: int = DAYS, phone: str = "") -> list[Order]:
    """So many orders, evenly spread and the oldest first, of that phone or each of another. Nobody is told of them.

    Ids rise with the days, as a store's do, so this is for one that has no orders yet. Raises ValueError.
    """
    if not 0 < count <= MOST or not 0 < days <= 3650:
        raise ValueError(f"between 1 and {MOST} orders over at most 3650 days")
    today, apart = now(), timedelta(days=days) / count
    kept = [_keep(store, number, today - apart * (count - number - 0.5), today, phone) for number in range(count)]
    world.ledger.write(store.system, "past_filled", count=count, days=days)
    return kept


def _keep(store: Store, number: int, created_at: datetime, today: datetime, phone: str) -> Order:
    age = today - created_at
    status = _status(number, age)
    wish: dict[str, Any] = {"status": status, **({"phone": phone} if phone else {})}
    if status in _SHIPPED:
        wish["shippingCompanyName"] = CARRIERS[number % len(CARRIERS)]
        wish["shippingTrackingCode"] = str(7_300_000 + number)
    settled = created_at + min(age, timedelta(days=4)) / 2
    return store.orders.add(store.writer.write(wish), created_at, updated_at=settled)


def _status(number: int, age: timedelta) -> str:
    statuses = next(statuses for least, statuses in _STATUSES if age >= timedelta(days=least))
    return statuses[number % len(statuses)]
