"""Shipped orders, quiet hours, and what becomes of a news that was lost (R9)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from integrations.ideasoft.models import StoreErrand
from messaging.models import OutgoingMessage, OutgoingState
from orders import attention, hand, reports, resending
from orders.conversation import decisions
from orders.models import News, NewsRule, NewsSettings, When
from orders.news import sending, texts
from orders.queries import of_messages, sheet
from portal.dashboard import sentences
from subscribers import audit
from subscribers.models import Notice
from subscribers.spans import Grain, Span
from tests import shops
from tests.loop import news
from tests.shops import Shop
from work import claims

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.requirement("R9"),
    pytest.mark.usefixtures("settles_at_once"),
]

TEXT = "(arg1) (kargo) (takipno) (takiplinki)"
COMPANY = {"shippingCompanyName": "Idea Cargo"}


@pytest.fixture
def placed(shop: Shop) -> dict[str, Any]:
    """An order that waits in the store; its shipping is told at any hour."""
    news.turn_on(shop, When.SHIPPED, text=TEXT)
    placed = news.card(shop, transactionId="777")
    shops.poll()
    return placed


def test_names_carrier_and_code(shop: Shop, placed: dict[str, Any]) -> None:
    news.move(shop, placed, "fulfilled", shippingTrackingCode=news.CODE, **COMPANY)

    assert shop.texts() == [f"777 Idea Cargo {news.CODE}"]


def test_leads_to_where_the_parcel_is_followed(shop: Shop, placed: dict[str, Any]) -> None:
    NewsSettings.objects.update(carriers={"Idea Cargo": "https://kargo.example/(takipno)"})
    news.move(shop, placed, "fulfilled", shippingTrackingCode="4711", **COMPANY)

    assert shop.texts() == ["777 Idea Cargo 4711 https://kargo.example/4711"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("Takip: (takiplinki)", "Takip: 4711"), ("(takipno) (takiplinki)", "4711"), ("(takiplinki) (arg1)", "4711 777")],
)
def test_the_code_stands_for_the_link_where_the_company_is_not_known(
    shop: Shop, placed: dict[str, Any], text: str, said: str
) -> None:
    NewsRule.objects.update(text=text)
    news.move(shop, placed, "fulfilled", shippingTrackingCode="4711", **COMPANY)

    assert shop.texts() == [said]


def test_waits_where_somebody_wrote_a_dash_for_the_code(shop: Shop, placed: dict[str, Any]) -> None:
    news.move(shop, placed, "fulfilled", shippingTrackingCode="-", **COMPANY)

    assert (shop.texts(), news.waits(shop)) == ([], ["waits_for_code"])


def test_goes_where_the_kept_addresses_cannot_be_read(shop: Shop, placed: dict[str, Any]) -> None:
    NewsSettings.objects.update(carriers=["Aras"])
    news.move(shop, placed, "fulfilled", shippingTrackingCode="4711", **COMPANY)

    assert shop.texts() == ["777 Idea Cargo 4711"]


def test_waits_for_the_code_and_says_so_once(shop: Shop, placed: dict[str, Any]) -> None:
    news.move(shop, placed, "fulfilled")
    shops.poll()

    assert (shop.texts(), news.told(shop, placed)) == ([], [("news_waits", "shipped", "waits_for_code")])
    row = News.objects.get()
    assert row.due_at == row.since + timedelta(hours=4)


def test_goes_as_soon_as_the_code_comes(shop: Shop, placed: dict[str, Any]) -> None:
    news.move(shop, placed, "fulfilled")
    shop.change(placed, shippingTrackingCode="4711", **COMPANY)
    shops.poll()

    assert shop.texts() == ["777 Idea Cargo 4711"]


def late_code(shop: Shop, placed: dict[str, Any]) -> list[str]:
    """What the story says of codes that came after the news went."""
    with translation.override("tr"):
        told = sentences.story(sheet(shop.subscriber, shop.order(placed).code))
    return [f"{entry.title}: {entry.cause}" for entry in told if "akip numarası" in entry.title]


def test_the_story_says_that_the_code_came_after_the_news_went(shop: Shop, placed: dict[str, Any]) -> None:
    NewsSettings.objects.update(waits_hours=0)
    news.move(shop, placed, "fulfilled")
    shop.change(placed, shippingTrackingCode="4711", **COMPANY)
    for _ in range(2):
        shops.poll()

    assert late_code(shop, placed) == ["Takip numarası geldi: 4711. Haber zaten gitmişti."]
    assert len(shop.outgoing()) == 1


def test_an_order_read_again_with_the_same_code_writes_nothing_about_news(shop: Shop, placed: dict[str, Any]) -> None:
    news.move(shop, placed, "fulfilled", shippingTrackingCode="4711", **COMPANY)
    shop.change(placed, customerFirstname="Ayşe")
    with CaptureQueriesContext(connection) as asked:
        shops.poll()

    assert shop.order(placed).buyer_name.startswith("Ayşe")
    assert not [each["sql"] for each in asked if each["sql"].startswith('UPDATE "orders_news"')]


def test_the_story_says_that_the_code_was_corrected_after_the_news_went(shop: Shop, placed: dict[str, Any]) -> None:
    news.move(shop, placed, "fulfilled", shippingTrackingCode="4711", **COMPANY)
    shop.change(placed, shippingTrackingCode="4712")
    shops.poll()

    assert late_code(shop, placed) == ["Takip numarası değişti: 4711 → 4712. Haber zaten gitmişti."]
    assert len(shop.outgoing()) == 1


def test_the_story_says_nothing_of_a_code_that_the_news_still_names(shop: Shop, placed: dict[str, Any]) -> None:
    news.move(shop, placed, "fulfilled")
    shop.change(placed, shippingTrackingCode="4711", **COMPANY)
    shops.poll()

    assert late_code(shop, placed) == []


def test_goes_without_the_code_once_it_has_waited(shop: Shop, placed: dict[str, Any]) -> None:
    news.move(shop, placed, "fulfilled")
    News.objects.update(since=timezone.now() - timedelta(hours=4))
    news.let_pass()

    without = texts.WITHOUT_CODE.partition("(arg1)")[2].partition(" (magaza)")[0]
    assert len(shop.texts()) == 1
    assert without in shop.texts()[0]


def test_goes_without_the_code_in_the_merchants_words(shop: Shop, placed: dict[str, Any]) -> None:
    NewsRule.objects.update(text_without_code="Yolda: (arg1)")
    NewsSettings.objects.update(waits_hours=0)
    news.move(shop, placed, "fulfilled")

    assert shop.texts() == ["Yolda: 777"]


def test_waits_for_no_code_that_the_text_does_not_name(shop: Shop, placed: dict[str, Any]) -> None:
    NewsRule.objects.update(text="Yolda: (arg1)")
    news.move(shop, placed, "fulfilled")

    assert shop.texts() == ["Yolda: 777"]


def test_a_delivered_parcel_is_told_of_as_that_alone(shop: Shop, placed: dict[str, Any]) -> None:
    news.turn_on(shop, When.DELIVERED)
    news.move(shop, placed, "fulfilled")
    news.move(shop, placed, "delivered")
    news.let_pass()

    assert shop.texts() == ["delivered 777"]
    assert ("news_dropped", "shipped", "overtaken") in news.told(shop, placed)


@pytest.mark.parametrize("status", ["delivered", "cancelled"])
def test_says_at_once_that_what_waited_for_the_code_was_overtaken(
    shop: Shop, placed: dict[str, Any], status: str
) -> None:
    news.move(shop, placed, "fulfilled")
    news.move(shop, placed, status)

    assert news.told(shop, placed) == [
        ("news_waits", "shipped", "waits_for_code"),
        ("news_dropped", "shipped", "overtaken"),
    ]


def test_says_at_once_that_what_waited_for_the_morning_was_overtaken(shop: Shop, placed: dict[str, Any]) -> None:
    NewsSettings.objects.all().delete()
    news.be_quiet(shop)
    news.move(shop, placed, "fulfilled", shippingTrackingCode="4711")
    news.move(shop, placed, "delivered")

    assert news.told(shop, placed)[-1] == ("news_dropped", "shipped", "overtaken")


def test_holds_a_news_until_the_quiet_hours_are_over(shop: Shop, placed: dict[str, Any]) -> None:
    NewsSettings.objects.all().delete()
    news.be_quiet(shop)
    news.move(shop, placed, "fulfilled", shippingTrackingCode="4711")
    row = News.objects.get()
    assert (shop.texts(), row.reason) == ([], "quiet_hours")
    assert row.due_at is not None
    assert timedelta(minutes=58) < row.due_at - timezone.now() <= timedelta(hours=1)

    NewsSettings.objects.update(quiet_from=None, quiet_until=None)
    news.let_pass()
    assert len(shop.texts()) == 1
    assert [kind for kind, *_ in news.told(shop, placed)] == ["news_waits", "news_queued"]


@pytest.mark.parametrize(
    ("clock", "until"),
    [
        (datetime(2020, 7, 1, 19, 30, tzinfo=UTC), datetime(2020, 7, 2, 5, tzinfo=UTC)),
        (datetime(2020, 7, 1, 4, 59, tzinfo=UTC), datetime(2020, 7, 1, 5, tzinfo=UTC)),
        (datetime(2020, 7, 1, 5, 0, tzinfo=UTC), None),
    ],
    ids=["late in the evening", "early in the morning", "in the morning"],
)
def test_is_quiet_at_night_where_the_merchant_has_set_nothing(
    shop: Shop, placed: dict[str, Any], clock: datetime, until: datetime | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    NewsSettings.objects.all().delete()
    shop.change(placed, status="fulfilled", shippingTrackingCode="4711")
    StoreErrand.objects.update(due_at=timezone.now())
    shops.work_off("store.changed_orders")
    claim = claims.take(sending.NEWS, shop.store.pk)
    assert claim is not None
    monkeypatch.setattr(sending, "timezone", SimpleNamespace(now=lambda: clock))
    sending.send(claim)

    assert News.objects.get().due_at == until


def test_drops_what_was_overtaken_while_it_was_quiet(shop: Shop, placed: dict[str, Any]) -> None:
    news.turn_on(shop, When.DELIVERED)
    news.be_quiet(shop)
    NewsSettings.objects.update(quiet_from=time(0), quiet_until=time(23, 59, 59))
    news.move(shop, placed, "fulfilled", shippingTrackingCode="4711")
    news.move(shop, placed, "delivered")
    NewsSettings.objects.update(quiet_from=None, quiet_until=None)
    news.let_pass()

    assert shop.texts() == ["delivered 777"]
    assert ("news_dropped", "shipped", "overtaken") in news.told(shop, placed)


def test_questions_leave_while_it_is_quiet(shop: Shop, placed: dict[str, Any]) -> None:
    NewsSettings.objects.update(quiet_from=time(0), quiet_until=time(23, 59, 59))
    shop.place()
    shops.poll()

    assert len(shop.texts()) == 1


@pytest.fixture
def lost(shop: Shop, placed: dict[str, Any]) -> OutgoingMessage:
    """The news of its shipping did not arrive."""
    news.move(shop, placed, "fulfilled", shippingTrackingCode="4711")
    OutgoingMessage.objects.update(state=OutgoingState.UNDELIVERED, report_status=2)
    return OutgoingMessage.objects.get()


def test_a_lost_news_is_sent_again_by_the_newss_own_header(shop: Shop, lost: OutgoingMessage) -> None:
    NewsRule.objects.update(header="YENI")
    again = resending.send_again(lost, by=shop.subscriber_owner(), reason="")

    assert (again.text, again.header, again.replaces_id) == (lost.text, "YENI", lost.pk)
    assert list(of_messages(shop.subscriber, [again.pk])) == [again.pk]


def test_a_lost_news_that_holds_no_longer_is_not_sent_again(
    shop: Shop, placed: dict[str, Any], lost: OutgoingMessage
) -> None:
    news.move(shop, placed, "delivered")

    with pytest.raises(hand.NotPossible, match="news_overtaken"):
        resending.send_again(lost, by=shop.subscriber_owner(), reason="")


def test_the_screen_says_why_a_lost_news_is_not_sent_again(
    shop: Shop, placed: dict[str, Any], lost: OutgoingMessage
) -> None:
    news.move(shop, placed, "delivered")
    client = Client()
    client.force_login(shop.subscriber_owner(), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.post(f"/mesajlar/{lost.pk}/yeniden/", {"read": "on"}, follow=True).content.decode()

    assert "bu haber artık doğru olmadığı için gönderilmedi" in page


def test_its_sms_belongs_to_the_order_and_the_conversation(
    shop: Shop, placed: dict[str, Any], lost: OutgoingMessage
) -> None:
    assert of_messages(shop.subscriber, [lost.pk]) == {lost.pk: {shop.order(placed).code: "777"}}
    assert decisions(shop.subscriber, lost.phone, since=None, until=None) == []


def test_its_sms_counts_in_the_report_of_its_store(shop: Shop, lost: OutgoingMessage) -> None:
    now = timezone.now()
    span = Span(since=now - timedelta(days=1), until=now + timedelta(days=1))
    before = Span(since=now - timedelta(days=3), until=now - timedelta(days=1))
    told = reports.of(shop.subscriber, span=span, before=before, grain=Grain.DAY, store=shop.store.code)

    assert (told.now.traffic.sent, told.now.traffic.failed) == (1, 1)


def test_a_refused_header_is_not_put_right_while_a_news_uses_it(shop: Shop, placed: dict[str, Any]) -> None:
    NewsRule.objects.update(header="HABER")
    audit.raise_notice(about=shop.account, kind="header_not_defined", header="HABER")
    attention.look_after(shop.store)
    assert Notice.objects.get().ended_at is None

    NewsRule.objects.update(is_on=False)
    attention.look_after(shop.store)
    assert Notice.objects.get().ended_at is not None
