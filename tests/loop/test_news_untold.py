"""Order news: what is too old, not wanted, turned off or held back is not told, and says why (R9)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from integrations.ideasoft.models import Store
from integrations.ideasoft.payloads import parse_order
from orders import intake, news_settings, resumption
from orders.models import News, NewsRule, Order, When
from orders.news import noting
from subscribers import suspension
from tests import shops
from tests.factories import UserFactory
from tests.loop import news
from tests.shops import Shop

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.requirement("R9"),
    pytest.mark.usefixtures("settles_at_once"),
]


def ago(**span: float) -> str:
    return (timezone.now() - timedelta(**span)).isoformat(timespec="seconds")


def test_an_order_of_before_the_connection_gives_none_when_it_is_first_seen(shop: Shop) -> None:
    news.turn_on(shop, *When)
    for status in ("waiting_for_approval", "fulfilled", "delivered"):
        news.card(shop, status=status, createdAt=ago(minutes=5))
    Store.objects.update(connected_at=timezone.now())
    shops.poll()

    assert (shop.texts(), News.objects.count()) == ([], 0)


def test_later_changes_of_an_order_of_before_the_connection_are_told(shop: Shop) -> None:
    news.turn_on(shop, *When)
    placed = news.card(shop, createdAt=ago(days=3), transactionId="777")
    shops.poll()
    news.move(shop, placed, "being_prepared")

    assert shop.texts() == ["being_prepared 777"]


def test_follows_no_order_longer_than_sixty_days(shop: Shop) -> None:
    news.turn_on(shop, *When)
    placed = news.card(shop)
    shops.poll()
    Order.objects.update(created_at=timezone.now() - timedelta(days=61))
    order = shop.order(placed)
    order.store_status = "fulfilled"
    noting.note(order, before="approved", changed_at=timezone.now())
    assert News.objects.exclude(when=When.RECEIVED).count() == 0

    order.created_at = timezone.now() - timedelta(days=59)
    noting.note(order, before="approved", changed_at=timezone.now())
    assert News.objects.exclude(when=When.RECEIVED).count() == 1


def test_follows_no_order_after_it_was_delivered_but_for_a_refund(shop: Shop) -> None:
    news.turn_on(shop, *(set(When) - {When.RECEIVED}))
    placed = news.card(shop, transactionId="777")
    shops.poll()
    for status in ("delivered", "personal_status_1", "personal_status_2", "refunded", "personal_status_3"):
        news.move(shop, placed, status)

    assert shop.texts() == ["delivered 777", "refunded 777"]


def test_follows_on_after_a_slip_that_was_put_right_before_it_held(shop: Shop, settings: Settings) -> None:
    settings.NEWS_SETTLE_SECONDS = 60
    news.turn_on(shop, When.CANCELLED, When.SHIPPED)
    placed = news.card(shop, transactionId="777")
    shops.poll()
    for status in ("cancelled", "approved", "fulfilled"):
        news.move(shop, placed, status)
    news.let_pass()

    assert shop.texts() == ["shipped 777"]


def test_says_that_a_change_is_too_old_to_be_news(shop: Shop) -> None:
    news.turn_on(shop, When.SHIPPED)
    placed = news.card(shop)
    shops.poll()
    order = shop.order(placed)
    Order.objects.update(store_status="fulfilled")
    order.refresh_from_db()
    noting.note(order, before="approved", changed_at=timezone.now() - timedelta(hours=25))

    assert news.about(shop, placed) == [("shipped", "dropped", "too_late")]
    assert news.told(shop, placed) == [("news_dropped", "shipped", "too_late")]


def test_tells_a_change_whose_time_the_store_left_as_it_was(shop: Shop) -> None:
    news.turn_on(shop, When.SHIPPED)
    placed = news.card(shop, transactionId="777")
    shops.poll()
    told = {**shop.order(placed).raw, "createdAt": ago(days=3), "updatedAt": ago(days=3)}
    Order.objects.update(updated_at=told["updatedAt"])
    intake.take(shop.store, parse_order({**told, "status": "fulfilled"}), seen_by="webhook")
    shops.work_off()

    assert shop.texts() == ["shipped 777"]


def test_says_that_a_new_order_came_too_late(shop: Shop) -> None:
    Store.objects.update(connected_at=timezone.now() - timedelta(days=3))
    news.turn_on(shop, When.RECEIVED)
    placed = news.card(shop, createdAt=ago(hours=25))
    shops.poll()

    assert (shop.texts(), news.about(shop, placed)) == ([], [("received", "dropped", "too_late")])


@pytest.mark.parametrize(
    ("limits", "wish", "reason"),
    [
        ({"only_cod": True}, {}, "not_cod"),
        ({"min_amount": Decimal(10**6)}, {}, "below_amount"),
        ({"payment_types": ["Havale"]}, {}, "other_payment"),
        ({}, {"phone": "0212 555 44 33"}, "no_mobile"),
    ],
    ids=str,
)
def test_says_whom_the_merchant_does_not_want_told(
    shop: Shop, limits: dict[str, Any], wish: dict[str, Any], reason: str
) -> None:
    news.turn_on(shop, When.APPROVED, **limits)
    placed = news.card(shop, **wish)
    shops.poll()
    news.move(shop, placed, "approved")

    assert (shop.outgoing(), news.told(shop, placed)) == ([], [("news_dropped", "approved", reason)])


def test_knows_a_payment_however_it_is_written(shop: Shop) -> None:
    news.turn_on(shop, When.APPROVED, payment_types=["KREDİ  KARTI"])
    placed = news.card(shop)
    shops.poll()
    news.move(shop, placed, "approved")

    assert len(shop.texts()) == 1


def test_says_that_the_news_was_turned_off_meanwhile(shop: Shop, settings: Settings) -> None:
    settings.NEWS_SETTLE_SECONDS = 60
    news.turn_on(shop, When.APPROVED)
    placed = news.card(shop)
    shops.poll()
    news.move(shop, placed, "approved")
    NewsRule.objects.update(is_on=False)
    news.let_pass()

    assert (shop.texts(), news.told(shop, placed)) == ([], [("news_dropped", "approved", "turned_off")])


def test_says_that_a_text_does_not_fit_and_cuts_nothing(shop: Shop) -> None:
    news.turn_on(shop, When.APPROVED, text="ş" * 455 + "(arg0)")
    placed = news.card(shop)
    shops.poll()
    news.move(shop, placed, "approved")

    assert (shop.outgoing(), news.told(shop, placed)) == ([], [("news_dropped", "approved", "too_long")])


def test_sends_nothing_that_waits_in_the_outbox_for_more_than_a_day(shop: Shop) -> None:
    news.turn_on(shop, When.APPROVED)
    placed = news.card(shop)
    shops.poll()
    news.move(shop, placed, "approved")
    (sms,) = shop.outgoing()

    assert sms.stale_at is not None
    assert timedelta(0) <= timezone.now() + timedelta(hours=24) - sms.stale_at < timedelta(minutes=1)


def test_is_held_back_by_a_suspension_and_too_late_a_day_after(shop: Shop) -> None:
    news.turn_on(shop, When.APPROVED, When.SHIPPED)
    placed, other = news.card(shop), news.card(shop, transactionId="777")
    shops.poll()
    staff = UserFactory.create(is_staff=True)
    suspension.suspend(shop.subscriber, by=staff, reason="fatura")
    news.move(shop, placed, "approved")
    news.move(shop, other, "fulfilled")
    assert (shop.texts(), news.waits(shop)) == ([], ["", ""])

    News.objects.filter(order=shop.order(placed)).update(due_at=timezone.now() - timedelta(hours=25))
    resumption.resume(shop.subscriber, by=staff, reason="ödendi")
    shops.work_off()
    assert shop.texts() == ["shipped 777"]
    assert news.told(shop, placed) == [("news_dropped", "approved", "too_late")]


def test_another_shops_rules_tell_nothing_of_this_shops_orders(shop: Shop) -> None:
    other = shops.open_shop(shop.sandbox, name="komsu", line="8507654321")
    news.turn_on(other, *When)
    placed = news.card(shop)
    shops.poll()
    news.move(shop, placed, "approved")

    assert (News.objects.count(), len(news_settings.rules(shop.subscriber))) == (0, 0)
