"""An order of before the connection that moves on while the shop's past is still being read tells its news (R9)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from integrations.ideasoft import client, connection
from integrations.ideasoft.models import Store, StoreErrand
from integrations.ideasoft.payloads import parse_order
from orders import intake
from orders.models import News, Order, Step, When
from tests import shops
from tests.loop import news
from tests.sandboxes import Sandbox
from tests.shops import Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R9")]


@pytest.fixture
def shop(sandbox: Sandbox, settings: Settings) -> Shop:
    """A shop with all news on, just connected; nothing of its past is read yet."""
    settings.NEWS_SETTLE_SECONDS = 0
    sandbox.control("POST", "stores", name="ornek")
    placed_at = (timezone.now() - timedelta(days=3)).isoformat(timespec="seconds")
    facts = {"cod": False, "phone": shops.BUYER, "webhook": False, "status": "approved", "createdAt": placed_at}
    sandbox.control("POST", "stores/ornek/orders", transactionId="first", **facts)
    made = shops.open_shop(sandbox)
    news.turn_on(made, *When)
    return made


def told(shop: Shop) -> dict[str, Any]:
    """The order as the store's API tells it now."""
    (found,) = connection.call(shop.store, lambda api: client.orders(api, since_id=0, limit=5))
    return dict(found.raw)


def move_on(shop: Shop, status: str) -> None:
    """In the shop, right after the connection: its times are of whole seconds."""
    shop.change(told(shop), status=status, webhook=False)
    Store.objects.update(connected_at=parse_order(told(shop)).updated_at)


def read_past() -> None:
    while StoreErrand.objects.filter(kind="past_orders", due_at__isnull=False).update(due_at=timezone.now()):
        shops.work_off("store.past_orders")


@pytest.mark.parametrize("first", ["poll", "past"])
@pytest.mark.parametrize(("status", "text"), [("fulfilled", "shipped first"), ("delivered", "delivered first")])
def test_is_told_once_whoever_sees_it_first(shop: Shop, first: str, status: str, text: str) -> None:
    move_on(shop, status)
    for see in (shops.poll, read_past) if first == "poll" else (read_past, shops.poll):
        see()
    news.let_pass()

    assert shop.texts() == [text]
    assert Order.objects.get().seen_by == first


def test_does_not_tell_that_it_was_received(shop: Shop) -> None:
    move_on(shop, "waiting_for_approval")
    read_past()
    news.let_pass()

    assert shop.texts() == []


def test_tells_nothing_where_it_stood_still_since_the_connection(shop: Shop) -> None:
    Store.objects.update(connected_at=timezone.now() + timedelta(seconds=1))
    read_past()
    news.let_pass()

    assert (shop.texts(), News.objects.count()) == ([], 0)


@pytest.mark.parametrize("changed", [timedelta(hours=25), None])
def test_tells_nothing_where_it_is_not_known_to_have_moved_on_lately(shop: Shop, changed: timedelta | None) -> None:
    Store.objects.update(connected_at=timezone.now() - timedelta(days=2))
    at = (timezone.now() - changed).isoformat(timespec="seconds") if changed else None
    intake.take(shop.store, parse_order({**told(shop), "status": "fulfilled", "updatedAt": at}), seen_by="webhook")
    shops.work_off("orders.news")

    assert (shop.texts(), News.objects.count()) == ([], 0)
    assert set(Step.objects.values_list("kind", flat=True)) == {"order_came"}
