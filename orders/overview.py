"""Reads for the overview: how orders stand, today and by the day, how fast buyers answer, what happened last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from messaging.models import OutgoingMessage, Purpose
from orders import savings, silence
from orders.models import Confirmation, Order
from orders.queries import Tab, TimelineStep, steps_of, tab_of, timeline_step
from subscribers import access
from subscribers.models import Subscriber

COUNTED = (Tab.WAITING, Tab.CONFIRMED, Tab.DECLINED, Tab.SILENT)
NEWEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A step of some order's story, and that order."""

    step: TimelineStep
    code: str
    reference: str
    buyer_name: str


@dataclass(slots=True, kw_only=True)
class Day:
    """How the COD orders that came on a day (of the shop's own calendar) stand now, by the tabs of `COUNTED`.

    `spared` of that day's parcels never left (`orders/savings.py`).
    """

    on: date
    standing: dict[Tab, int]
    spared: int = 0


class _Median(Aggregate):
    """PostgreSQL's `percentile_cont(0.5)`; of intervals it is an interval, of no rows NULL."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def standing(subscriber: Subscriber, *, since: datetime) -> dict[Tab, int]:
    """How the COD orders that came since then stand now, by the tabs of `COUNTED`."""
    orders = _since(subscriber, since)
    told = dict.fromkeys(COUNTED, 0)
    states = orders.values_list("confirmations__state", "is_silent")
    for state, is_silent, count in states.annotate(Count("pk")).order_by():
        tab = tab_of(state, is_silent=is_silent)
        if tab in told:
            told[tab] += count
    return told


def daily(subscriber: Subscriber, *, days: int) -> list[Day]:
    """The last so many days, today included, the newest first; none is left out."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    dates = [(today - timedelta(days=back)).date() for back in range(days)]
    told = {on: Day(on=on, standing=dict.fromkeys(COUNTED, 0)) for on in dates}
    orders = _since(subscriber, today - timedelta(days=days - 1))
    orders = orders.annotate(on=TruncDate("created_at"), is_spared=savings.is_spared(subscriber))
    states = orders.values_list("on", "confirmations__state", "is_silent", "is_spared")
    for on, state, is_silent, is_spared, count in states.annotate(Count("pk")).order_by():
        day, tab = told.get(on), tab_of(state, is_silent=is_silent)
        if day is None:  # by the store's clock it came tomorrow
            continue
        day.spared += count if is_spared else 0
        if tab in day.standing:
            day.standing[tab] += count
    return list(told.values())


def _since(subscriber: Subscriber, at: datetime) -> QuerySet[Any]:
    orders = access.of(Order, subscriber).filter(created_at__gte=at, is_cod=True)
    return orders.annotate(is_silent=silence.is_silent(subscriber))


def median_answer(subscriber: Subscriber, *, since: datetime) -> timedelta | None:
    """Half of the buyers who answered a question asked since then took no longer; None where nobody answered.

    Counted from when the last question before the answer left; where the store asks, from when we saw the order.
    """
    questions = OutgoingMessage.objects.filter(
        subscriber=subscriber,
        about=OuterRef("order_id"),
        purpose=Purpose.QUESTION,
        sent_at__lte=OuterRef("answer__received_at"),
    )
    answered = access.of(Confirmation, subscriber).filter(opened_at__gte=since, answer__isnull=False)
    asked_at = Coalesce(Subquery(questions.order_by("-sent_at").values("sent_at")[:1]), "opened_at")
    took = F("answer__received_at") - asked_at
    median: timedelta | None = answered.aggregate(took=_Median(took, output_field=DurationField()))["took"]
    return median


def newest(subscriber: Subscriber) -> list[Happening]:
    """The last few steps of all orders, the newest first."""
    rows: QuerySet[Any] = steps_of(subscriber).select_related("order").order_by("-at", "-id")[:NEWEST]
    return [
        Happening(
            step=timeline_step(row),
            code=row.order.code,
            reference=row.order.reference,
            buyer_name=row.order.buyer_name,
        )
        for row in rows
    ]
