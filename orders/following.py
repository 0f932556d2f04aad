"""Which orders are read again by their ids, where a store has no list of what changed: all that may still move on.

Those with an open question come first and each turn, since their buyers wait. The others, 60 days old at most and
neither delivered, cancelled, refunded nor deleted, come round in turn: so their later news are noticed as well (R9).
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from integrations.ideasoft.models import Store
from integrations.ideasoft.payloads import Status
from orders.confirmation import State
from orders.models import REMEMBERED, Confirmation, Order
from orders.news import rules

ENDED = rules.ENDS | {Status.DELETED}
MOST_ASKED = 500
MOST_OTHERS = 200


def asked(store: Store) -> list[int]:
    """The orders whose question is open, the newest first."""
    opened = Confirmation.objects.filter(
        subscriber_id=store.subscriber_id, order__store=store, state__in=[State.WAITING, State.CONFIRMED]
    )
    return list(opened.order_by("-opened_at").values_list("order__external_id", flat=True)[:MOST_ASKED])


def others(store: Store, *, after: int, at: datetime) -> list[int]:
    """The next ones behind the id `after` that may still move on, by rising ids; from the first again at the end."""
    moving = _moving(store, since=at - REMEMBERED).order_by("external_id")
    ids = moving.values_list("external_id", flat=True)
    found = list(ids.filter(external_id__gt=after)[:MOST_OTHERS])
    return found + list(ids.filter(external_id__lte=after)[: MOST_OTHERS - len(found)])


def _moving(store: Store, *, since: datetime) -> QuerySet[Order]:
    orders = Order.objects.filter(subscriber_id=store.subscriber_id, store=store, created_at__gte=since)
    return orders.exclude(store_status__in=ENDED)
