"""Reads for a conversation with a buyer: whose phone it is, and what persons decided about its orders meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Subquery

from orders import recognition
from orders.blocking import Blocked
from orders.confirmation import Happening
from orders.models import BlockedPhone, Order
from orders.story import TimelineStep, steps_of, timeline_step
from subscribers import access
from subscribers.models import Subscriber

BY_HAND = (Happening.PERSON_APPROVES, Happening.PERSON_DECLINES, Happening.PERSON_UNDOES)
MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision by hand, or one taken back, and the order it was about."""

    step: TimelineStep
    code: str
    reference: str


def known(subscriber: Subscriber, phone: str) -> tuple[str, Blocked | None]:
    """The name on that phone's newest order, and its block, None where it is not blocked: in one statement."""
    named = access.of(Order, subscriber).filter(recognition.by_phone([phone])).exclude(buyer_name="")
    rows = access.of(BlockedPhone, subscriber).filter(phone=phone)
    found = Subscriber.objects.filter(pk=subscriber.pk).values_list(
        Subquery(named.order_by("-created_at").values("buyer_name")[:1]),
        *(
            Subquery(rows.values(name))
            for name in ("pk", "note", "blocked_at", "blocked_by__name", "blocked_by__email")
        ),
    )
    buyer, key, note, at, name, email = found.get()
    buyer = buyer or ""
    if key is None:
        return buyer, None
    return buyer, Blocked(key=key, phone=phone, note=note, by=name or email or "", at=at, orders=0, buyer=buyer)


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
