"""What the buyer of an order hears of it anyway, by its question and the answer to it: so that no news is an echo.

Approvals are read before replies: whoever settles an approval queues its reply in the same transaction.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from messaging.models import OutgoingMessage, OutgoingState, Purpose, QuestionMode
from orders.models import Act, Action, Approval, ApprovalState, Confirmation, HandAct, HandActState, Order, When
from orders.news.rules import Heard

NEVER_LEFT = (OutgoingState.REFUSED, OutgoingState.EXPIRED)


def of(order: Order, when: When) -> Heard:
    """What there is to know before that news goes."""
    if when == When.RECEIVED:
        return Heard(is_asked=_is_asked(order), is_being_asked=_is_being_asked(order))
    if when == When.APPROVED:
        return _of_approval(order)
    if when == When.CANCELLED:
        return Heard(is_decline_answered=_left(order, Purpose.DECLINED).filter(about=order.pk).exists())
    return Heard()


def _is_asked(order: Order) -> bool:
    """By the portal, or by the store itself; one that only a person decided was asked by nobody."""
    if _left(order, Purpose.QUESTION).filter(about=order.pk).exists():
        return True
    by_store = Confirmation.objects.filter(event__question_mode=QuestionMode.STORE)
    return not order.not_asked and by_store.filter(subscriber_id=order.subscriber_id, order=order).exists()


def _is_being_asked(order: Order) -> bool:
    """A person has just clicked for it, and may still take that back."""
    return HandAct.objects.filter(
        subscriber_id=order.subscriber_id, order=order, act=Act.ASK, state=HandActState.DUE
    ).exists()


def _of_approval(order: Order) -> Heard:
    """The reply names all the orders of one answer, once the last of them is written: so each waits for all."""
    opened = Confirmation.objects.filter(subscriber_id=order.subscriber_id, order=order).first()
    if opened is None:
        return Heard()
    together = Q(confirmation=opened) | (Q(confirmation__answer=opened.answer_id) if opened.answer_id else Q())
    writing = Approval.objects.filter(
        together, subscriber_id=order.subscriber_id, action=Action.APPROVE, state=ApprovalState.DUE, replies=True
    )
    is_being_replied = writing.exists()
    about = [order.pk, *([opened.answer_id] if opened.answer_id else [])]
    return Heard(
        is_being_replied=is_being_replied, is_replied=_left(order, Purpose.REPLY).filter(about__in=about).exists()
    )


def _left(order: Order, purpose: Purpose) -> QuerySet[OutgoingMessage]:
    """The SMS of that purpose that went out, or are on their way."""
    sent = OutgoingMessage.objects.filter(subscriber_id=order.subscriber_id, purpose=purpose)
    return sent.exclude(state__in=NEVER_LEFT)
