"""Block and unblock beside an answer of the same phone, and what unblocking asks (R5, R6)."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connections, transaction
from django.utils import timezone

from messaging.models import IncomingMessage, IncomingState, InteractiveEvent, OutgoingMessage, OutgoingState
from orders import answers, blocking, questions, timeline, withholding
from orders.confirmation import State
from orders.models import BlockedPhone, Confirmation, Order
from subscribers import reach
from subscribers.models import Notice
from tests.factories import (
    BlockedPhoneFactory,
    Cast,
    IncomingMessageFactory,
    OrderFactory,
)
from tests.waiting import is_held_up, wait_for

PHONE, OTHER = "+905321234567", "+905339999999"
pytestmark = pytest.mark.requirement("R6")


def an_order(people: Cast, **facts: Any) -> Order:
    store = InteractiveEvent.objects.get().store
    made: Order = OrderFactory.create(**{"subscriber": people.shop, "store": store, "phone": PHONE, **facts})
    return made


def withheld(people: Cast, **facts: Any) -> tuple[Order, BlockedPhone]:
    """An order whose question lay in the outbox when its phone was blocked."""
    order = an_order(people, **facts)
    questions.consider(order)
    row = blocking.block(people.shop, PHONE, by=people.owner)
    question = OutgoingMessage.objects.get(about=order.pk)
    assert withholding.judge(question)
    OutgoingMessage.objects.filter(pk=question.pk).update(
        state=OutgoingState.EXPIRED, due_at=None, settled_at=timezone.now(), last_failure="phone_blocked"
    )
    return order, row


def beside_an_answer(
    monkeypatch: pytest.MonkeyPatch, message: IncomingMessage, click: Callable[[], object]
) -> list[OperationalError]:
    """What fails where the phone's answer is handled while the click has told its first story."""
    told_one, done = threading.Event(), threading.Event()
    failed: list[OperationalError] = []
    tell = timeline.tell

    def slow(*given: Any, **facts: Any) -> Any:
        step = tell(*given, **facts)
        if not told_one.is_set():
            told_one.set()
            wait_for(lambda: is_held_up() or done.is_set())
        return step

    def run(act: Callable[[], object]) -> None:
        try:
            with reach.across(reach.Purpose.SUPPORT), transaction.atomic():
                act()
        except OperationalError as problem:
            failed.append(problem)
        finally:
            connections.close_all()

    def answered() -> None:
        told_one.wait(10)
        answers._lock_orders(message)
        done.set()

    monkeypatch.setattr(timeline, "tell", slow)
    threads = [threading.Thread(target=run, args=(act,)) for act in (click, answered)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return failed


@pytest.mark.parametrize("click", ["block", "unblock"])
def test_never_waits_for_an_answer_that_waits_for_it(people: Cast, monkeypatch: pytest.MonkeyPatch, click: str) -> None:
    facts = {"not_asked": "phone_blocked"}
    low, high = sorted([an_order(people, **facts), an_order(people, **facts)], key=lambda order: order.pk)
    Order.objects.filter(pk=low.pk).update(created_at=high.created_at - timedelta(minutes=9))
    message = IncomingMessageFactory.create(
        subscriber=people.shop, sender=PHONE, text="onay", state=IncomingState.RECEIVED
    )
    if click == "unblock":
        row = BlockedPhoneFactory.create(subscriber=people.shop, phone=PHONE)
        failed = beside_an_answer(monkeypatch, message, lambda: blocking.unblock(row, by=people.owner))
    else:
        failed = beside_an_answer(monkeypatch, message, lambda: blocking.block(people.shop, PHONE, by=people.owner))

    assert failed == []
    assert BlockedPhone.objects.exists() is (click == "block")


@pytest.mark.requirement("R5")
def test_asks_what_the_block_had_kept_in_the_outbox(people: Cast) -> None:
    order, row = withheld(people)

    assert blocking.unblock(row, by=people.owner) == 1
    assert OutgoingMessage.objects.filter(about=order.pk, state=OutgoingState.QUEUED).exists()
    assert not Notice.objects.filter(kind="question_not_sent", ended_at=None).exists()
    assert list(order.steps.values_list("kind", flat=True))[-1] == "question_queued"


@pytest.mark.requirement("R5")
@pytest.mark.parametrize("why", ["too old", "expired", "asked anew since", "another phone is blocked"])
def test_asks_nothing_anew_that_is_not_to_be_asked(people: Cast, why: str) -> None:
    order, row = withheld(people, phones=[PHONE, OTHER])
    if why == "too old":
        Order.objects.filter(pk=order.pk).update(created_at=timezone.now() - timedelta(hours=25))
    elif why == "expired":
        Confirmation.objects.filter(order=order).update(state=State.EXPIRED)
    elif why == "asked anew since":
        event = InteractiveEvent.objects.get()
        again = questions.send_question(order, event, round=2, by=people.owner)
        OutgoingMessage.objects.filter(pk=again.pk).update(state=OutgoingState.DELIVERED, due_at=None)
    else:
        blocking.block(people.shop, OTHER, by=people.owner)

    assert blocking.unblock(row, by=people.owner) == 0
    assert not OutgoingMessage.objects.filter(about=order.pk, state=OutgoingState.QUEUED).exists()


@pytest.mark.requirement("R5")
def test_leaves_no_order_saying_that_its_phone_is_blocked(people: Cast) -> None:
    row = BlockedPhoneFactory.create(subscriber=people.shop, phone=PHONE)
    old = timezone.now() - timedelta(days=2)
    OrderFactory.create_batch(
        blocking.MOST_AT_ONCE + 5,
        subscriber=people.shop,
        store=InteractiveEvent.objects.get().store,
        phone=PHONE,
        created_at=old,
        not_asked="phone_blocked",
    )
    young = an_order(people, not_asked="phone_blocked")
    BlockedPhoneFactory.create(subscriber=people.shop, phone=OTHER)
    kept = an_order(people, phones=[PHONE, OTHER], created_at=old, not_asked="phone_blocked")

    assert blocking.unblock(row, by=people.owner) == 1
    reasons = Counter(Order.objects.exclude(pk__in=[young.pk, kept.pk]).values_list("not_asked", flat=True))
    assert reasons == {"too_old": blocking.MOST_AT_ONCE + 5}
    assert Order.objects.get(pk=kept.pk).not_asked == "phone_blocked"
