"""A buyer phones: whose orders are told, what is kept of it, and what is never heard (R8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.netgsm.switchboard import Asked
from orders import calls
from orders.models import Call, Step, VoiceSettings
from orders.voice.telling import Outcome
from subscribers import reach
from subscribers.models import Subscriber
from tests.factories import (
    BlockedPhoneFactory,
    ConfirmationFactory,
    EventFactory,
    OrderFactory,
    StoreFactory,
    SubscriberFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R8")]

CALLER = "+905321234567"
RAW = {
    "id": 7,
    "shippingCompanyName": "Hızlı Kargo",
    "shippingTrackingCode": "TR123456",
    "shippingAddress": {"address": "Gül Sok. 5", "subLocation": "Konak", "location": "İzmir"},
}


@pytest.fixture
def shop() -> Subscriber:
    made: Subscriber = SubscriberFactory.create(name="Örnek Ticaret", line="8501234567")
    return made


def call(shop: Subscriber, caller: str = CALLER, **asked: str) -> calls.Answer:
    """What a caller hears, asked as the hook asks: with this shop alone in reach."""
    with reach.of(shop.pk):
        return calls.answer(shop, Asked(**{"caller": caller, "call": "1763.42", "keys": "", **asked}))


def order(shop: Subscriber, **values: Any) -> Any:
    return OrderFactory.create(subscriber=shop, **{"phone": CALLER, "store_status": "approved", **values})


def test_tells_the_orders_of_the_phone_that_calls_the_newest_first(shop: Subscriber) -> None:
    for age, reference in ((3, "100001"), (1, "100003"), (2, "100002")):
        order(shop, reference=reference, created_at=timezone.now() - timedelta(days=age))
    said = call(shop).said
    assert said.index("00, 03") < said.index("00, 02")
    assert said.endswith("Ve bir sipariş daha.")


def test_names_the_merchant_where_the_store_has_no_name_of_its_own(shop: Subscriber) -> None:
    VoiceSettings.objects.create(subscriber=shop, texts={"order": "(magaza) siparişiniz (durum)."})
    order(shop, store=StoreFactory.create(subscriber=shop, name=""))
    assert "Örnek Ticaret siparişiniz" in call(shop).said


def test_tells_an_order_of_any_of_its_phones(shop: Subscriber) -> None:
    order(shop, phone="+905550000000", phones=["+905550000000", CALLER])
    assert call(shop).outcome == Outcome.TOLD


def test_tells_the_day_of_the_order_in_turkish_time(shop: Subscriber) -> None:
    late = datetime.now(UTC).replace(day=9, hour=22, minute=30) - timedelta(days=30)
    order(shop, created_at=late)
    words = {9: "on ", 8: "dokuz ", 10: "on bir ", 7: "sekiz ", 11: "on iki "}[late.day]
    assert f"geldiniz. {words[0].upper()}{words[1:]}" in call(shop).said


@pytest.mark.parametrize("caller", ["+905339999999", "+4930901820", "+902122223344"])
def test_finds_nothing_for_a_phone_that_ordered_nothing(shop: Subscriber, caller: str) -> None:
    order(shop)
    told = call(shop, caller)
    words = "Örnek Ticaret sipariş hattına hoş geldiniz. Aradığınız telefonla verilmiş bir sipariş bulamadık."
    assert (told.outcome, told.said, told.redirect) == (Outcome.NOTHING, words, "")


def test_tells_a_withheld_number_to_show_itself(shop: Subscriber) -> None:
    order(shop)
    assert "Telefon numaranız görünmediği için" in call(shop, "").said


@pytest.mark.parametrize("caller", ["", "+905339999999"])
def test_puts_through_whom_it_has_nothing_to_tell(shop: Subscriber, caller: str) -> None:
    VoiceSettings.objects.create(subscriber=shop, extension="102")
    told = call(shop, caller)
    assert (told.redirect, told.said.endswith("Sizi bağlıyoruz.")) == ("102", True)


def test_never_tells_of_another_subscribers_order(shop: Subscriber) -> None:
    order(SubscriberFactory.create())
    assert call(shop).outcome == Outcome.NOTHING


@pytest.mark.parametrize("values", [{"store_status": "deleted"}, {"created_at": timezone.now() - timedelta(days=61)}])
def test_leaves_out_what_is_long_gone(shop: Subscriber, values: dict[str, Any]) -> None:
    order(shop, **values)
    assert call(shop).outcome == Outcome.NOTHING


def test_names_the_word_that_confirms_an_order_that_waits(shop: Subscriber) -> None:
    event = EventFactory.create(subscriber=shop, keyword="siparisonay", store=StoreFactory.create(subscriber=shop))
    waiting = order(shop, store=event.store, store_status="waiting_for_approval")
    ConfirmationFactory.create(order=waiting, event=event)
    assert "siparisonay yazıp 850, 123, 45, 67 numarasına" in call(shop).said


def test_names_the_default_word_where_the_event_has_none(shop: Subscriber) -> None:
    ConfirmationFactory.create(order=order(shop, store_status="waiting_for_approval"))
    assert "gibi Onay yazıp" in call(shop).said


@pytest.mark.parametrize("number", [CALLER, "+905550000000"])
def test_tells_nobody_to_confirm_an_order_with_a_blocked_phone(number: str, shop: Subscriber) -> None:
    VoiceSettings.objects.create(subscriber=shop, confirms_by_key=True)
    for phones in ([CALLER], [CALLER, "+905550000000"]):
        waiting = order(shop, phones=phones, store_status="waiting_for_approval")
        ConfirmationFactory.create(order=waiting)
    BlockedPhoneFactory.create(subscriber=shop, phone=number)
    said = call(shop).said

    assert said.count("onay bekliyor") == 2
    assert said.count("SMS gönderebilirsiniz") == said.count("bire basın") == (0 if number == CALLER else 1)


def test_tells_a_caller_to_confirm_whom_only_another_shop_has_blocked(shop: Subscriber) -> None:
    ConfirmationFactory.create(order=order(shop, store_status="waiting_for_approval"))
    BlockedPhoneFactory.create(phone=CALLER)

    assert "SMS gönderebilirsiniz" in call(shop).said


def test_tells_what_the_merchant_allows(shop: Subscriber) -> None:
    order(shop, store_status="fulfilled", raw=RAW)
    plain = call(shop).said
    VoiceSettings.objects.create(subscriber=shop, says_name=True, says_address=True, says_tracking=True)
    assert plain.endswith("kargoya verildi. Kargo firması Hızlı Kargo.")
    allowed = "Takip numarası te, re, 123, 456. Alıcısı Fatma Şahin. Teslimat adresi Gül Sok. 5, Konak, İzmir."
    assert call(shop).said == f"{plain} {allowed}"


def test_keeps_the_call_and_a_step_of_the_order_it_told_of(shop: Subscriber) -> None:
    told = order(shop)
    said = call(shop, keys="").said
    kept = Call.objects.get()
    assert (kept.caller, kept.external_id, kept.outcome, kept.order) == (CALLER, "1763.42", "told", told)
    assert (kept.said, kept.redirect) == (said, "")
    assert [(step.kind, step.detail) for step in Step.objects.filter(order=told)] == [
        ("caller_heard", {"caller": CALLER})
    ]


def test_keeps_a_call_that_found_nothing(shop: Subscriber) -> None:
    call(shop, "")
    assert [(kept.caller, kept.outcome, kept.order) for kept in Call.objects.all()] == [("", "withheld", None)]


def test_tells_no_order_while_the_subscriber_is_suspended(shop: Subscriber) -> None:
    shop.suspended_at = timezone.now()
    VoiceSettings.objects.create(subscriber=shop, extension="102")
    order(shop)
    told = call(shop)
    words = "Şu anda bilgi veremiyoruz. Lütfen daha sonra yeniden arayın. Sizi bağlıyoruz."
    assert (told.outcome, told.said, told.redirect) == (Outcome.APOLOGY, words, "102")


def test_asks_the_database_little_while_a_caller_waits(shop: Subscriber) -> None:
    for number in range(5):
        ConfirmationFactory.create(order=order(shop, reference=f"10000{number}", raw=RAW))
    with CaptureQueriesContext(connection) as asked:
        call(shop)
    assert len(asked) == 2


def test_keeps_nothing_of_a_call_that_is_only_tried(shop: Subscriber) -> None:
    order(shop)
    with reach.of(shop.pk):
        tried = calls.weigh(shop, Asked(caller=CALLER, call="", keys=""))
    assert (tried.outcome, Call.objects.count(), Step.objects.count()) == (Outcome.TOLD, 0, 0)


def test_forgets_a_call_after_thirty_days(shop: Subscriber) -> None:
    now = timezone.now()
    for age in (29, 31):
        Call.objects.create(subscriber=shop, outcome="nothing", said=str(age), at=now - timedelta(days=age))
    with reach.nothing():
        assert calls.forget() == 1
    assert [kept.said for kept in Call.objects.all()] == ["29"]
