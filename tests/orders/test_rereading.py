"""Answers that a block set aside, read again once it is gone, by a person's wish alone (R6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from messaging.models import IncomingMessage, IncomingState, InteractiveEvent
from orders import blocking, questions, rereading
from orders.confirmation import State
from orders.models import BlockedPhone, Confirmation, Order
from subscribers.models import AuditEntry, Notice
from tests.factories import Cast, IncomingMessageFactory, OrderFactory
from work import drain

PHONE, OTHER = "+905321234567", "+905339999999"
pytestmark = pytest.mark.requirement("R6")


def an_order(people: Cast, *others: str) -> Order:
    store = InteractiveEvent.objects.get().store
    made: Order = OrderFactory.create(subscriber=people.shop, store=store, phone=PHONE, phones=[PHONE, *others])
    questions.consider(made)
    return made


def set_aside(people: Cast, text: str = "onay", *, blocked: str = PHONE) -> tuple[IncomingMessage, BlockedPhone]:
    """An answer of PHONE that came while a phone was blocked."""
    row = blocking.block(people.shop, blocked, by=people.owner)
    now = timezone.now()
    made: IncomingMessage = IncomingMessageFactory.create(
        subscriber=people.shop, sender=PHONE, text=text, state=IncomingState.RECEIVED, due_at=now, work_since=now
    )
    drain.drain("sms.answer")
    return made, row


def time_passes() -> None:
    """Until it can no longer be taken back."""
    IncomingMessage.objects.filter(due_at__isnull=False).update(due_at=timezone.now() - timedelta(seconds=1))
    drain.drain("sms.answer")


def state_of(order: Order) -> str:
    return Confirmation.objects.get(order=order).state


def test_unblocking_alone_reads_nothing(people: Cast) -> None:
    order = an_order(people)
    message, row = set_aside(people)
    blocking.unblock(row, by=people.owner)
    time_passes()
    message.refresh_from_db()

    assert (message.state, state_of(order)) == (IncomingState.UNMATCHED, State.WAITING)
    assert list(rereading.freed(people.shop)) == [message]


@pytest.mark.parametrize(("text", "state"), [("onay", "confirmed"), ("iptal", "declined"), ("adres yanlış", "waiting")])
def test_an_answer_read_again_means_what_it_says(people: Cast, text: str, state: str) -> None:
    order = an_order(people)
    message, row = set_aside(people, text)
    blocking.unblock(row, by=people.owner)
    count = rereading.read_again(people.shop, by=people.member)
    before = state_of(order)
    time_passes()

    assert (count, before, state_of(order)) == (1, State.WAITING, state)
    assert rereading.read_again(people.shop, by=people.member) == 0
    entry = AuditEntry.objects.get(action="answer_read_again")
    assert (entry.about_id, entry.actor) == (message.pk, people.member)


def test_an_answer_about_an_order_with_another_blocked_phone_is_read_again(people: Cast) -> None:
    order = an_order(people, OTHER)
    message, row = set_aside(people, f"onay {order.reference}", blocked=OTHER)
    before = rereading.freed(people.shop).count()
    blocking.unblock(row, by=people.owner)
    count = rereading.read_again(people.shop, by=people.owner)
    asked = Notice.objects.filter(kind="answer_not_understood", ended_at=None).count()
    time_passes()
    message.refresh_from_db()

    assert (before, count, asked) == (0, 1, 0)
    assert (message.state, state_of(order)) == (IncomingState.HANDLED, State.CONFIRMED)


def test_reading_is_taken_back_until_it_begins(people: Cast, settings: Settings) -> None:
    settings.UNDO_SECONDS = 10
    order = an_order(people, OTHER)
    message, row = set_aside(people, f"onay {order.reference}", blocked=OTHER)
    blocking.unblock(row, by=people.owner)
    rereading.read_again(people.shop, by=people.owner)
    drain.drain("sms.answer")
    count = rereading.take_back(people.shop, by=people.owner)
    time_passes()
    message.refresh_from_db()

    assert (count, message.state, message.outcome) == (1, IncomingState.UNMATCHED, "unmatched")
    assert (state_of(order), rereading.pending(people.shop)) == (State.WAITING, None)
    assert Notice.objects.get(kind="answer_not_understood", ended_at=None).about_id == order.pk
    assert list(rereading.freed(people.shop)) == [message]


def test_nothing_is_taken_back_that_was_read(people: Cast) -> None:
    order = an_order(people)
    _, row = set_aside(people)
    blocking.unblock(row, by=people.owner)
    rereading.read_again(people.shop, by=people.owner)
    time_passes()

    assert rereading.take_back(people.shop, by=people.owner) == 0
    assert state_of(order) == State.CONFIRMED


def test_an_answer_whose_phone_is_blocked_anew_meanwhile_is_set_aside_again(people: Cast) -> None:
    order = an_order(people)
    message, row = set_aside(people)
    blocking.unblock(row, by=people.owner)
    rereading.read_again(people.shop, by=people.owner)
    blocking.block(people.shop, PHONE, by=people.owner)
    time_passes()
    message.refresh_from_db()

    assert (message.state, message.reason, state_of(order)) == ("unmatched", "phone_blocked", State.WAITING)
    assert rereading.freed(people.shop).count() == 0


def test_no_answer_of_another_shop_is_read(people: Cast) -> None:
    an_order(people)
    message, row = set_aside(people)
    blocking.unblock(row, by=people.owner)

    assert rereading.read_again(people.other_shop, by=people.other_owner) == 0
    message.refresh_from_db()
    assert message.state == IncomingState.UNMATCHED
