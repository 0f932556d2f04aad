"""Which orders a list call means: the parameters of the two order lists (facts: A, section 2.2)."""

import itertools
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from sandbox.clock import parse
from sandbox.ideasoft.orders import Order, Orders

DEFAULT_LIMIT: Final = 20
MOST: Final = 100
LONGEST_NUMBER: Final = 12

Filter = Callable[[Order], bool]


class QueryRefused(ValueError):
    """A parameter out of range (HTTP 400; what the real one does is undocumented)."""


def select_page(orders: Orders, query: Mapping[str, str]) -> list[Order]:
    """One page; `limit` 1..100 (default 20), `page` from 1. Raises QueryRefused."""
    limit, page = whole(query, "limit", DEFAULT_LIMIT), whole(query, "page", 1)
    if not 1 <= limit <= MOST or page < 1:
        raise QueryRefused("limit must be between 1 and 100, page at least 1")
    return list(itertools.islice(select(orders, query), (page - 1) * limit, page * limit))


def select(orders: Orders, query: Mapping[str, str]) -> Iterable[Order]:
    """All orders that match, by `sort` (`id` or `-id`; without it newest first, which is inferred)."""
    since_id = whole(query, "sinceId", 0)
    filters = list(_filters(query))
    found = (order for order in _narrowed(orders, query, since_id) if all(keep(order) for keep in filters))
    return found if query.get("sort") == "id" else reversed(list(found))


def _narrowed(orders: Orders, query: Mapping[str, str], since_id: int) -> Iterable[Order]:
    """The smallest set that an index gives."""
    if ids := query.get("ids") or query.get("id"):
        return (order for order in orders.of_ids(_ids(ids)) if order.id > since_id)
    if number := query.get("transactionId") or query.get("q[transactionId]") or query.get("s"):
        return (order for order in orders.of_number(number) if order.id > since_id)
    if changed := query.get("startUpdatedAt"):
        return (order for order in orders.changed_since(_moment(changed)) if order.id > since_id)
    return orders.after(since_id)


def _filters(query: Mapping[str, str]) -> Iterable[Filter]:
    for name in ("status", "paymentStatus", "paymentTypeName", "deviceType", "customerEmail"):
        if wanted := query.get(name) or query.get(f"q[{name}]"):
            yield _equals(name, wanted)
    for name, end in (("startCreatedAt", False), ("endCreatedAt", True)):
        if day := query.get(name):
            yield _created_on(day, end)
    for name, late, changed in BOUNDS:
        if text := query.get(name):
            yield _bounded(_moment(text), late, changed)
    if phone := query.get("shippingMobilePhoneNumber"):
        yield (lambda order: order.fields["shippingAddress"].get("mobilePhoneNumber") == phone)


BOUNDS: Final = (("startDate", False, False), ("endDate", True, False), ("endUpdatedAt", True, True))


def _equals(name: str, wanted: str) -> Filter:
    return lambda order: str(order.fields.get(name)) == wanted


def _created_on(day: str, end: bool) -> Filter:
    moment = parse(day, "%Y-%m-%d")
    if moment is None:
        raise QueryRefused("startCreatedAt and endCreatedAt are written yyyy-mm-dd")
    if end:
        return lambda order: order.created_at < moment + timedelta(days=1)
    return lambda order: order.created_at >= moment


def _bounded(moment: datetime, late: bool, changed: bool) -> Filter:
    def keep(order: Order) -> bool:
        at = (order.updated_at if changed else order.created_at).replace(microsecond=0)
        return at <= moment if late else at >= moment

    return keep


def _moment(text: str) -> datetime:
    moment = parse(text, "%Y-%m-%d %H:%M:%S", "%Y-%m-%d")
    if moment is None:
        raise QueryRefused("dates are written yyyy-mm-dd hh:mm:ss")
    return moment


def _ids(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part.strip().isdigit()]


def whole(query: Mapping[str, str], name: str, default: int) -> int:
    """A whole-number parameter. Raises QueryRefused."""
    text = query.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > LONGEST_NUMBER:
        raise QueryRefused(f"{name} must be a whole number")
    return int(text)
