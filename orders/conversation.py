"""Reads for a conversation with a buyer: what persons decided about the orders of that phone between its messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from orders import recognition
from orders.confirmation import Happening
from orders.queries import TimelineStep, steps_of, timeline_step
from subscribers.models import Subscriber

BY_HAND = (Happening.PERSON_APPROVES, Happening.PERSON_DECLINES, Happening.PERSON_UNDOES)
MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision by hand, or one taken back, and the order it was about."""

    step: TimelineStep
    code: str
    reference: str


def decisions(subscriber: Subscriber, phone: str, *, since: datetime | None, until: datetime | None) -> list[Decision]:
    """Those about the orders of that phone (E.164), the oldest first; None: from the beginning, until now."""
    rows = steps_of(subscriber).filter(recognition.by_phone([phone], order="order__"), kind__in=BY_HAND)
    rows = rows.filter(at__gte=since) if since else rows
    rows = rows.filter(at__lt=until) if until else rows
    newest = list(rows.select_related("order").order_by("-at", "-id")[:MOST])
    return [
        Decision(step=timeline_step(row), code=row.order.code, reference=row.order.reference)
        for row in reversed(newest)
    ]
