"""Order news: that an order was received is told of a new one, unless something else tells it already (R9)."""

from __future__ import annotations

import pytest
from django.utils import timezone
from pytest_django import Settings

from orders import intake
from orders.models import News, When
from tests import shops
from tests.loop import news
from tests.shops import Shop

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.requirement("R9"),
    pytest.mark.usefixtures("settles_at_once"),
]


def test_tells_a_new_order_that_it_was_received(shop: Shop) -> None:
    news.turn_on(shop, When.RECEIVED)
    news.card(shop, transactionId="777")
    shops.poll()

    assert shop.texts() == ["received 777"]


def test_tells_a_new_order_its_own_first_status_rather(shop: Shop) -> None:
    news.turn_on(shop, When.RECEIVED, When.WAITING_FOR_PAYMENT)
    news.card(shop, status="waiting_for_payment", transactionId="777")
    shops.poll()

    assert shop.texts() == ["waiting_for_payment 777"]


def test_tells_that_it_was_received_once_it_is_paid(shop: Shop) -> None:
    news.turn_on(shop, When.RECEIVED, When.WAITING_FOR_PAYMENT)
    placed = news.card(shop, status="waiting_for_payment", transactionId="777")
    shops.poll()
    news.move(shop, placed, "waiting_for_approval")

    assert shop.texts() == ["waiting_for_payment 777", "received 777"]


def test_does_not_tell_that_it_was_received_where_it_is_set_back(shop: Shop) -> None:
    placed = news.card(shop, status="approved")
    shops.poll()
    news.turn_on(shop, When.RECEIVED)
    news.move(shop, placed, "waiting_for_approval")

    assert shop.texts() == []


def test_does_not_tell_that_it_was_received_after_it_was_told_approved(shop: Shop) -> None:
    news.turn_on(shop, When.RECEIVED, When.APPROVED)
    placed = news.card(shop, transactionId="777")
    shops.poll()
    News.objects.update(state="dropped", reason="overtaken")
    news.move(shop, placed, "approved")
    news.move(shop, placed, "waiting_for_approval")

    assert shop.texts() == ["received 777", "approved 777"]
    assert ("received", "dropped", "overtaken") in news.about(shop, placed)


def test_tells_that_it_was_received_where_an_approval_was_taken_back_at_once(shop: Shop, settings: Settings) -> None:
    settings.NEWS_SETTLE_SECONDS = 60
    news.turn_on(shop, When.RECEIVED, When.APPROVED)
    placed = news.card(shop, transactionId="777")
    shops.poll()
    news.move(shop, placed, "approved")
    News.objects.filter(when=When.RECEIVED).update(due_at=timezone.now())
    shops.work_off()
    assert ("received", "dropped", "overtaken") in news.about(shop, placed)

    news.move(shop, placed, "waiting_for_approval")
    news.let_pass()
    assert shop.texts() == ["received 777"]


def test_a_news_that_leaves_the_order_out_does_not_stand_for_received(shop: Shop, settings: Settings) -> None:
    news.turn_on(shop, When.RECEIVED)
    news.turn_on(shop, When.APPROVED, only_cod=True)
    news.card(shop, status="approved", transactionId="777")
    shops.poll()
    settings.NEWS_SETTLE_SECONDS = 60
    placed = news.card(shop, transactionId="888")
    shops.poll()
    news.move(shop, placed, "approved")
    news.let_pass()

    assert shop.texts() == ["received 777", "received 888"]
    assert sorted(news.told(shop, placed)) == [("news_dropped", "approved", "not_cod"), ("news_queued", "received", "")]


def test_does_not_tell_that_it_was_received_once_it_is_on_its_way(shop: Shop, settings: Settings) -> None:
    settings.NEWS_SETTLE_SECONDS = 60
    news.turn_on(shop, When.RECEIVED)
    placed = news.card(shop)
    shops.poll()
    news.move(shop, placed, "fulfilled")
    news.let_pass()

    assert (shop.texts(), news.about(shop, placed)) == ([], [("received", "dropped", "overtaken")])


def test_tells_nothing_of_an_order_that_was_deleted_meanwhile(shop: Shop, settings: Settings) -> None:
    settings.NEWS_SETTLE_SECONDS = 60
    news.turn_on(shop, When.RECEIVED)
    placed = news.card(shop)
    shops.poll()
    intake.lose(shop.store, placed["id"])
    news.let_pass()

    assert (shop.texts(), news.about(shop, placed)) == ([], [("received", "dropped", "overtaken")])
