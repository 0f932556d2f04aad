"""Silence: a buyer was asked a merchant's number of hours ago, and has not answered. Read, never stored."""

from __future__ import annotations

from datetime import datetime

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import Coalesce

from messaging.models import OutgoingMessage, OutgoingState, Purpose
from orders import terms
from orders.confirmation import State
from subscribers.models import Subscriber

UNDER_WAY = (OutgoingState.QUEUED, OutgoingState.SENDING)


def is_silent(subscriber: Subscriber, *, since: datetime | None = None) -> ExpressionWrapper[Coalesce]:
    """Of an order of that subscriber: whether its buyer is silent by now.

    The hours count from the last question; where the store asks, from when we saw the order. Only questions written
    `since` then are looked at, where that is given.
    """
    before = terms.silent_before(subscriber)
    asked_since = OutgoingMessage.objects.filter(
        Q(sent_at__gt=before) | Q(sent_at=None, state__in=UNDER_WAY),
        subscriber=subscriber,
        about=OuterRef("pk"),
        purpose=Purpose.QUESTION,
        **({"created_at__gte": since} if since else {}),
    )
    waits_long = Q(confirmations__state=State.WAITING, confirmations__opened_at__lte=before)
    return ExpressionWrapper(Coalesce(waits_long & ~Exists(asked_since), False), output_field=BooleanField())
