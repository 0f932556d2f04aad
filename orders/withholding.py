"""What lies in the outbox for a phone that the shop has blocked does not leave; what a person sent does.

Asked once more before the fence, so that a block counts for what was queued before it, too.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from messaging import outbox
from messaging.models import OutgoingMessage, Purpose
from messaging.outbox import Never, Verdict
from orders import attention, blocked
from orders.models import Confirmation, News, NewsState, Order, When
from orders.news import noting, sending
from orders.news.rules import Why


def doubtful(rows: Sequence[OutgoingMessage]) -> list[OutgoingMessage]:
    """Those of one subscriber's messages that go by themselves to a phone it has blocked."""
    by_itself = [row for row in rows if row.by_id is None]
    found = blocked.among(rows[0].subscriber_id, [row.phone for row in by_itself])
    return [row for row in by_itself if row.phone in found]


def judge(row: OutgoingMessage) -> Verdict:
    """Whether it leaves all the same; where it does not, whoever waits for it is told."""
    is_blocked = blocked.is_any(row.subscriber_id, [row.phone])
    if not blocked.stays(is_blocked=is_blocked, by_person=row.by_id is not None or _is_wished(row)):
        return None
    if row.purpose == Purpose.QUESTION:
        _tell_of_question(row)
    elif row.purpose == Purpose.NEWS:
        _drop_news(row)
    return Never(blocked.REASON)


def _is_wished(row: OutgoingMessage) -> bool:
    """The reply to an approval by hand, which goes only where the person ticked it."""
    by_hand = Confirmation.objects.filter(subscriber_id=row.subscriber_id, order_id=row.about, decided_by__isnull=False)
    return row.purpose == Purpose.REPLY and by_hand.exists()


def _tell_of_question(row: OutgoingMessage) -> None:
    """Its buyer will not answer what never left: the merchant must know it now."""
    order = Order.objects.filter(subscriber_id=row.subscriber_id, pk=row.about).first()
    if order is not None:
        attention.question_not_sent(order, reason=blocked.REASON)


def _drop_news(row: OutgoingMessage) -> None:
    news = sending.news_of(row)
    if news is None:
        return
    order = Order.objects.select_for_update(of=("self",)).get(pk=news.order_id)
    News.objects.filter(pk=news.pk, state=NewsState.QUEUED).update(
        state=NewsState.DROPPED, reason=Why.PHONE_BLOCKED, done_at=timezone.now()
    )
    noting.drop(order, When(news.when), Why.PHONE_BLOCKED)


outbox.heed(*Purpose, doubtful=doubtful, judge=judge)
