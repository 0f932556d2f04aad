"""How many news went out lately."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from orders.models import News, NewsState, When
from subscribers import access
from subscribers.models import Subscriber


def sent(subscriber: Subscriber, *, since: datetime) -> dict[When, int]:
    """By their kind, those that went out as an SMS since then; what has none is left out."""
    gone = access.of(News, subscriber).filter(state=NewsState.QUEUED, done_at__gte=since)
    counted = gone.order_by().values_list("when").annotate(Count("pk"))
    return {When(when): count for when, count in counted}
