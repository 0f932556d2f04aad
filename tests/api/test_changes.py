"""What has changed since the last look: every movement that an order shows moves its `updated_at`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.ideasoft.models import Store
from integrations.ideasoft.payloads import parse_order
from orders import approvals, attention, blocking, expiry, intake, notes, questions, unread
from orders.confirmation import Happening
from orders.models import Confirmation, HandAct, Order
from subscribers.models import User
from tests.api.conftest import Program
from tests.factories import Cast, ConfirmationFactory, IncomingMessageFactory, OrderFactory, StoreFactory

pytestmark = pytest.mark.django_db
TOLD = {
    "id": 7,
    "transactionId": "100007",
    "customerFirstname": "Fatma",
    "status": "waiting_for_approval",
    "paymentTypeName": "Havale",
    "currency": "TL",
    "amount": 1234.567,
    "shippingAddress": {"location": "İzmir", "phoneNumber": "05321234567"},
}


@pytest.fixture
def order(cast: Cast) -> Order:
    """One that the store told of an hour ago, and that nobody has touched since."""
    store: Store = StoreFactory.create(subscriber=cast.shop)
    order = intake.take(store, parse_order(TOLD), seen_by="poll")
    past = timezone.now() - timedelta(hours=1)
    order.steps.update(at=past)
    Order.objects.update(changed_at=past, seen_at=past)
    ConfirmationFactory.create(order=order, opened_at=past, decided_by=cast.owner)
    return order


def _changed(api: Program) -> list[dict[str, Any]]:
    """What a program gets that looked a minute ago."""
    since = timezone.now() - timedelta(minutes=1)
    found: list[dict[str, Any]] = api.get("/orders", updated_since=since.isoformat()).json()["items"]
    assert all(each["updated_at"] >= since.isoformat(timespec="milliseconds")[:23] for each in found)
    return found


def _taken(order: Order, **told: Any) -> None:
    intake.take(order.store, parse_order({**TOLD, **told}), seen_by="poll")


def _note_taken_back(order: Order, by: User) -> None:
    note = notes.add(order, "Kapıyı iki kez çalın.", by=by)
    Order.objects.update(changed_at=timezone.now() - timedelta(hours=1))
    notes.take_back(note, by=by)


def _note_given_up(order: Order, by: User) -> None:
    note = notes.add(order, "Kapıyı iki kez çalın.", by=by)
    Order.objects.update(changed_at=timezone.now() - timedelta(hours=1))
    notes.NOTES.give_up(note, "broke")


def _answer_put_aside(order: Order, by: User) -> None:
    message = IncomingMessageFactory.create(subscriber=order.subscriber, state="unmatched")
    unread.show(message, order, reason="not_understood")
    order.steps.update(at=timezone.now() - timedelta(hours=1))
    assert unread.put_aside(message, by=by)


def _time_ran_out(_order: Order, _by: User) -> None:
    Confirmation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    expiry.expire()


def _asked_after_all(order: Order, _by: User) -> None:
    Confirmation.objects.all().delete()
    Order.objects.update(not_asked="no_mobile")
    questions.consider(Order.objects.get())


MOVED: dict[str, Callable[[Order, User], object]] = {
    "its goods edited in the store": lambda order, _by: _taken(order, orderItems=[{"productName": "Çay"}]),
    "its city edited in the store": lambda order, _by: _taken(order, shippingAddress={"location": "Bursa"}),
    "its status in the store": lambda order, _by: _taken(order, status="cancelled"),
    "deleted in the store": lambda order, _by: intake.lose(order.store, order.external_id),
    "why it is not asked": _asked_after_all,
    "a note": lambda order, by: notes.add(order, "Kapıyı iki kez çalın.", by=by),
    "a note taken back": _note_taken_back,
    "a note given up": _note_given_up,
    "a notice": lambda order, _by: attention.question_not_sent(order, reason="refused"),
    "an answer put aside": _answer_put_aside,
    "its phone blocked": lambda order, by: blocking.block(order.subscriber, "+905321234567", by=by),
    "more time to answer": lambda order, _by: expiry.put_off(order.subscriber, by=timedelta(days=1)),
    "time ran out": _time_ran_out,
}


@pytest.mark.parametrize("moved", MOVED.values(), ids=MOVED)
def test_gives_an_order_that_moved(
    moved: Callable[[Order, User], object], api: Program, order: Order, cast: Cast
) -> None:
    assert _changed(api) == []
    moved(order, cast.owner)

    assert [each["code"] for each in _changed(api)] == [order.code]


def test_gives_an_order_with_an_act_under_way(api: Program, cast: Cast) -> None:
    past = timezone.now() - timedelta(hours=1)
    order = OrderFactory.create(subscriber=cast.shop, created_at=past)
    ConfirmationFactory.create(order=order)
    assert _changed(api) == []
    api.post(f"/orders/{order.code}/acts", {"act": "approve"})

    assert HandAct.objects.get().state == "due"
    assert [each["code"] for each in _changed(api)] == [order.code]


def test_gives_no_order_that_the_store_only_told_again(api: Program, order: Order) -> None:
    _taken(order)

    assert _changed(api) == []


def test_says_of_an_order_from_before_its_changes_were_kept_what_is_known(api: Program, order: Order) -> None:
    at = timezone.now() - timedelta(days=3)
    Order.objects.update(changed_at=None)
    order.steps.update(at=at)

    assert api.get(f"/orders/{order.code}").json()["updated_at"] == f"{at.isoformat(timespec='milliseconds')[:23]}Z"
    order.steps.all().delete()
    assert api.get(f"/orders/{order.code}").json()["updated_at"] is not None


def test_writes_nothing_to_an_order_whose_buyer_decides(order: Order) -> None:
    opened = Confirmation.objects.select_related("order").get()
    answer = IncomingMessageFactory.create(subscriber=order.subscriber)
    with CaptureQueriesContext(connection) as asked:
        approvals.decide(opened, Happening.BUYER_CONFIRMS, answer=answer)

    assert [query["sql"] for query in asked if query["sql"].startswith('UPDATE "orders_order"')] == []
