"""Reads for the overview: how orders stand, today and by the day, how fast buyers answer, what happened last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from orders import blocked, intake, silence, speed, tallies, timeline
from orders.models import Order
from orders.queries import Tab, tab_of
from orders.story import TimelineStep, steps_of, timeline_step
from orders.tallies import COUNTED, PartTally
from subscribers import access, spans
from subscribers.models import Subscriber
from subscribers.spans import Grain, Span

NEWEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A step of some order's story, and that order."""

    step: TimelineStep
    code: str
    reference: str
    buyer_name: str


def standing(subscriber: Subscriber, *, since: datetime) -> dict[Tab, int]:
    """How the COD orders that came since then stand now, by the tabs of `COUNTED`."""
    orders = access.of(Order, subscriber).filter(created_at__gte=since, is_cod=True)
    orders = orders.annotate(is_silent=silence.is_silent(subscriber))
    told = dict.fromkeys(COUNTED, 0)
    states = orders.values_list("confirmations__state", "is_silent")
    for state, is_silent, count in states.annotate(Count("pk")).order_by():
        tab = tab_of(state, is_silent=is_silent)
        if tab in told:
            told[tab] += count
    return told


def daily(subscriber: Subscriber, *, days: int) -> list[PartTally]:
    """The last so many days, today included, the newest first; none is left out."""
    (parts,) = tallies.by_grain(subscriber, [last_days(days)], Grain.DAY)
    return parts[::-1]


def last_days(days: int) -> Span:
    """The last so many days of the shop's own calendar, today included."""
    today = timezone.localdate()
    return spans.of_days(today - timedelta(days=days - 1), today)


def median_answer(subscriber: Subscriber, *, days: int) -> timedelta | None:
    """Half of the buyers took no longer to answer about the orders of the last so many days; None: nobody answered."""
    (median,) = speed.medians(subscriber, [last_days(days)])
    return median


def newest(subscriber: Subscriber) -> list[Happening]:
    """The last few steps of all orders, the newest first; a change of the store is told once.

    That an order came before the store was connected is no news, nor that a phone was blocked, which stands on each of
    its orders.
    """
    steps = steps_of(subscriber).exclude(kind="order_came", order__seen_by=intake.PAST)
    steps = steps.exclude(kind__in=blocked.STEPS)
    # Of two steps at most one is left out.
    last: QuerySet[Any] = steps.select_related("order").order_by("-at", "-id")[: 2 * NEWEST]
    rows: list[Any] = timeline.told_once(reversed(last))[::-1][:NEWEST]
    return [
        Happening(
            step=timeline_step(row),
            code=row.order.code,
            reference=row.order.reference,
            buyer_name=row.order.buyer_name,
        )
        for row in rows
    ]
