"""An answer of a phone that is not blocked, beside orders that have a blocked one (R6)."""

from __future__ import annotations

from itertools import product

import pytest
from django.utils import timezone

from messaging.models import IncomingMessage, IncomingState, InteractiveEvent, OutgoingMessage, Purpose
from orders import blocked, blocking, questions
from orders.confirmation import State
from orders.matching import Decision, Outcome, Reason, Verdict
from orders.models import Confirmation, Order, Step
from subscribers.models import Notice
from tests.factories import (
    Cast,
    IncomingMessageFactory,
    OrderFactory,
)
from work import drain

PHONE, OTHER = "+905321234567", "+905339999999"
pytestmark = pytest.mark.requirement("R6")


def an_order(people: Cast, *others: str) -> Order:
    store = InteractiveEvent.objects.get().store
    made: Order = OrderFactory.create(subscriber=people.shop, store=store, phone=PHONE, phones=[PHONE, *others])
    questions.consider(made)
    return made


def answer(people: Cast, text: str) -> IncomingMessage:
    now = timezone.now()
    made: IncomingMessage = IncomingMessageFactory.create(
        subscriber=people.shop, sender=PHONE, text=text, state=IncomingState.RECEIVED, due_at=now, work_since=now
    )
    drain.drain("sms.answer")
    made.refresh_from_db()
    return made


def states(*orders: Order) -> list[str]:
    return [Confirmation.objects.filter(order=each).values_list("state", flat=True).first() or "" for each in orders]


def told(order: Order) -> list[str]:
    kept = Step.objects.filter(order=order, kind="answer_not_understood")
    return [step.detail["reason"] for step in kept]


def test_an_answer_about_two_orders_counts_for_the_one_without_a_blocked_phone(people: Cast) -> None:
    free, held = an_order(people), an_order(people, OTHER)
    blocking.block(people.shop, OTHER, by=people.owner)
    kept = answer(people, f"onay {free.reference} {held.reference}")

    assert (kept.state, states(free, held)) == (IncomingState.HANDLED, [State.CONFIRMED, State.WAITING])
    assert (told(free), told(held)) == ([], ["order_blocked"])
    assert Notice.objects.get(kind="answer_not_understood", ended_at=None).about_id == held.pk


def test_a_plain_answer_means_the_order_that_was_asked_not_the_blocked_one(people: Cast) -> None:
    blocking.block(people.shop, OTHER, by=people.owner)
    free, held = an_order(people), an_order(people, OTHER)
    answer(people, "onay")

    assert (states(free, held), told(held)) == ([State.CONFIRMED, ""], [])


def test_a_plain_answer_confirms_nothing_where_the_blocked_order_was_asked_too(people: Cast) -> None:
    free, held = an_order(people), an_order(people, OTHER)
    blocking.block(people.shop, OTHER, by=people.owner)
    kept = answer(people, "onay")

    assert (kept.state, kept.reason) == (IncomingState.UNMATCHED, "several_open")
    assert states(free, held) == [State.WAITING, State.WAITING]
    assert free.pk in Notice.objects.filter(kind="answer_not_understood", ended_at=None).values_list(
        "about_id", flat=True
    )


def test_the_question_which_one_names_no_order_with_a_blocked_phone(people: Cast) -> None:
    blocking.block(people.shop, OTHER, by=people.owner)
    orders = [an_order(people), an_order(people), an_order(people, OTHER)]
    kept = answer(people, "onay")
    text = OutgoingMessage.objects.exclude(purpose=Purpose.QUESTION).get().text

    assert (kept.outcome, [each.reference in text for each in orders]) == (Verdict.ASK_WHICH, [True, True, False])


def test_an_answer_that_means_the_blocked_order_alone_is_kept_and_told_on_that_order(people: Cast) -> None:
    free, held = an_order(people), an_order(people, OTHER)
    blocking.block(people.shop, OTHER, by=people.owner)
    kept = answer(people, f"onay {held.reference}")

    assert (kept.state, kept.reason) == (IncomingState.UNMATCHED, "order_blocked")
    assert (states(free, held), told(free), told(held)) == ([State.WAITING, State.WAITING], [], ["order_blocked"])


@pytest.mark.parametrize(
    ("verdict", "reason"),
    list(product([Verdict.CONFIRM, Verdict.DECLINE, Verdict.OTHER_PHONE], [Reason.BY_REFERENCE, Reason.ONLY_OPEN])),
)
@pytest.mark.parametrize("rest", list(Verdict))
def test_no_answer_decides_an_order_with_a_blocked_phone(verdict: Verdict, reason: Reason, rest: Verdict) -> None:
    whole = Outcome(
        verdict=verdict, reason=reason, decisions=(Decision(confirmation_id="held", verdict=verdict, reason=reason),)
    )
    without = Outcome(verdict=rest, reason=Reason.ONLY_OPEN)
    spared = blocked.spare(whole, held=frozenset({"held"}), asked=frozenset(), without=lambda: without)

    assert all(each.verdict == Verdict.UNMATCHED for each in spared.decisions if each.confirmation_id == "held")


def test_a_number_near_a_free_and_a_blocked_order_confirms_neither() -> None:
    near = {"verdict": Verdict.ASK_WHICH, "reason": Reason.SEVERAL_NEAR}
    whole = Outcome(**near, decisions=tuple(Decision(confirmation_id=each, **near) for each in ("free", "held")))
    yes = {"verdict": Verdict.CONFIRM, "reason": Reason.NEAR_REFERENCE}
    without = Outcome(**yes, decisions=(Decision(confirmation_id="free", **yes),))
    spared = blocked.spare(whole, held=frozenset({"held"}), asked=frozenset(), without=lambda: without)

    assert (spared.verdict, spared.reason, spared.decisions) == (Verdict.UNMATCHED, Reason.SEVERAL_NEAR, ())
