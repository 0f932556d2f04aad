"""Answers that nobody understood: once a person has decided the order they stand on, nothing asks about them."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from messaging.models import IncomingMessage, IncomingState, Settled
from orders.confirmation import State
from orders.matching import Verdict
from orders.models import Order, Step
from subscribers import access

STEP = "answer_not_understood"
BY_HAND = Settled.DECIDED_BY_HAND


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
