"""What lies in the outbox for a phone that the shop has blocked does not leave; what a person sent does.

Asked once more before the fence, so that a block counts for what was queued before it, too. Once the phone is unblocked
the questions that stayed for it are asked after all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone

from integrations.netgsm.models import Account
from messaging import outbox
from messaging.models import OutgoingMessage, OutgoingState, Purpose
from messaging.outbox import Never, Verdict
from orders import attention, blocked, questions, terms
from orders.confirmation import State
from orders.models import Confirmation, Order
from orders.news import leaving, sending
from orders.news.rules import Why
from subscribers.models import Subscriber


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


def ask_anew(subscriber: Subscriber, orders: Iterable[Order]) -> int:
    """Queues again the questions that a block kept from leaving, where their orders are young enough; tells how many.

    The orders must be locked and have no blocked phone.
    """
    by_key = {order.pk: order for order in orders}
    about = OutgoingMessage.objects.filter(subscriber=subscriber, about__in=by_key, purpose=Purpose.QUESTION)
    last = about.order_by("about", "-round").distinct("about")
    kept = [row for row in last if row.state == OutgoingState.EXPIRED and row.last_failure == blocked.REASON]
    opened = Confirmation.objects.filter(subscriber=subscriber, order__in=[row.about for row in kept])
    waiting = {row.order_id: row for row in opened.filter(state=State.WAITING).select_related("event")}
    asked = [_ask_anew(by_key[row.about], waiting[row.about], row) for row in kept if row.about in waiting]
    return sum(asked)


def _ask_anew(order: Order, opened: Confirmation, kept: OutgoingMessage) -> bool:
    attention.question_queued(order)  # whatever keeps it now, it is not the block
    event = questions.event_of(order.store)
    if event is None or questions.why_not(order, order.store, event, at=timezone.now()):
        attention.question_not_sent(order, reason=kept.state)
        return False
    try:
        questions.send_anew(order, opened.event or event, kept)
    except Account.DoesNotExist:
        attention.question_not_sent(order, reason=kept.state)
        return False
    except outbox.TextTooLong as problem:
        attention.question_not_sent(order, reason=questions.TOO_LONG, units=problem.units, most=problem.most)
        return False
    Confirmation.objects.filter(pk=opened.pk).update(expires_at=terms.ends_at(order.subscriber))
    return True


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
    if news is not None:
        order = Order.objects.select_for_update(of=("self",)).get(pk=news.order_id)
        leaving.drop(row, news, order, Why.PHONE_BLOCKED)


outbox.heed(*Purpose, doubtful=doubtful, judge=judge)
