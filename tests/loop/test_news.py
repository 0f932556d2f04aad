"""Order news: which statuses tell the buyer something, and once whatever repeats (R9)."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from integrations.ideasoft.models import Store
from integrations.ideasoft.payloads import parse_order
from orders import intake, polls
from orders.models import News, Order, When
from orders.news import noting, sending
from subscribers import reach
from tests import shops
from tests.loop import news
from tests.shops import Shop
from work import claims, drain

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.requirement("R9"),
    pytest.mark.usefixtures("settles_at_once"),
]


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
