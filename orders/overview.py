"""Reads for the overview: how today's orders stand, how fast buyers answer, what happened last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from messaging.models import OutgoingMessage, Purpose
from orders.models import Confirmation, Order
from orders import silence
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


class _Median(Aggregate):
    """PostgreSQL's `percentile_cont(0.5)`; of intervals it is an interval, of no rows NULL."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"


def standing(subscriber: Subscriber, *, since: datetime) -> dict[Tab, int]:
    """How the COD orders that came since then stand now, by the tabs of `COUNTED`."""
    orders = access.of(Order, subscriber).filter(created_at__gte=since, is_cod=True)
    told = dict.fromkeys(COUNTED, 0)
    states = orders.annotate(is_silent=silence.is_silent(subscriber)).values_list("confirmations__state", "is_silent")
    for state, is_silent, count in states.annotate(Count("pk")).order_by():
        tab = tab_of(state, is_silent=is_silent)
        if tab in told:
            told[tab] += count
    return told


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
