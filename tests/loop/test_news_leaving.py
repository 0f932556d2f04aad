"""What a news that lay in the outbox is asked once more before it leaves: is it night, is it still true (R9)."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from integrations.netgsm.models import Account
from messaging.models import OutgoingMessage, OutgoingState, Purpose
from orders import queries, resending
from orders.models import NewsRule, NewsSettings, Order, When
from orders.news import leaving
from portal.dashboard import sentences
from subscribers import reach
from tests import shops
from tests.loop import news
from tests.shops import Shop
from tests.waiting import is_held_up, wait_for

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.requirement("R9"),
    pytest.mark.usefixtures("settles_at_once"),
]


@pytest.fixture
def placed(shop: Shop) -> dict[str, Any]:
    """An order whose approval was told while the operator asks for patience: its SMS lies in the outbox."""
    news.turn_on(shop, When.APPROVED, When.CANCELLED)
    placed = news.card(shop, transactionId="777")
    shops.poll()
    shut(shop)
    news.move(shop, placed, "approved")
    assert [sms.state for sms in shop.outgoing()] == [OutgoingState.QUEUED]
    return placed


def shut(shop: Shop) -> None:
    Account.objects.filter(pk=shop.account.pk).update(paused_until=timezone.now() + timedelta(hours=3))


def open_again(shop: Shop) -> None:
    """The operator takes SMS again, and what waits is due."""
    Account.objects.filter(pk=shop.account.pk).update(paused_until=None)
    OutgoingMessage.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
    shops.work_off()


def test_is_held_to_the_end_of_the_night_that_came_meanwhile(shop: Shop, placed: dict[str, Any]) -> None:
    news.be_quiet(shop)
    open_again(shop)
    (sms,) = shop.outgoing()

    assert (shop.texts(), sms.state, sms.attempts) == ([], OutgoingState.QUEUED, 0)
    assert sms.due_at is not None
    assert timedelta(minutes=58) < sms.due_at - timezone.now() <= timedelta(hours=1)

    news.set_quiet(shop, None, None)
    open_again(shop)
    assert shop.texts() == ["approved 777"]


def test_the_story_says_once_that_it_waits_for_the_morning(shop: Shop, placed: dict[str, Any]) -> None:
    news.be_quiet(shop)
    open_again(shop)
    open_again(shop)

    assert news.told(shop, placed) == [("news_queued", "approved", ""), ("news_waits", "approved", "quiet_hours")]


def test_never_leaves_once_the_order_has_moved_on(shop: Shop, placed: dict[str, Any]) -> None:
    news.move(shop, placed, "cancelled")
    open_again(shop)

    assert shop.texts() == ["cancelled 777"]
    assert shop.outgoing()[0].state == OutgoingState.EXPIRED
    assert ("approved", "dropped", "overtaken") in news.about(shop, placed)
    assert news.told(shop, placed)[-1] == ("news_dropped", "approved", "overtaken")


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"is_on": False}, "turned_off"), ({"only_cod": True}, "not_cod"), ({"min_amount": 99_999}, "below_amount")],
)
def test_never_leaves_once_its_merchant_wants_it_no_more(
    shop: Shop, placed: dict[str, Any], changed: dict[str, Any], why: str
) -> None:
    NewsRule.objects.filter(when=When.APPROVED).update(**changed)
    open_again(shop)

    assert (shop.texts(), shop.outgoing()[0].state) == ([], OutgoingState.EXPIRED)
    assert news.about(shop, placed) == [("approved", "dropped", why)]
    assert news.told(shop, placed)[-1] == ("news_dropped", "approved", why)


def test_leaves_where_its_status_came_again_before_anybody_looked(shop: Shop, placed: dict[str, Any]) -> None:
    news.move(shop, placed, "being_prepared")
    news.move(shop, placed, "approved")
    open_again(shop)

    assert shop.texts() == ["approved 777"]


def test_is_said_anew_where_its_status_came_again_after_it_was_dropped(shop: Shop, placed: dict[str, Any]) -> None:
    news.move(shop, placed, "being_prepared")
    open_again(shop)
    assert (shop.texts(), news.about(shop, placed)) == ([], [("approved", "dropped", "overtaken")])

    NewsRule.objects.filter(when=When.APPROVED).update(text="Yeniden: (arg1)")
    news.move(shop, placed, "approved")
    for _ in range(2):
        open_again(shop)
    assert (shop.texts(), len(shop.outgoing())) == (["Yeniden: 777"], 1)


def test_the_story_tells_its_delivery_once(shop: Shop, placed: dict[str, Any]) -> None:
    news.move(shop, placed, "being_prepared")
    open_again(shop)
    news.move(shop, placed, "approved")
    shops.poll()
    sheet = queries.sheet(shop.subscriber, shop.order(placed).code)

    assert [entry.title for entry in sentences.story(sheet)].count("SMS iletildi") == 1


def test_a_question_leaves_at_night_beside_a_news_that_stays(shop: Shop, placed: dict[str, Any]) -> None:
    shop.place(transactionId="888")
    shops.poll()
    news.be_quiet(shop)
    open_again(shop)

    assert [sms.purpose for sms in shop.outgoing() if sms.state != OutgoingState.QUEUED] == [Purpose.QUESTION]


def test_an_approval_that_tells_no_such_order_leaves_received_true(shop: Shop) -> None:
    news.turn_on(shop, When.RECEIVED)
    news.turn_on(shop, When.APPROVED, only_cod=True)
    placed = news.card(shop, transactionId="777")
    shut(shop)
    shops.poll()
    news.move(shop, placed, "approved")
    open_again(shop)

    assert shop.texts() == ["received 777"]


def send_anew(shop: Shop) -> None:
    """A person has the news sent again that did not arrive."""
    (sms,) = shop.outgoing()
    OutgoingMessage.objects.update(state=OutgoingState.UNDELIVERED, due_at=None)
    resending.send_again(sms, by=shop.subscriber_owner(), reason="")


def test_what_a_person_sends_anew_heeds_no_night(shop: Shop, placed: dict[str, Any]) -> None:
    send_anew(shop)
    news.be_quiet(shop)
    open_again(shop)

    assert shop.texts() == ["approved 777"]


def test_what_a_person_sends_anew_leaves_though_that_news_is_off(shop: Shop, placed: dict[str, Any]) -> None:
    NewsRule.objects.update(is_on=False)
    send_anew(shop)
    open_again(shop)

    assert shop.texts() == ["approved 777"]


def test_what_a_person_sent_anew_does_not_leave_once_it_is_untrue(shop: Shop, placed: dict[str, Any]) -> None:
    send_anew(shop)
    news.move(shop, placed, "being_prepared")
    open_again(shop)

    assert (shop.texts(), news.about(shop, placed)) == ([], [("approved", "queued", "")])
    assert news.told(shop, placed)[-1] == ("news_dropped", "approved", "overtaken")


def test_a_news_sent_anew_waits_for_whoever_has_its_order(shop: Shop, placed: dict[str, Any]) -> None:
    (sms,), person = shop.outgoing(), shop.subscriber_owner()
    OutgoingMessage.objects.update(state=OutgoingState.UNDELIVERED, due_at=None)

    def resend() -> OutgoingMessage:
        try:
            with reach.of(sms.subscriber_id):
                return resending.send_again(sms, by=person, reason="")
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1) as pool:
        with transaction.atomic():
            Order.objects.select_for_update(of=("self",)).get(pk=shop.order(placed).pk)
            again = pool.submit(resend)
            wait_for(lambda: again.done() or is_held_up())
            free = OutgoingMessage.objects.filter(pk=sms.pk).select_for_update(of=("self",), skip_locked=True)
            is_free = free.exists()
        assert (is_free, again.result(timeout=15).replaces_id) == (True, sms.pk)


def test_looks_at_a_batch_at_once(
    shop: Shop, placed: dict[str, Any], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    NewsSettings.objects.update(quiet_from=None, quiet_until=None)
    for _ in range(5):
        news.move(shop, news.card(shop, status="waiting_for_payment"), "approved")
        shops.poll()
    batch = shop.outgoing()
    with django_assert_max_num_queries(3):
        assert (len(batch), leaving.doubtful(batch)) == (6, [])
