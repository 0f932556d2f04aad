"""No news is an echo: what the question and its answer tell the buyer anyway is not told again (R9)."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from integrations.ideasoft.models import Store
from messaging.models import OutgoingMessage, OutgoingState, Purpose
from orders import acts
from orders.models import Act, Approval, HandAct, Order, When
from orders.news import noting
from tests import shops
from tests.loop import news
from tests.shops import Shop

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.requirement("R9"),
    pytest.mark.usefixtures("settles_at_once"),
]


def purposes(shop: Shop) -> list[str]:
    return [row.purpose for row in shop.outgoing()]


def decide(shop: Shop, placed: dict[str, Any], act: Act, **facts: Any) -> None:
    acts.want(shop.subscriber, [shop.order(placed).pk], act, by=shop.subscriber_owner(), **facts)
    shops.work_off()


def seen_approved(shop: Shop, placed: dict[str, Any]) -> None:
    """A poll sees the order approved while our own writing of it has not been told yet."""
    Order.objects.update(store_status="approved")
    noting.note(shop.order(placed), before="waiting_for_approval", changed_at=timezone.now())


def test_the_question_stands_for_the_news_of_an_order_received(shop: Shop) -> None:
    news.turn_on(shop, When.RECEIVED)
    placed = shop.place()
    shops.poll()

    assert purposes(shop) == [Purpose.QUESTION]
    assert news.told(shop, placed) == [("news_dropped", "received", "question_stands_for_it")]


def test_the_stores_own_question_stands_for_it_too(shop: Shop) -> None:
    shop.change_event(question_mode="store")
    news.turn_on(shop, When.RECEIVED)
    placed = shop.place()
    shops.poll()

    assert (purposes(shop), news.told(shop, placed)) == ([], [("news_dropped", "received", "question_stands_for_it")])


def test_an_order_that_nobody_asks_about_is_told_that_it_was_received(shop: Shop) -> None:
    shop.change_event(is_on=False)
    news.turn_on(shop, When.RECEIVED)
    shop.place()
    shops.poll()

    assert purposes(shop) == [Purpose.NEWS]


def test_an_order_that_a_person_decided_unasked_is_told_that_it_was_received(shop: Shop, settings: Settings) -> None:
    settings.NEWS_SETTLE_SECONDS = 60
    shop.change_event(is_on=False)
    news.turn_on(shop, When.RECEIVED)
    placed = shop.place()
    shops.poll()
    decide(shop, placed, Act.APPROVE)
    news.let_pass()

    assert purposes(shop) == [Purpose.NEWS]


def test_waits_for_a_question_that_a_person_has_just_asked_for(shop: Shop, settings: Settings) -> None:
    settings.NEWS_SETTLE_SECONDS = 60
    shop.change_event(is_on=False)
    news.turn_on(shop, When.RECEIVED)
    placed = shop.place()
    shops.poll()
    shop.change_event(is_on=True)
    settings.UNDO_SECONDS = 600
    decide(shop, placed, Act.ASK)
    news.let_pass()
    assert (news.waits(shop), purposes(shop)) == (["waits_for_question"], [])

    HandAct.objects.update(due_at=timezone.now())
    shops.work_off()
    news.let_pass()
    assert purposes(shop) == [Purpose.QUESTION]
    assert news.told(shop, placed)[-1] == ("news_dropped", "received", "question_stands_for_it")


def test_the_reply_stands_for_the_news_of_an_order_approved(shop: Shop) -> None:
    news.turn_on(shop, When.APPROVED)
    placed = shop.place(transactionId="777")
    shops.poll()
    shop.answer("Onay 777")
    shops.poll()

    assert purposes(shop) == [Purpose.QUESTION, Purpose.REPLY]
    assert news.told(shop, placed) == [("news_dropped", "approved", "reply_stands_for_it")]


def test_one_reply_to_an_answer_about_several_orders_stands_for_the_news_of_each(shop: Shop) -> None:
    news.turn_on(shop, When.APPROVED)
    placed = [shop.place(transactionId=number) for number in ("70001", "70002")]
    shops.poll()
    shop.answer("Onay 70001 70002")
    shops.poll()
    news.let_pass()

    assert purposes(shop).count(Purpose.NEWS) == 0
    assert {news.about(shop, each)[0][1:] for each in placed} == {("dropped", "reply_stands_for_it")}


def test_the_news_of_each_waits_until_all_orders_of_one_answer_are_written(shop: Shop) -> None:
    news.turn_on(shop, When.APPROVED)
    first, second = (shop.place(transactionId=number) for number in ("70001", "70002"))
    shops.poll()
    stuck = {"method": "PUT", "path": f"/admin-api/orders/{second['id']}", "status": 503, "times": 1}
    shop.sandbox.fault(f"store:{shop.name}", "status", **stuck)
    shop.answer("Onay 70001 70002")
    shops.poll()
    news.let_pass()
    assert [news.about(shop, each) for each in (first, second)] == [[("approved", "due", "waits_for_reply")], []]

    Approval.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
    Store.objects.update(paused_until=None)
    shops.work_off()
    news.let_pass()
    assert purposes(shop).count(Purpose.NEWS) == 0
    assert {news.about(shop, each)[0][1:] for each in (first, second)} == {("dropped", "reply_stands_for_it")}


def test_waits_while_the_approval_is_on_its_way(shop: Shop) -> None:
    news.turn_on(shop, When.APPROVED)
    placed = shop.place(transactionId="777")
    shops.poll()
    shop.sandbox.fault(f"store:{shop.name}", "status", method="PUT", status=503, times=1)
    shop.answer("Onay 777")
    shops.poll()
    assert Approval.objects.get().state == "due"
    seen_approved(shop, placed)
    shops.work_off("orders.news")
    assert news.waits(shop) == ["waits_for_reply"]
    assert news.told(shop, placed) == [("news_waits", "approved", "waits_for_reply")]

    Approval.objects.update(due_at=timezone.now())
    Store.objects.update(paused_until=None)
    shops.work_off()
    news.let_pass()
    assert purposes(shop) == [Purpose.QUESTION, Purpose.REPLY]


def test_an_order_approved_by_hand_without_a_reply_is_told(shop: Shop) -> None:
    news.turn_on(shop, When.APPROVED)
    placed = shop.place()
    shops.poll()
    decide(shop, placed, Act.APPROVE, replies=False)

    assert purposes(shop) == [Purpose.QUESTION, Purpose.NEWS]


def test_an_order_approved_by_hand_with_a_reply_is_not_told_twice(shop: Shop) -> None:
    news.turn_on(shop, When.APPROVED)
    placed = shop.place()
    shops.poll()
    decide(shop, placed, Act.APPROVE, replies=True)

    assert purposes(shop) == [Purpose.QUESTION, Purpose.REPLY]


def test_an_order_approved_in_the_panel_is_told(shop: Shop) -> None:
    news.turn_on(shop, When.APPROVED)
    placed = shop.place()
    shops.poll()
    news.move(shop, placed, "approved")

    assert purposes(shop) == [Purpose.QUESTION, Purpose.NEWS]


def test_a_reply_that_the_operator_refused_stands_for_nothing(shop: Shop, settings: Settings) -> None:
    settings.NEWS_SETTLE_SECONDS = 60
    news.turn_on(shop, When.APPROVED)
    shop.place(transactionId="777")
    shops.poll()
    shop.answer("Onay 777")
    shops.poll()
    OutgoingMessage.objects.filter(purpose=Purpose.REPLY).update(state=OutgoingState.REFUSED)
    news.let_pass()

    assert purposes(shop)[-1] == Purpose.NEWS


def test_an_answered_decline_stands_for_the_news_of_the_cancellation(shop: Shop) -> None:
    shop.change_event(cancels_declined=True)
    news.turn_on(shop, When.CANCELLED)
    placed = shop.place(transactionId="777")
    shops.poll()
    shop.answer("iptal 777")
    shops.poll()

    assert shop.status(placed) == "cancelled"
    assert purposes(shop) == [Purpose.QUESTION, Purpose.DECLINED]
    assert news.told(shop, placed) == [("news_dropped", "cancelled", "decline_answered")]


def test_a_cancellation_that_the_buyer_did_not_ask_for_is_told(shop: Shop) -> None:
    news.turn_on(shop, When.CANCELLED)
    placed = shop.place(transactionId="777")
    shops.poll()
    news.move(shop, placed, "cancelled")

    assert purposes(shop) == [Purpose.QUESTION, Purpose.NEWS]


def test_a_decline_that_a_person_overruled_stands_for_no_later_cancellation(shop: Shop) -> None:
    news.turn_on(shop, When.CANCELLED)
    placed = shop.place(transactionId="777")
    shops.poll()
    shop.answer("iptal 777")
    shops.poll()
    decide(shop, placed, Act.APPROVE)
    news.move(shop, placed, "cancelled")

    assert purposes(shop) == [Purpose.QUESTION, Purpose.DECLINED, Purpose.NEWS]
