"""How far the orders from before the connection were read: what `orders/past.py` keeps, as screens show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime

from integrations.ideasoft.models import ErrandKind, StoreErrand
from orders.models import REMEMBERED
from subscribers import access
from subscribers.models import Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the reading has come: so many orders, up to `reached`, which is so many hundredths of the 60 days."""

    read: int
    reached: datetime | None
    percent: int
    is_over: bool


def progress(cursor: Mapping[str, Any], *, is_over: bool) -> Progress:
    """What an errand's cursor says; unfinished work is never called whole."""
    began, reached = (parse_datetime(cursor.get(name) or "") for name in ("began", "reached"))
    percent = 0
    if began and reached:
        percent = int(100 * ((reached - (began - REMEMBERED)) / REMEMBERED))
    return Progress(
        read=cursor.get("read", 0),
        reached=reached,
        percent=100 if is_over else min(max(percent, 0), 99),
        is_over=is_over,
    )


def of_errand(errand: StoreErrand) -> Progress:
    """How far this errand has come; its `done_at` is kept once only, at the end."""
    return progress(errand.cursor, is_over=errand.done_at is not None)


def of_stores(subscriber: Subscriber) -> dict[UUID, Progress]:
    """By its key each store whose past orders are being read, or have been."""
    errands = access.of(StoreErrand, subscriber).filter(kind=ErrandKind.PAST_ORDERS)
    return {errand.store_id: of_errand(errand) for errand in errands}
