"""Order news: which statuses tell the buyer something, once whatever repeats, and whom they do not tell (R9)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from integrations.ideasoft.models import Store
from integrations.ideasoft.payloads import parse_order
from orders import intake, news_settings, polls, resumption
from orders.models import News, NewsRule, Order, When
from orders.news import noting, sending
from subscribers import reach, suspension
from tests import shops
from tests.factories import UserFactory
from tests.loop import news
from tests.shops import Shop
from work import claims, drain

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R9")]


@pytest.fixture(autouse=True)
def _settles_at_once(settings: Settings) -> None:
    settings.NEWS_SETTLE_SECONDS = 0


def ago(**span: float) -> str:
    return (timezone.now() - timedelta(**span)).isoformat(timespec="seconds")


def test_tells_the_buyer_that_the_order_was_approved(shop: Shop) -> None:
    Store.objects.update(name="Örnek Mağaza")
    news.turn_on(shop, When.APPROVED, text="Sn.(arg0) (arg1) (durum). (magaza)")
    placed = news.card(shop, transactionId="777", first_name="Ayşe", last_name="Yılmaz")
    shops.poll()
    news.move(shop, placed, "approved")

    assert shop.texts() == ["Sn.Ayşe Yılmaz 777 onaylandı. Örnek Mağaza"]
    assert news.told(shop, placed) == [("news_queued", "approved", "")]


def test_names_the_merchant_where_the_store_has_no_name_of_its_own(shop: Shop) -> None:
    news.turn_on(shop, When.APPROVED, text="(arg1): (magaza)")
    Store.objects.update(name="")
    placed = news.card(shop, transactionId="777")
    shops.poll()
    news.move(shop, placed, "approved")

    assert shop.texts() == [f"777: {shop.subscriber.name}"]


@pytest.mark.parametrize(
    ("when", "status"),
    [
        (When.WAITING_FOR_PAYMENT, "waiting_for_payment"),
        (When.BEING_PREPARED, "being_prepared"),
        (When.SHIPPED, "fulfilled"),
        (When.DELIVERED, "delivered"),
        (When.CANCELLED, "cancelled"),
        (When.REFUNDED, "refunded"),
        (When.PERSONAL_1, "personal_status_1"),
        (When.PERSONAL_2, "personal_status_2"),
        (When.PERSONAL_3, "personal_status_3"),
    ],
)
def test_tells_each_status_by_the_news_of_its_own(shop: Shop, when: When, status: str) -> None:
    news.turn_on(shop, *When)
    placed = news.card(shop, status="on_accumulation", transactionId="777")
    shops.poll()
    news.move(shop, placed, status)

    assert shop.texts() == ["received 777", f"{when.value} 777"]


def test_tells_nothing_that_was_not_turned_on(shop: Shop) -> None:
    news.turn_on(shop, When.APPROVED, is_on=False)
    placed = news.card(shop)
    shops.poll()
    news.move(shop, placed, "approved")

    assert (shop.texts(), News.objects.count(), news.told(shop, placed)) == ([], 0, [])


def test_hears_of_a_change_by_webhook(shop: Shop) -> None:
    news.turn_on(shop, When.SHIPPED)
    placed = news.card(shop)
    shops.poll()
    shop.change(placed, status="fulfilled", webhook=False)
    polls.sight(shop.store, placed["id"])
    shops.work_off()

    assert len(shop.texts()) == 1


def test_tells_it_once_whatever_repeats(shop: Shop) -> None:
    news.turn_on(shop, When.SHIPPED, When.BEING_PREPARED)
    placed = news.card(shop, transactionId="777")
    shops.poll()
    for status in ("being_prepared", "fulfilled", "being_prepared", "fulfilled"):
        news.move(shop, placed, status)
        shops.poll()

    assert shop.texts() == ["being_prepared 777", "shipped 777"]


def test_tells_it_once_where_several_see_it_in_the_same_instant_while_workers_send(shop: Shop) -> None:
    news.turn_on(shop, When.SHIPPED)
    placed = news.card(shop, transactionId="777")
    shops.poll()
    told = {**shop.order(placed).raw, "status": "fulfilled", "updatedAt": timezone.now().isoformat()}
    together, store = Barrier(4), shop.store

    def see() -> None:
        together.wait()
        with reach.of(store.subscriber_id):
            intake.take(store, parse_order(told), seen_by="webhook")
        connection.close()

    def work() -> None:
        together.wait()
        for _ in range(20):
            drain.drain("orders.news")
        connection.close()

    threads = [Thread(target=each) for each in (see, see, work, work)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    shops.work_off()

    assert (shop.texts(), len(shop.outgoing())) == (["shipped 777"], 1)


def test_waits_until_the_status_has_held(shop: Shop, settings: Settings) -> None:
    settings.NEWS_SETTLE_SECONDS = 60
    news.turn_on(shop, When.APPROVED)
    placed = news.card(shop)
    shops.poll()
    news.move(shop, placed, "approved")
    assert (shop.texts(), news.waits(shop)) == ([], [""])

    news.let_pass()
    assert len(shop.texts()) == 1


def test_tells_only_where_a_flapping_status_came_to_rest(shop: Shop, settings: Settings) -> None:
    settings.NEWS_SETTLE_SECONDS = 60
    news.turn_on(shop, When.APPROVED, When.CANCELLED)
    placed = news.card(shop, transactionId="777")
    shops.poll()
    for status in ("approved", "cancelled", "approved"):
        news.move(shop, placed, status)
    news.let_pass()

    assert shop.texts() == ["approved 777"]
    assert ("news_dropped", "cancelled", "overtaken") in news.told(shop, placed)


def test_tells_after_all_what_was_overtaken_and_came_again(shop: Shop, settings: Settings) -> None:
    settings.NEWS_SETTLE_SECONDS = 60
    news.turn_on(shop, When.BEING_PREPARED)
    placed = news.card(shop, transactionId="777")
    shops.poll()
    news.move(shop, placed, "being_prepared")
    news.move(shop, placed, "approved")
    news.let_pass()
    assert news.about(shop, placed) == [("being_prepared", "dropped", "overtaken")]

    news.move(shop, placed, "being_prepared")
    news.let_pass()
    assert shop.texts() == ["being_prepared 777"]


def test_a_worker_that_had_it_in_hand_lets_go_where_the_status_came_again(shop: Shop) -> None:
    news.turn_on(shop, When.BEING_PREPARED)
    placed = news.card(shop)
    shops.poll()
    order = shop.order(placed)
    Order.objects.filter(pk=order.pk).update(store_status="being_prepared")
    order.refresh_from_db()
    noting.note(order, before="approved", changed_at=timezone.now())
    claim = claims.take(sending.NEWS, shop.store.pk)
    assert claim is not None
    noting.note(order, before="approved", changed_at=timezone.now())
    sending.send(claim)

    assert (shop.outgoing(), news.about(shop, placed)) == ([], [("being_prepared", "due", "")])


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
