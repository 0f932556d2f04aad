"""Which orders a list shows, and in what order: what a person typed and chose, as a filter of rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast

from messaging import search
from orders import changes, recognition
from orders.matching import reference_key
from subscribers.models import Subscriber


class Sort(StrEnum):
    """What a list is ordered by."""

    CAME = "came"
    REFERENCE = "reference"
    BUYER = "buyer"
    AMOUNT = "amount"
    STATE = "state"


_COLUMN: dict[Sort, str] = {
    Sort.CAME: "created_at",
    Sort.REFERENCE: "reference",
    Sort.BUYER: "buyer_name",
    Sort.AMOUNT: "amount",
    Sort.STATE: "state_at",
}
# Of the others PostgreSQL need not be told where a missing value stands: told so, it uses no index to sort by.
_MAY_LACK = {Sort.AMOUNT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrow:
    """What was looked for. `since` and `until` bound the store's time of the order, `until` itself left out.

    `reference` is a reference or the store's id as a person spells it, `changed_since` bounds the time of the last
    movement (`orders/changes.py`). `store` is a store's public code, `is_cod` whether it is paid at the door, `phones`
    whose orders; None or empty where all are meant.
    """

    typed: str = ""
    since: datetime | None = None
    until: datetime | None = None
    store: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    is_cod: bool | None = None
    phones: frozenset[str] | None = None
    reference: str = ""
    changed_since: datetime | None = None


def narrowed(subscriber: Subscriber, rows: QuerySet[Any], by: Narrow) -> QuerySet[Any]:
    """The orders among `rows`, all of that subscriber, that were looked for."""
    bounds = {
        "created_at__gte": by.since,
        "created_at__lt": by.until,
        "store__code": by.store or None,
        "amount__gte": by.least,
        "amount__lte": by.most,
        "is_cod": by.is_cod,
    }
    rows = rows.filter(**{name: bound for name, bound in bounds.items() if bound is not None})
    if by.phones is not None:
        rows = rows.filter(recognition.by_phone(by.phones))
    if by.reference:
        key = reference_key(by.reference)
        rows = rows.filter(recognition.by_reference([key]) if key else Q(reference=by.reference))
    if by.changed_since is not None:
        rows = rows.filter(changes.since(subscriber, by.changed_since))
    return _found(rows, by.typed)


def sorted_by(rows: QuerySet[Any], sort: Sort, *, descending: bool) -> QuerySet[Any]:
    """In that order, and the same at every look: what is alike stands newest first. Where nothing is known, last."""
    column, last = F(_COLUMN[sort]), True if sort in _MAY_LACK else None
    first = column.desc(nulls_last=last) if descending else column.asc(nulls_last=last)
    return rows.order_by(first, "-created_at", "-seen_at", "pk")


def _found(rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
    if not typed.strip():
        return rows
    pattern = search.pattern(typed)
    wanted = Q(buyer_name__regex=pattern) | Q(reference__regex=pattern.removeprefix("\\#"))
    if digits := search.phone_digits(typed):
        wanted |= Q(every_phone__contains=digits)
        rows = rows.alias(every_phone=Cast("phones", TextField()))
    return rows.filter(wanted)
