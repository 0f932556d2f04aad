"""A store that has no list of what changed: orders that may still move on are followed by their ids (R9)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from integrations.ideasoft.models import StoreErrand
from orders import following
from orders.models import Order
from tests import shops
from tests.factories import OrderFactory
from tests.shops import Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R9")]


@pytest.fixture
def closed(shop: Shop) -> Shop:
    """Its store refuses `/api`."""
    shop.sandbox.fault("store:ornek", "status", path="/api/orders", status=403, body="{}", times=None, method="GET")
    return shop


def poll_changes() -> None:
    StoreErrand.objects.filter(kind="changed_orders").update(due_at=timezone.now())
    shops.work_off("store.changed_orders")


def kept(shop: Shop, **wish: Any) -> dict[str, Any]:
    placed = shop.place(**wish)
    StoreErrand.objects.filter(kind="new_orders").update(due_at=timezone.now())
    shops.work_off("store.new_orders")
    return placed


@pytest.mark.parametrize("wish", [{"cod": False}, {"status": "approved"}, {"status": "fulfilled"}])
def test_notices_that_an_order_nobody_was_asked_about_moved_on(closed: Shop, wish: dict[str, Any]) -> None:
    placed = kept(closed, **wish)
    closed.change(placed, status="delivered", webhook=False)
    poll_changes()

    assert closed.order(placed).store_status == "delivered"


def test_follows_all_of_them_in_turn(closed: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_OTHERS", 2)
    placed = [kept(closed, cod=False, transactionId=f"n{number}") for number in range(5)]
    seen = []
    for order in placed:
        closed.change(order, status="being_prepared", webhook=False)
    for _ in range(3):
        poll_changes()
        seen.append(Order.objects.filter(store_status="being_prepared").count())

    assert seen == [2, 4, 5]


def test_comes_round_to_the_first_again(closed: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_OTHERS", 2)
    first, *_ = [kept(closed, cod=False, transactionId=f"n{number}") for number in range(3)]
    poll_changes()
    closed.change(first, status="fulfilled", webhook=False)
    poll_changes()

    assert closed.order(first).store_status == "fulfilled"


def test_looks_at_an_open_question_each_turn(closed: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_OTHERS", 1)
    for number in range(3):
        kept(closed, cod=False, transactionId=f"n{number}")
    asked = kept(closed, transactionId="asked")
    closed.change(asked, status="cancelled", webhook=False)
    poll_changes()

    assert closed.confirmation(asked).state == "closed"


@pytest.mark.parametrize(
    "values",
    [
        {"store_status": "delivered"},
        {"store_status": "cancelled"},
        {"store_status": "refunded"},
        {"store_status": "deleted"},
        {"created_at": timezone.now() - timedelta(days=61)},
    ],
)
def test_leaves_alone_what_has_ended_or_is_long_gone(shop: Shop, values: dict[str, Any]) -> None:
    followed = OrderFactory.create(subscriber=shop.subscriber, store=shop.store, store_status="approved")
    OrderFactory.create(subscriber=shop.subscriber, store=shop.store, **{"store_status": "approved", **values})

    assert following.others(shop.store, after=0, at=timezone.now()) == [followed.external_id]
