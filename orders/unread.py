"""Answers that nobody understood: a person may put one aside, and once the order they stand on is decided, by whom
and however it may be, nothing asks about them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from messaging.models import IncomingMessage, IncomingState, Settled
from orders import attention, blocked
from orders.confirmation import State
from orders.matching import Verdict
from orders.models import Order, Step
from subscribers import access, audit
from subscribers.models import AuditEntry, Subscriber, User

STEP = "answer_not_understood"
PUT_ASIDE, PUT_BACK = "answer_put_aside", "answer_put_back"
_BY_DECISION = (Settled.DECIDED_BY_HAND, Settled.DECIDED_SINCE)


@dataclass(frozen=True, slots=True)
class PutAside:
    """Who put an answer aside, and when."""

    by: str
    at: datetime


def decided(order: Order, *, by_hand: bool) -> None:
    """The order is decided: answers shown on it are done with, unless another waiting order shows them."""
    _shown_on(order).filter(~_shown_on_another(order), state=IncomingState.UNMATCHED).update(
        state=IncomingState.HANDLED,
        outcome=Settled.DECIDED_BY_HAND if by_hand else Settled.DECIDED_SINCE,
        handled_at=timezone.now(),
    )


def undecided(order: Order) -> None:
    """The decision was taken back: the answers wait for a person again."""
    _shown_on(order).filter(state=IncomingState.HANDLED, outcome__in=_BY_DECISION).update(
        state=IncomingState.UNMATCHED, outcome=Verdict.UNMATCHED, handled_at=None
    )


def put_aside(message: IncomingMessage, *, by: User) -> bool:
    """A person has read the answer and wants nothing done about it; false where it is handled already."""
    rows = IncomingMessage.objects.filter(subscriber_id=message.subscriber_id, pk=message.pk)
    with transaction.atomic():
        done = rows.filter(state=IncomingState.UNMATCHED).update(
            state=IncomingState.HANDLED, outcome=Settled.PUT_ASIDE, handled_at=timezone.now()
        )
        if done:
            audit.record(about=message, action=PUT_ASIDE, by=by)
            attention.answer_read(message)
    return bool(done)


def put_back(message: IncomingMessage, *, by: User) -> bool:
    """The answer waits for a person again, and so do the orders that show it; false where it was not put aside."""
    rows = IncomingMessage.objects.filter(subscriber_id=message.subscriber_id, pk=message.pk)
    with transaction.atomic():
        done = rows.filter(state=IncomingState.HANDLED, outcome=Settled.PUT_ASIDE).update(
            state=IncomingState.UNMATCHED, outcome=Verdict.UNMATCHED, handled_at=None
        )
        if done:
            audit.record(about=message, action=PUT_BACK, by=by)
            _ask_again(message)
    return bool(done)


def who_put_aside(subscriber: Subscriber, messages: Collection[UUID]) -> dict[UUID, PutAside]:
    """By whom these answers were put aside last, by the answer's key."""
    if not messages:
        return {}
    entries = access.of(AuditEntry, subscriber).filter(about_id__in=messages, action=PUT_ASIDE).order_by("at")
    told = entries.values_list("about_id", "at", "actor__name", "actor__email")
    return {key: PutAside(by=name or email or "", at=at) for key, at, name, email in told}


def _ask_again(message: IncomingMessage) -> None:
    if message.reason == blocked.REASON:
        return
    shown = Order.objects.filter(
        subscriber_id=message.subscriber_id,
        steps__kind=STEP,
        steps__incoming=message,
        confirmations__state=State.WAITING,
    )
    for order in shown.distinct():
        audit.raise_notice(about=order, kind=STEP, message=str(message.pk), order=order.reference)


def _shown_on(order: Order) -> QuerySet[IncomingMessage]:
    mine = {"subscriber_id": order.subscriber_id}
    steps = Step.objects.filter(**mine, order=order, kind=STEP, incoming__isnull=False)
    return IncomingMessage.objects.filter(**mine, pk__in=steps.values("incoming"))


def _shown_on_another(order: Order) -> Exists:
    steps = Step.objects.filter(subscriber_id=order.subscriber_id, kind=STEP, incoming=OuterRef("pk"))
    return Exists(steps.exclude(order=order).filter(order__confirmations__state=State.WAITING))
