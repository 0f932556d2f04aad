"""A store's orders, kept so that no poll has to walk through all of them."""

import json
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sandbox.clock import now, store_date

# As the panel names them (facts: A, section 2.5).
STATUSES: Final = {
    "waiting_for_approval": "Onay Bekliyor",
    "approved": "Onaylandı",
    "fulfilled": "Kargoya Verildi",
    "cancelled": "İptal Edildi",
    "delivered": "Teslim Edildi",
    "on_accumulation": "Tedarik Sürecinde",
    "waiting_for_payment": "Ödeme Bekleniyor",
    "being_prepared": "Hazırlanıyor",
    "refunded": "İade Edildi",
    "personal_status_1": "Kişisel Sipariş Durumu 1",
    "personal_status_2": "Kişisel Sipariş Durumu 2",
    "personal_status_3": "Kişisel Sipariş Durumu 3",
    "deleted": "Silindi",
}
PAYMENT_STATUSES: Final = frozenset({"in_transaction", "failed", "success"})
READ_ONLY: Final = frozenset({"id", "createdAt", "updatedAt"})


class OrderRefused(ValueError):
    """A value that the store does not take (HTTP 422)."""


@dataclass(slots=True, kw_only=True)
class Order:
    """`fields` is the platform's shape without its two dates; `spelt` its JSON until the next change."""

    fields: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    spelt: str | None = None

    @property
    def id(self) -> int:
        return int(self.fields["id"])

    def described(self, date_style: str) -> dict[str, Any]:
        dates = {"createdAt": self.created_at, "updatedAt": self.updated_at}
        return {**self.fields, **{key: store_date(moment, date_style) for key, moment in dates.items()}}

    def json(self, date_style: str) -> str:
        if self.spelt is None:
            self.spelt = json.dumps(self.described(date_style))
        return self.spelt


class Orders:
    """Orders by id, by number and by last change."""

    def __init__(self) -> None:
        self._orders: dict[int, Order] = {}
        self._ids: list[int] = []
        self._by_number: dict[str, list[int]] = {}
        self._changes: list[tuple[datetime, int]] = []

    def __len__(self) -> int:
        return len(self._orders)

    def get(self, order_id: int) -> Order | None:
        return self._orders.get(order_id)

    def add(self, fields: dict[str, Any], created_at: datetime, *, updated_at: datetime | None = None) -> Order:
        """Keeps a new order, changed last at `updated_at`, or now. Its id must be above all others.

        Raises OrderRefused.
        """
        check_values(fields)
        order = Order(fields=fields, created_at=created_at, updated_at=created_at)
        self._orders[order.id] = order
        self._ids.append(order.id)
        self._by_number.setdefault(str(fields["transactionId"]), []).append(order.id)
        self._touch(order, updated_at or now())
        order.updated_at = max(created_at, order.updated_at)
        return order

    def change(self, order: Order, wish: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
        """Sets fields; what really changed, as field → (from, to). Raises OrderRefused."""
        check_values(wish)
        changed = {
            key: (order.fields.get(key), value)
            for key, value in wish.items()
            if key not in READ_ONLY and order.fields.get(key) != value
        }
        order.fields.update({key: to for key, (_, to) in changed.items()})
        if "transactionId" in changed:
            self._by_number.setdefault(order.fields["transactionId"], []).append(order.id)
        if changed:
            self._touch(order, now())
        return changed

    def remove(self, order: Order) -> None:
        del self._orders[order.id]
        self._ids.remove(order.id)

    def forget_spellings(self) -> None:
        for order in self._orders.values():
            order.spelt = None

    def after(self, since_id: int) -> Iterable[Order]:
        """Rising ids above `since_id`."""
        return (self._orders[key] for key in self._ids[bisect_right(self._ids, since_id) :])

    def newest_first(self) -> Iterable[Order]:
        return (self._orders[key] for key in reversed(self._ids))

    def of_ids(self, ids: Iterable[int]) -> list[Order]:
        return [self._orders[key] for key in sorted(set(ids)) if key in self._orders]

    def of_number(self, transaction_id: str) -> list[Order]:
        found = self.of_ids(self._by_number.get(transaction_id, ()))
        return [order for order in found if order.fields["transactionId"] == transaction_id]

    def changed_since(self, moment: datetime) -> list[Order]:
        """Orders whose last change is at or after `moment`, by rising id."""
        recent = {key for _, key in self._changes[bisect_left(self._changes, (moment, 0)) :]}
        return [order for order in self.of_ids(recent) if order.updated_at >= moment]

    def _touch(self, order: Order, moment: datetime) -> None:
        order.updated_at, order.spelt = moment, None
        insort(self._changes, (moment, order.id))


def check_values(wish: Mapping[str, Any]) -> None:
    """Raises OrderRefused for a status the platform does not know."""
    if "status" in wish and str(wish["status"]) not in STATUSES:
        raise OrderRefused("status: The value you selected is not a valid choice.")
    if "paymentStatus" in wish and str(wish["paymentStatus"]) not in PAYMENT_STATUSES:
        raise OrderRefused("paymentStatus: The value you selected is not a valid choice.")
    number = wish.get("transactionId", "")
    if not isinstance(number, str) or len(number) > 255:
        raise OrderRefused("transactionId: This value is too long.")


def check_kinds(order: Order, wish: Mapping[str, Any]) -> None:
    """Raises OrderRefused for a value of another JSON kind than the one it replaces."""
    for field, value in wish.items():
        if order.fields[field] is not None and _kind(value) is not _kind(order.fields[field]):
            raise OrderRefused(f"{field}: This value is not valid.")


def _kind(value: Any) -> type:
    return float if isinstance(value, int | float) else type(value)
