"""What the buyer of an order hears of it anyway, by its question and the answer to it: so that no news is an echo.

Approvals are read before replies: whoever settles an approval queues its reply in the same transaction.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from messaging.models import OutgoingMessage, OutgoingState, Purpose, QuestionMode
from orders.confirmation import State
from orders.models import Act, Action, Approval, ApprovalState, Confirmation, HandAct, HandActState, Order, When
from orders.news.rules import Heard

GIVEN_UP = (OutgoingState.REFUSED, OutgoingState.EXPIRED)


def of(order: Order, when: When) -> Heard:
    """What there is to know before that news goes."""
    if when == When.RECEIVED:
        return Heard(is_asked=_is_asked(order), is_being_asked=_is_being_asked(order))
    if when == When.APPROVED:
        return _of_approval(order)
    if when == When.CANCELLED:
        return Heard(is_decline_answered=_is_decline_answered(order))
    return Heard()


def _is_asked(order: Order) -> bool:
    """By the portal, or by the store itself; one that only a person decided was asked by nobody."""
    if _left(order, Purpose.QUESTION).filter(about=order.pk).exists():
        return True
    return not order.not_asked and _opened(order).filter(event__question_mode=QuestionMode.STORE).exists()


def _is_being_asked(order: Order) -> bool:
    """A person has just clicked for it, and may still take that back."""
    return HandAct.objects.filter(
        subscriber_id=order.subscriber_id, order=order, act=Act.ASK, state=HandActState.DUE
    ).exists()


def _of_approval(order: Order) -> Heard:
    """The reply names all the orders of one answer, once the last of them is written: so each waits for all."""
    opened = _opened(order).filter(state__in=[State.CONFIRMED, State.APPROVED]).first()
    if opened is None:
        return Heard()
    answer = opened.answer_id
    together = Q(confirmation=opened) | Q(confirmation__answer=answer) if answer else Q(confirmation=opened)
    writing = Approval.objects.filter(
        together, subscriber_id=order.subscriber_id, action=Action.APPROVE, state=ApprovalState.DUE, replies=True
    )
    is_being_replied = writing.exists()
    is_replied = _left(order, Purpose.REPLY).filter(about__in=[order.pk, *([answer] if answer else [])]).exists()
    return Heard(is_being_replied=is_being_replied, is_replied=is_replied)


def _is_decline_answered(order: Order) -> bool:
    """Only while it is the last word: a person may have approved the order since."""
    if not _opened(order).filter(state=State.DECLINED).exists():
        return False
    return _left(order, Purpose.DECLINED).filter(about=order.pk).exists()


def _opened(order: Order) -> QuerySet[Confirmation]:
    return Confirmation.objects.filter(subscriber_id=order.subscriber_id, order=order)


def _left(order: Order, purpose: Purpose) -> QuerySet[OutgoingMessage]:
    """The SMS of that purpose that went out, or are on their way."""
    sent = OutgoingMessage.objects.filter(subscriber_id=order.subscriber_id, purpose=purpose)
    return sent.exclude(state__in=GIVEN_UP)
