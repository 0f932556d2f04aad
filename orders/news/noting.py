"""News begins: in the transaction in which an order is seen at a new status, the news of that status is noted.

Noted is only what the merchant turned on. Whether it goes is decided when it is due (`sending.py`), so that a status
must hold first. Each news is one row an order, whatever repeats; the order's row must be locked.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from integrations.ideasoft.payloads import Status
from orders import timeline
from orders.models import REMEMBERED, News, NewsRule, NewsState, Order, Step, When
from orders.news import rules
from orders.news.rules import Why
from orders.questions import TOLERANCE
from work import wake

QUEUE = "orders.news"
# Each kind of step that tells of a status of the store, and the word of its detail that holds it.
_TOLD_BY = {
    "order_came": "status",
    "store_status": "after",
    "approved_in_store": "status",
    "cancelled_in_store": "status",
    "closed_by_store": "status",
}


def note(order: Order, *, before: str | None, changed_at: datetime) -> None:
    """Notes the news that an order gives at the status it was just seen at, where that news is on.

    `before` is the status until now, None for a new order; `changed_at` when the store changed it. An order of before
    the store's connection gives none when it is first seen, and none is followed for longer than 60 days.
    """
    now = timezone.now()
    if before == order.store_status or order.created_at < now - REMEMBERED:
        return
    if before is None and not _came_since_connection(order):
        return
    when = rules.occasion(before=before, status=order.store_status, on=on(order))
    if when is None or (before is not None and when != When.REFUNDED and _has_ended(order)):
        return
    told_at = order.created_at if before is None and when == When.RECEIVED else changed_at
    _begin(order, when, before=before, is_late=told_at < now - rules.LATEST)


def code_came(order: Order) -> None:
    """The store told a tracking code: a news that waits for it is due now."""
    if order.store_status != Status.FULFILLED:
        return
    waiting = News.objects.filter(
        subscriber_id=order.subscriber_id,
        order=order,
        when=When.SHIPPED,
        state=NewsState.DUE,
        reason=Why.WAITS_FOR_CODE,
    )
    if waiting.update(due_at=timezone.now(), claim=None, claimed_until=None):
        wake.after_commit(QUEUE)


def on(order: Order) -> frozenset[When]:
    """The news that the order's merchant turned on."""
    turned_on = NewsRule.objects.filter(subscriber_id=order.subscriber_id, is_on=True)
    return frozenset(map(When, turned_on.values_list("when", flat=True)))


def drop(order: Order, when: When, why: Why, **detail: Any) -> None:
    """Says in the order's story that a news does not go, and why."""
    timeline.tell(order, "news_dropped", when=when.value, reason=why.value, **detail)


def _begin(order: Order, when: When, *, before: str | None, is_late: bool) -> None:
    """Makes the row, or makes it due anew where it has not gone out and may come again."""
    mine = News.objects.filter(subscriber_id=order.subscriber_id, order=order, when=when)
    known = mine.first()
    if known is None and not rules.may_begin(when, before=before):
        return
    if is_late:
        if known is None:
            _drop_late(order, when)
        return
    now = timezone.now()
    due = {"since": now, "due_at": now + timedelta(seconds=settings.NEWS_SETTLE_SECONDS), "work_since": now}
    if known is None:
        News.objects.create(subscriber_id=order.subscriber_id, order=order, store_id=order.store_id, when=when, **due)
    elif known.state == NewsState.DUE or known.reason == Why.OVERTAKEN:
        anew = {"state": NewsState.DUE, "reason": "", "done_at": None, "attempts": 0, "crashes": 0, "last_failure": ""}
        mine.update(**due, **anew, claim=None, claimed_until=None)
    wake.after_commit(QUEUE)


def _drop_late(order: Order, when: When) -> None:
    News.objects.create(
        subscriber_id=order.subscriber_id,
        order=order,
        store_id=order.store_id,
        when=when,
        state=NewsState.DROPPED,
        reason=Why.TOO_LATE,
        done_at=timezone.now(),
    )
    drop(order, when, Why.TOO_LATE)


def _came_since_connection(order: Order) -> bool:
    connected_at = order.store.connected_at
    return connected_at is not None and order.created_at >= connected_at - TOLERANCE


def _has_ended(order: Order) -> bool:
    """Whether the order was delivered, cancelled or refunded before."""
    steps = Step.objects.filter(subscriber_id=order.subscriber_id, order=order, kind__in=_TOLD_BY)
    told = steps.order_by("at", "id").values_list("at", "kind", "detail")
    story = [(at, str(detail.get(_TOLD_BY[kind], ""))) for at, kind, detail in told]
    return rules.has_ended(story, settle=timedelta(seconds=settings.NEWS_SETTLE_SECONDS))
