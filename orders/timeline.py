"""The story of an order: every step with its time and cause, written in the transaction of the step itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from messaging.models import IncomingMessage, OutgoingMessage
from orders.models import Order, Step
from subscribers.models import User


def tell(
    order: Order,
    kind: str,
    *,
    outgoing: OutgoingMessage | None = None,
    incoming: IncomingMessage | None = None,
    by: User | None = None,
    at: datetime | None = None,
    **detail: Any,
) -> Step:
    """Writes down a step; `kind` is a word that the screens put into sentences, `at` its time where it is not now."""
    return Step.objects.create(
        subscriber_id=order.subscriber_id,
        order=order,
        at=at or timezone.now(),
        kind=kind,
        outgoing=outgoing,
        incoming=incoming,
        by=by,
        detail=detail,
    )
