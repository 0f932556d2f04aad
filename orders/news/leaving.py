"""A news that lies in the outbox is looked at once more before it leaves: it may be night by then, it may be no longer
true, or its merchant may have turned it off, or drawn its limits closer.

A refused or paused account keeps it there for hours. What a person sent anew heeds neither quiet hours nor rules, but
does not leave either once it is no longer true.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from messaging import outbox
from messaging.models import OutgoingMessage, Purpose
from messaging.outbox import NEVER, Verdict
from orders import timeline
from orders.models import News, NewsRule, NewsSettings, NewsState, Order, Step, When
from orders.news import noting, rules, sending
from orders.news.rules import Why


def doubtful(rows: Sequence[OutgoingMessage]) -> list[OutgoingMessage]:
    """Those of one subscriber's messages that may have to stay, found without a lock for the whole batch."""
    subscriber_id = rows[0].subscriber_id
    about = News.objects.filter(subscriber_id=subscriber_id, pk__in=[row.about for row in rows])
    told = {news.pk: news for news in about.select_related("order")}
    on, is_quiet = noting.turned_on(subscriber_id), _quiet_until(subscriber_id) is not None
    known = [(row, told[row.about]) for row in rows if row.about in told]
    return [row for row, news in known if (is_quiet and not row.by_id) or _why_never(row, news, news.order, on=on)]


def judge(row: OutgoingMessage) -> Verdict:
    """Whether it leaves, by what holds while its order is locked; the story says where it does not."""
    news = sending.news_of(row)
    if news is None:
        return None
    order = Order.objects.select_for_update(of=("self",)).get(pk=news.order_id)
    why = _why_never(row, news, order, on=noting.turned_on(row.subscriber_id))
    if why is not None:
        drop(row, news, order, why)
        return NEVER
    until = None if row.by_id else _quiet_until(row.subscriber_id)
    if until is not None:
        _tell_once(news, order, until)
    return until


def _why_never(row: OutgoingMessage, news: News, order: Order, *, on: Mapping[When, NewsRule]) -> Why | None:
    """Why it is not to be sent at all; by a person's wish it is, whatever the rules say by now, while it is true."""
    if row.by_id:
        return None if sending.holds(news, order, on=on) else Why.OVERTAKEN
    return sending.why_not(news, order, on=on)


def drop(row: OutgoingMessage, news: News, order: Order, why: Why) -> None:
    """Says that the SMS does not leave, and why; the order must be locked.

    The news itself did not go either, unless it went before and this was sent anew; overtaken, it may come again."""
    if row.round == 1:
        News.objects.filter(pk=news.pk, state=NewsState.QUEUED).update(
            state=NewsState.DROPPED, reason=why, done_at=timezone.now()
        )
    noting.drop(order, When(news.when), why)


def _tell_once(news: News, order: Order, until: datetime) -> None:
    """However often the account opens and closes that night."""
    detail: dict[str, Any] = {"when": news.when, "reason": Why.QUIET_HOURS.value, "until": until.isoformat()}
    told = Step.objects.filter(subscriber_id=order.subscriber_id, order=order, kind="news_waits", detail=detail)
    if not told.exists():
        timeline.tell(order, "news_waits", **detail)


def _quiet_until(subscriber_id: uuid.UUID) -> datetime | None:
    kept = NewsSettings.objects.filter(subscriber_id=subscriber_id).first() or NewsSettings()
    return rules.quiet_until(timezone.now(), begins=kept.quiet_from, ends=kept.quiet_until)


outbox.heed(Purpose.NEWS, doubtful=doubtful, judge=judge)
