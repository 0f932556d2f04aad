"""Whoever works on an order holds the order first: nobody who does the same in that instant is turned away (R6)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone

from integrations.ideasoft.payloads import parse_order
from messaging.models import IncomingMessage, IncomingState, InteractiveEvent
from orders import acts, answers, approvals, blocking, changes, expiry, intake, notes, teaching, unread
from orders.models import Approval, ApprovalState, BlockedPhone, Confirmation, Order
from subscribers import reach
from subscribers.models import User
from tests import factories
from tests.factories import Cast
from tests.waiting import is_held_up, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R6")]
PHONE = "+905321234567"
TOLD = {
    "id": 7,
    "transactionId": "100007",
    "status": "cancelled",
    "paymentTypeName": "Kapıda Ödeme",
    "currency": "TL",
    "amount": 1,
    "shippingAddress": {"location": "Ankara", "phoneNumber": "05321234567"},
}


@pytest.fixture
def people() -> Cast:
    made = factories.cast()
    factories.AccountFactory.create(subscriber=made.shop)
    factories.EventFactory.create(subscriber=made.shop)
    return made


@pytest.fixture
def answer(people: Cast) -> IncomingMessage:
    """One that nobody understood, shown on an order that waits and whose time is over."""
    event = InteractiveEvent.objects.get()
    order = intake.take(event.store, parse_order(TOLD), seen_by="poll")
    late = timezone.now() - timedelta(minutes=1)
    waits = factories.ConfirmationFactory.create(order=order, event=event, expires_at=late)
    factories.ApprovalFactory.create(confirmation=waits, state=ApprovalState.FAILED, due_at=None)
    facts = {"subscriber": people.shop, "sender": PHONE, "text": "gonderin", "state": IncomingState.UNMATCHED}
    message = factories.IncomingMessageFactory.create(**facts)
    unread.show(message, order, reason="no_keyword")
    return message


def _write_again(by: User) -> None:
    with suppress(approvals.NotFailed):  # it finds that there is nothing to write, under its locks
        approvals.write_again(Approval.objects.get(), by=by, reason="")


WORK: dict[str, Callable[[IncomingMessage, Order, User], object]] = {
    "an answer": lambda message, _order, _by: answers._lock_orders(message),
    "time running out": lambda _message, _order, _by: expiry.expire(),
    "an answer read by a person": lambda message, order, by: acts.read(message, order, as_act=None, by=by),
    "a word taught": lambda message, _order, by: teaching.teach(
        message, InteractiveEvent.objects.get(), word="gonderin", refuses=False, again=True, by=by
    ),
    "an answer put aside": lambda message, _order, by: unread.put_aside(message, by=by),
    "an order told again": lambda _message, order, _by: intake.take(order.store, parse_order(TOLD), seen_by="poll"),
    "a note": lambda _message, order, by: notes.add(order, "Komşuya bırakın", by=by),
    "a decision written again": lambda _message, _order, by: _write_again(by),
    "a block": lambda _message, order, by: blocking.block(order.subscriber, PHONE, by=by),
}


def _works(act: Callable[[], object]) -> threading.Thread:
    """Does it beside, in a transaction and session of its own."""

    def run() -> None:
        try:
            with reach.across(reach.Purpose.SUPPORT), transaction.atomic():
                act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def _waits(thread: threading.Thread) -> None:
    wait_for(lambda: is_held_up() or not thread.is_alive())


@pytest.mark.parametrize("work", WORK)
def test_holds_nothing_of_an_order_that_another_holds(answer: IncomingMessage, people: Cast, work: str) -> None:
    with transaction.atomic():
        held = Order.objects.select_for_update(of=("self",)).select_related("store", "subscriber").get()
        thread = _works(lambda: WORK[work](answer, held, people.owner))
        _waits(thread)

        for rows in (Confirmation.objects, IncomingMessage.objects, Approval.objects):
            list(rows.select_for_update(of=("self",), nowait=True))
    thread.join(15)
    assert not thread.is_alive()


def test_blocks_a_phone_beside_whoever_wrote_a_step(answer: IncomingMessage, people: Cast) -> None:
    Order.objects.update(store_status="waiting_for_approval")
    order = Order.objects.get()
    with transaction.atomic():
        factories.StepFactory.create(order=order)
        thread = _works(lambda: blocking.block(people.shop, PHONE, by=people.owner))
        _waits(thread)
        changes.mark(order.subscriber_id, [order.pk])
    thread.join(15)

    assert BlockedPhone.objects.filter(phone=PHONE).exists()
