"""When last anything moved of what an order shows.

Two rows tell it between them. Nearly every movement is a step of the story, which carries its own time: an answer, a
decision, a question. What moves without one is marked on the order (`Order.changed_at`): what was edited in the store,
a note, an act that waits, a notice, a block. So no step writes to its order besides, and many an answer at once writes
no more than its steps. What the clock alone moves, that a buyer counts as silent by now, is no change.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from orders.models import Order, Step
from subscribers import access
from subscribers.models import Subscriber


def mark(subscriber: UUID, orders: Iterable[UUID]) -> None:
    """These orders show something else from now on, and no step says so; of several the caller holds the locks."""
    Order.objects.filter(subscriber_id=subscriber, pk__in=list(orders)).update(changed_at=timezone.now())


def since(subscriber: Subscriber, at: datetime) -> Q:
    """The orders of the subscriber that moved at that time or later: by two indexes, however many there are."""
    told = access.of(Step, subscriber).filter(at__gte=at).values("order_id")
    marked = access.of(Order, subscriber).filter(changed_at__gte=at).values("pk")
    return Q(pk__in=told.union(marked))


def last(order: Order, told_at: datetime | None) -> datetime:
    """When the order moved last; `told_at` is the time of its newest step, where it has any."""
    return max(filter(None, (order.changed_at, told_at)), default=order.seen_at)
