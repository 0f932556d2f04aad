"""Orders are found by any of their phones and by either key of their reference, by an index also under row security."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction

from orders import recognition
from orders.models import MOST_PHONES, Order
from subscribers import reach
from subscribers.models import Subscriber
from tests.factories import OrderFactory, SubscriberFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R8")]

PHONES = [f"+9053200000{number:02}" for number in range(MOST_PHONES)]


@pytest.fixture
def shop() -> Subscriber:
    made: Subscriber = SubscriberFactory.create()
    return made


@pytest.mark.parametrize("phone", PHONES)
def test_finds_an_order_by_any_of_its_phones(phone: str, shop: Subscriber) -> None:
    order = OrderFactory.create(subscriber=shop, phones=PHONES)
    OrderFactory.create(subscriber=shop, phones=["+905321111111"])
    assert list(Order.objects.filter(recognition.by_phone([phone]))) == [order]


def test_finds_the_orders_of_several_phones(shop: Subscriber) -> None:
    made = [OrderFactory.create(subscriber=shop, phones=[phone]) for phone in PHONES[:2]]
    assert set(Order.objects.filter(recognition.by_phone(PHONES[:2]))) == set(made)


@pytest.mark.parametrize("key", ["12345", "c88728ce28151"])
def test_finds_an_order_by_its_reference_and_by_its_id(key: str, shop: Subscriber) -> None:
    order = OrderFactory.create(subscriber=shop, reference_keys=["12345", "c88728ce28151"])
    OrderFactory.create(subscriber=shop, reference_keys=["123"])
    assert list(Order.objects.filter(recognition.by_reference([key, "999"]))) == [order]


def test_finds_nothing_where_nothing_is_named(shop: Subscriber) -> None:
    OrderFactory.create(subscriber=shop, phones=[], reference_keys=[])
    nothing: list[str] = []
    assert not Order.objects.filter(recognition.by_phone(nothing) | recognition.by_reference(nothing)).exists()


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (recognition.by_phone(PHONES[:1]), [f"order_by_phone_{place + 1}" for place in range(MOST_PHONES)]),
        (recognition.by_reference(["12345"]), ["order_by_key_1", "order_by_key_2"]),
    ],
)
def test_asks_the_indexes_before_a_row_is_looked_at(wanted: Any, index: list[str], shop: Subscriber) -> None:
    with reach.of(shop.pk), transaction.atomic(), connection.cursor() as cursor:
        for way in ("seqscan", "indexscan"):  # of a few rows the planner would read them all
            cursor.execute(f"SET LOCAL enable_{way} = off")
        plan = Order.objects.filter(wanted).explain()
    assert [name for name in index if name not in plan] == []
