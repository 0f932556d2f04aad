"""Answers that nobody understood: a person may put one aside, and once the order they stand on is decided, by whom
and however it may be, nothing asks about them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from messaging.models import IncomingMessage, IncomingState, Settled
from orders import attention, blocked, changes, questions, timeline
from orders.confirmation import State
from orders.matching import Reason, Verdict
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


def show_on_open(message: IncomingMessage, orders: Iterable[Order], *, reason: str) -> None:
    """An answer that decided nothing stands on each order of its sender that waits for one, for the merchant's look."""
    for order in orders:
        if message.sender in order.phones and _waits_for_answer(order):
            show(message, order, reason=reason)


def show(message: IncomingMessage, order: Order, *, reason: str) -> None:
    """It stands on this order, and asks for a look.

    One of a phone that the shop has blocked asks for none: its order is the shop's to decide anyway.
    """
    timeline.tell(order, STEP, incoming=message, reason=str(reason))
    if reason == Reason.PHONE_BLOCKED:
        return
    audit.end_notice(about=order, kind=STEP)  # the newest word is the one to read
    audit.raise_notice(about=order, kind=STEP, message=str(message.pk), order=order.reference)


def _waits_for_answer(order: Order) -> bool:
    """Whether its buyer was asked and has not answered, or was not asked only since the phone is blocked."""
    opened = list(order.confirmations.all())
    is_left_unasked = order.not_asked == blocked.REASON and order.store_status == questions.WAITING_STATUS
    return any(each.state == State.WAITING for each in opened) if opened else is_left_unasked


def decided(order: Order, *, by_hand: bool) -> None:
    """The order is decided: answers shown on it are done with, unless another waiting order shows them."""
    if not Step.objects.filter(subscriber_id=order.subscriber_id, order=order, kind=STEP).exists():
        return
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
        hold_orders(message)
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
        hold_orders(message)
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


def hold_orders(message: IncomingMessage, *, also: Order | None = None) -> None:
    """Locks the orders that show it before the answer itself, as whoever decides one of them does; `also` one more."""
    steps = Step.objects.filter(subscriber_id=message.subscriber_id, kind=STEP, incoming=message)
    meant = Q(pk__in=steps.values("order")) | Q(pk=also.pk if also else None)
    rows = Order.objects.filter(meant, subscriber_id=message.subscriber_id).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))


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
        changes.mark(order.subscriber_id, [order.pk])


def _shown_on(order: Order) -> QuerySet[IncomingMessage]:
    mine = {"subscriber_id": order.subscriber_id}
    steps = Step.objects.filter(**mine, order=order, kind=STEP, incoming__isnull=False)
    return IncomingMessage.objects.filter(**mine, pk__in=steps.values("incoming"))


def _shown_on_another(order: Order) -> Exists:
    steps = Step.objects.filter(subscriber_id=order.subscriber_id, kind=STEP, incoming=OuterRef("pk"))
    return Exists(steps.exclude(order=order).filter(order__confirmations__state=State.WAITING))
