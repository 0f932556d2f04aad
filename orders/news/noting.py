"""News begins: in the transaction in which an order is seen at a new status, the news of that status is noted.

Noted is only what the merchant turned on. Whether it goes is decided when it is due (`sending.py`), so that a status
must hold first. Each news is one row an order, whatever repeats; the order's row must be locked.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from integrations.ideasoft.payloads import Status
from orders import timeline
from orders.models import REMEMBERED, News, NewsRule, NewsState, Order, Step, When
from orders.news import rules
from orders.news.rules import Limits, Why
from orders.questions import TOLERANCE
from work import wake

QUEUE = "orders.news"


def note(order: Order, *, before: str | None, changed_at: datetime) -> None:
    """Notes the news that an order gives at the status it was just seen at, where that news is on.

    `before` is the status until now, None for a new order; `changed_at` when the store changed it. An order of before
    the store's connection gives none when it is first seen: that the store changed it since does not say that its
    status did. None is followed for longer than 60 days. What the status leaves behind is due at once, so that the
    story does not go on saying that it waits.
    """
    is_past = before is None and not _came_since_connection(order)
    if before == order.store_status or is_past:
        return
    on = turned_on(order.subscriber_id)
    tells = telling(order, on.values())
    if before is not None:
        _hasten_overtaken(order, telling=tells)
    now = timezone.now()
    if order.created_at < now - REMEMBERED:
        return
    when = rules.occasion(before=before, status=order.store_status, on=on, telling=tells)
    if when is None or (before is not None and when != When.REFUNDED and _has_ended(order)):
        return
    told_at = order.created_at if before is None and when == When.RECEIVED else changed_at
    _begin(order, when, before=before, is_late=told_at < now - rules.LATEST)


def code_came(order: Order, code: str, *, before: str) -> None:
    """The store told a tracking code: a news that waits for it is due now; of one that is gone the story says so.

    `before` is the code until now. Nothing more is sent: each news goes once.
    """
    if order.store_status != Status.FULFILLED or code == before:
        return
    shipped = News.objects.filter(subscriber_id=order.subscriber_id, order=order, when=When.SHIPPED)
    waiting = shipped.filter(state=NewsState.DUE, reason=Why.WAITS_FOR_CODE)
    if waiting.update(due_at=timezone.now(), claim=None, claimed_until=None):
        wake.after_commit(QUEUE)
    elif shipped.filter(state=NewsState.QUEUED).exists():
        timeline.tell(order, "news_before_code", when=When.SHIPPED.value, before=before, after=code)


def turned_on(subscriber_id: uuid.UUID) -> dict[When, NewsRule]:
    """The rules that are on, by their news."""
    return {When(rule.when): rule for rule in NewsRule.objects.filter(subscriber_id=subscriber_id, is_on=True)}


def telling(order: Order, on: Iterable[NewsRule]) -> frozenset[When]:
    """The news, of the rules that are `on`, that tell of this order by their limits."""
    return frozenset(When(rule.when) for rule in on if outside(rule, order) is None)


def outside(rule: NewsRule, order: Order) -> Why | None:
    """Why the rule's limits leave this order out; None where they do not."""
    return rules.outside(
        Limits(only_cod=rule.only_cod, min_amount=rule.min_amount, payment_types=tuple(rule.payment_types)),
        is_cod=order.is_cod,
        amount=order.amount,
        payment_type=order.payment_type_name,
    )


def drop(order: Order, when: When, why: Why, **detail: Any) -> None:
    """Says in the order's story that a news does not go, and why."""
    timeline.tell(order, "news_dropped", when=when.value, reason=why.value, **detail)


def _hasten_overtaken(order: Order, *, telling: frozenset[When]) -> None:
    """What waits and holds no longer is due now: whoever sends it drops it and says so."""
    waiting = News.objects.filter(subscriber_id=order.subscriber_id, order=order, state=NewsState.DUE)
    rows = waiting.values_list("pk", "when")
    gone = [pk for pk, when in rows if not rules.holds(When(when), status=order.store_status, telling=telling)]
    if gone and waiting.filter(pk__in=gone).update(due_at=timezone.now(), claim=None, claimed_until=None):
        wake.after_commit(QUEUE)


def _begin(order: Order, when: When, *, before: str | None, is_late: bool) -> None:
    """Makes the row, or makes it due anew where it has not gone out and may come again."""
    mine = News.objects.filter(subscriber_id=order.subscriber_id, order=order, when=when)
    known = mine.first()
    if not rules.may_begin(when, before=before) and (known is None or not _is_back(order)):
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


def _is_back(order: Order) -> bool:
    """Whether the order was elsewhere for a slip only."""
    return rules.is_back(_story(order), settle=timedelta(seconds=settings.NEWS_SETTLE_SECONDS))


def _has_ended(order: Order) -> bool:
    """Whether the order was delivered, cancelled or refunded before."""
    return rules.has_ended(_story(order), settle=timedelta(seconds=settings.NEWS_SETTLE_SECONDS))


def _story(order: Order) -> list[tuple[datetime, str]]:
    """The order's statuses by the time they were seen, the oldest first."""
    steps = Step.objects.filter(subscriber_id=order.subscriber_id, order=order, kind__in=timeline.STATUS_TOLD_BY)
    return [(step.at, timeline.status_of(step)) for step in steps.order_by("at", "id").only("at", "kind", "detail")]
