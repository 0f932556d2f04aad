"""Answers that nobody understood: once a person has decided the order they stand on, nothing asks about them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from messaging.models import IncomingMessage, IncomingState, Settled
from orders import blocked, questions, timeline
from orders.confirmation import State
from orders.matching import Reason, Verdict
from orders.models import Order, Step
from subscribers import access, audit

STEP = "answer_not_understood"
BY_HAND = Settled.DECIDED_BY_HAND


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


def decided(order: Order) -> None:
    """A person has decided the order: answers shown on it are done with, unless another waiting order shows them."""
    _shown_on(order).filter(~_shown_on_another(order), state=IncomingState.UNMATCHED).update(
        state=IncomingState.HANDLED, outcome=BY_HAND, handled_at=timezone.now()
    )


def undecided(order: Order) -> None:
    """The decision was taken back: the answers wait for a person again."""
    _shown_on(order).filter(state=IncomingState.HANDLED, outcome=BY_HAND).update(
        state=IncomingState.UNMATCHED, outcome=Verdict.UNMATCHED, handled_at=None
    )


def _shown_on(order: Order) -> QuerySet[IncomingMessage]:
    steps = access.of(Step, order.subscriber).filter(order=order, kind=STEP, incoming__isnull=False)
    return access.of(IncomingMessage, order.subscriber).filter(pk__in=steps.values("incoming"))


def _shown_on_another(order: Order) -> Exists:
    steps = access.of(Step, order.subscriber).filter(kind=STEP, incoming=OuterRef("pk"))
    return Exists(steps.exclude(order=order).filter(order__confirmations__state=State.WAITING))
