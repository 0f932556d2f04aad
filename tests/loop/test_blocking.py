"""A phone that the shop has blocked, from the store's order to the answer: nothing happens by itself (R5, R6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from integrations.netgsm.models import Account
from messaging.models import IncomingState, OutgoingMessage, OutgoingState
from orders import acts, blocking, queries, resending
from orders.confirmation import State
from orders.matching import Verdict
from orders.models import Act, BlockedPhone, When
from portal.dashboard import sentences
from subscribers.models import Notice
from tests import shops
from tests.loop import news
from tests.shops import BUYER, Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R6")]

PHONE = f"+90{BUYER}"


def block(shop: Shop, phone: str = PHONE) -> BlockedPhone:
    return blocking.block(shop.subscriber, phone, by=shop.subscriber_owner())


def shut(shop: Shop) -> None:
    """The operator asks for patience: what is queued stays."""
    Account.objects.filter(pk=shop.account.pk).update(paused_until=timezone.now() + timedelta(hours=3))


def open_again(shop: Shop) -> None:
    Account.objects.filter(pk=shop.account.pk).update(paused_until=None)
    OutgoingMessage.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
    shops.work_off()


def titles(shop: Shop, placed: dict[str, Any]) -> list[str]:
    return [each.title for each in sentences.story(queries.sheet(shop.subscriber, shop.order(placed).code))]


@pytest.fixture
def waiting(shop: Shop) -> dict[str, Any]:
    """An order whose buyer was asked before the block."""
    placed = shop.place(transactionId="777")
    shops.poll()
    assert len(shop.texts()) == 1
    return placed


@pytest.mark.requirement("R5")
def test_asks_nothing_of_a_blocked_phone_and_cancels_nothing(shop: Shop) -> None:
    block(shop)
    placed = shop.place()
    shops.poll()

    assert (shop.texts(), shop.order(placed).not_asked) == ([], "phone_blocked")
    assert shop.status(placed) == "waiting_for_approval"


@pytest.mark.requirement("R5")
@pytest.mark.parametrize("typed", ["0532 123 45 67", "+90 (532) 123-4567", "5321234567"])
def test_knows_the_phone_however_the_buyer_typed_it(shop: Shop, typed: str) -> None:
    block(shop)
    placed = shop.place(phone=typed)
    shops.poll()

    assert (shop.texts(), shop.order(placed).not_asked) == ([], "phone_blocked")


def test_keeps_a_blocked_answer_and_decides_nothing_by_it(shop: Shop, waiting: dict[str, Any]) -> None:
    block(shop)
    shop.answer("Onay 777")
    shops.poll()
    (answer,) = shop.incoming()

    assert (shop.confirmation(waiting).state, shop.status(waiting)) == (State.WAITING, "waiting_for_approval")
    assert (answer.state, answer.reason) == (IncomingState.UNMATCHED, "phone_blocked")
    assert titles(shop, waiting)[-2:] == ["0532 123 45 67 engellendi", "Engellenen numaradan SMS geldi, sayılmadı"]
    assert len(shop.texts()) == 1
    assert not Notice.objects.filter(ended_at=None).exists()


def test_tells_of_a_blocked_answer_on_the_order_that_was_not_asked(shop: Shop) -> None:
    block(shop)
    placed = shop.place(transactionId="777")
    shops.poll()
    shop.answer("Onay 777")
    shops.poll()

    assert titles(shop, placed)[-1] == "Engellenen numaradan SMS geldi, sayılmadı"
    assert not Notice.objects.filter(ended_at=None).exists()


def test_no_refusal_of_a_blocked_phone_declines(shop: Shop, waiting: dict[str, Any]) -> None:
    block(shop)
    shop.answer("iptal 777")
    shops.poll()

    assert shop.confirmation(waiting).state == State.WAITING


def test_another_phone_cannot_confirm_a_blocked_phones_order(shop: Shop, waiting: dict[str, Any]) -> None:
    shop.change_event(other_phone="accept")
    block(shop)
    shop.answer("Onay 777", sender="5339998877")
    shops.poll()

    assert (shop.confirmation(waiting).state, shop.incoming()[0].reason) == (State.WAITING, "order_blocked")
    assert titles(shop, waiting)[-1] == "SMS geldi, sayılmadı: siparişin başka bir numarası engelli"


def test_takes_a_wish_for_no_sms_as_ever(shop: Shop) -> None:
    block(shop)
    shop.answer("RET")
    shops.poll()
    (answer,) = shop.incoming()

    assert (answer.state, answer.outcome) == (IncomingState.HANDLED, Verdict.OPT_OUT)


def test_an_answer_counts_again_once_the_phone_is_unblocked(shop: Shop, waiting: dict[str, Any]) -> None:
    blocking.unblock(block(shop), by=shop.subscriber_owner())
    shop.answer("Onay 777")
    shops.poll()

    assert shop.status(waiting) == "approved"


def test_a_decision_by_hand_takes_the_kept_answer_away(shop: Shop, waiting: dict[str, Any]) -> None:
    block(shop)
    shop.answer("Onay 777")
    shops.poll()
    acts.want_one(shop.order(waiting), Act.DECLINE, by=shop.subscriber_owner())
    shops.work_off()

    assert shop.incoming()[0].state == IncomingState.HANDLED


def test_closes_a_question_that_waits_to_leave(shop: Shop) -> None:
    shut(shop)
    placed = shop.place(transactionId="777")
    shops.poll()
    block(shop)
    open_again(shop)
    (sms,) = shop.outgoing()

    assert (shop.texts(), sms.state, sms.last_failure) == ([], OutgoingState.EXPIRED, "phone_blocked")
    assert "SMS gönderilmedi, numara engellenmiş" in titles(shop, placed)
    notice = Notice.objects.get(kind="question_not_sent", ended_at=None)
    assert (notice.about_id, notice.detail["reason"]) == (shop.order(placed).pk, "phone_blocked")


def test_lets_other_phones_questions_leave_in_the_same_batch(shop: Shop) -> None:
    shut(shop)
    shop.place()
    shop.place(phone="5339998877")
    shops.poll()
    block(shop)
    open_again(shop)

    assert (shop.texts(), len(shop.texts("5339998877"))) == ([], 1)


def test_sends_no_news_to_a_blocked_phone(shop: Shop, settings: Settings) -> None:
    settings.NEWS_SETTLE_SECONDS = 0
    news.turn_on(shop, When.APPROVED)
    block(shop)
    placed = news.card(shop, transactionId="777")
    shops.poll()
    news.move(shop, placed, "approved")

    assert (shop.texts(), shop.outgoing()) == ([], [])
    assert news.told(shop, placed) == [("news_dropped", "approved", "phone_blocked")]


def test_closes_a_news_that_waits_to_leave(shop: Shop, settings: Settings) -> None:
    settings.NEWS_SETTLE_SECONDS = 0
    news.turn_on(shop, When.APPROVED)
    placed = news.card(shop, transactionId="777")
    shops.poll()
    shut(shop)
    news.move(shop, placed, "approved")
    block(shop)
    open_again(shop)

    assert (shop.texts(), news.about(shop, placed)) == ([], [("approved", "dropped", "phone_blocked")])
    assert news.told(shop, placed)[-1] == ("news_dropped", "approved", "phone_blocked")


def test_sends_what_a_person_sends_anew(shop: Shop) -> None:
    shut(shop)
    shop.place()
    shops.poll()
    block(shop)
    open_again(shop)
    resending.send_again(shop.outgoing()[0], by=shop.subscriber_owner(), reason="")
    shops.work_off()

    assert len(shop.texts()) == 1


@pytest.mark.parametrize(("replies", "texts"), [(True, ["Siparişiniz onaylanmıştır."]), (False, [])])
def test_sends_the_reply_that_a_person_ticked(shop: Shop, replies: bool, texts: list[str]) -> None:
    block(shop)
    placed = shop.place()
    shops.poll()
    acts.want_one(shop.order(placed), Act.APPROVE, by=shop.subscriber_owner(), replies=replies)
    shops.work_off()

    assert (shop.status(placed), shop.texts()) == ("approved", texts)


def test_asks_nobody_of_a_blocked_phone_from_a_list(shop: Shop) -> None:
    block(shop)
    placed = shop.place()
    shops.poll()
    told = acts.want(shop.subscriber, [shop.order(placed).pk], Act.ASK, by=shop.subscriber_owner())

    assert (told.taken, told.refused) == (0, {"phone_blocked": 1})


@pytest.mark.requirement("R5")
def test_asks_the_unasked_order_once_the_phone_is_unblocked(shop: Shop) -> None:
    row = block(shop)
    placed = shop.place()
    shops.poll()

    assert blocking.unblock(row, by=shop.subscriber_owner()) == 1
    shops.work_off()
    assert (len(shop.texts()), shop.confirmation(placed).state) == (1, State.WAITING)
