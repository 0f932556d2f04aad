"""One news: text, header and limits, previewed while they are typed, refused where buyers would read nonsense (R9)."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import time
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders import news_settings
from orders.models import NewsRule, NewsSettings, When
from orders.news import texts
from subscribers.models import User
from tests.factories import AccountFactory, Cast, OrderFactory, StoreFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R9")]
PAGE = "/olaylar/haberler/kargoya-verildi/"
HTMX = {"HX-Request": "true"}
TYPED = {"header": "IKINCI", "text": "(kargo) (takipno) (takiplinki)", "text_without_code": "Yolda (arg1)."}


def text(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


@pytest.fixture(autouse=True)
def account(cast: Cast) -> Any:
    return AccountFactory.create(subscriber=cast.shop, headers=["ORNEK", "IKINCI"], credit="420")


@pytest.fixture
def member(cast: Cast, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(cast.member)


def test_keeps_what_an_owner_writes(owner: Client, cast: Cast) -> None:
    OrderFactory.create(subscriber=cast.shop, payment_type_name="Havale", is_cod=False)
    limits = {"only_cod": "", "min_amount": "1.250,50", "payment_types": ["Havale"]}
    assert owner.post(PAGE, {**TYPED, **limits})["Location"] == "/olaylar/haberler/#kargoya-verildi"
    kept = NewsRule.objects.get(subscriber=cast.shop)
    assert (kept.when, kept.header, kept.text, kept.text_without_code) == ("shipped", *TYPED.values())
    assert (kept.is_on, kept.min_amount, kept.payment_types) == (False, Decimal("1250.50"), ["Havale"])


def test_leaves_a_news_off_that_was_turned_off_in_another_window(
    owner: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    NewsRule.objects.create(subscriber=cast.shop, when=When.SHIPPED, header="ORNEK", text="x")
    whole = news_settings.keep_rule

    def keep(**named: Any) -> Any:
        NewsRule.objects.update(is_on=False)
        return whole(**named)

    monkeypatch.setattr(news_settings, "keep_rule", keep)
    owner.post(PAGE, TYPED)
    assert (NewsRule.objects.get().is_on, NewsRule.objects.get().text) == (False, TYPED["text"])


@pytest.mark.parametrize(("was_on", "typed", "is_on"), [(False, {"on": "1"}, True), (True, {}, True)])
def test_turns_on_only_by_its_own_button(
    was_on: bool, typed: dict[str, str], is_on: bool, owner: Client, cast: Cast
) -> None:
    NewsRule.objects.create(subscriber=cast.shop, when=When.SHIPPED, is_on=was_on, header="ORNEK", text="x")
    owner.post(PAGE, {**TYPED, **typed})
    assert NewsRule.objects.get().is_on is is_on


def test_says_that_the_text_must_name_a_status_of_the_stores_own(owner: Client) -> None:
    hint = "ne olduğunu metinde yazın"
    assert hint in text(owner.get("/olaylar/haberler/kisisel-durum-1/"))
    assert hint not in text(owner.get(PAGE))
    assert not any("(durum)" in texts.READY[when] for when in (When.PERSONAL_1, When.PERSONAL_2, When.PERSONAL_3))


def test_begins_with_the_ready_text_and_the_first_header(owner: Client) -> None:
    shown = text(owner.get(PAGE))
    assert all(each in shown for each in (texts.READY[When.SHIPPED], texts.WITHOUT_CODE, "Kaydet ve aç"))
    assert not NewsRule.objects.exists()


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"text": "Sn.(arg2)"}, "(arg2) tanınmıyor. Kullanabilecekleriniz: (arg0), (arg1)"),
        ({"text": ""}, "Bu alan zorunludur."),
        ({"text": "ş" * 500}, "Metin çok uzun: 1000 birim; bir SMS en çok 883 birim alır."),
        ({"text": "ş" * 415 + "(takiplinki)"}, "Metin çok uzun:"),
        ({"text_without_code": "No: (takipno)"}, "Bu metin takip numarası yokken gider;"),
        ({"header": "BASKASI"}, "BASKASI"),
        ({"min_amount": "çok"}, "Tutarı rakamla yazın"),
        ({"only_cod": "on", "payment_types": ["Havale"]}, "böyle haber kimseye gitmez."),
    ],
)
def test_refuses_what_would_go_wrong_and_keeps_what_was_typed(
    typed: dict[str, Any], problem: str, owner: Client, cast: Cast
) -> None:
    OrderFactory.create(subscriber=cast.shop, payment_type_name="Havale", is_cod=False)
    answer = owner.post(PAGE, {**TYPED, **typed})
    assert (answer.status_code, problem in text(answer)) == (422, True)
    assert not NewsRule.objects.exists()
    assert all(str(value) in text(answer) for value in typed.values() if isinstance(value, str) and value != "BASKASI")


def test_shows_both_texts_on_a_phone_while_they_are_typed_and_keeps_nothing(owner: Client) -> None:
    shown = text(owner.post(PAGE, {**TYPED, "preview": "1"}, headers=HTMX))
    assert "Yurtiçi Kargo 7301234567 https://www.yurticikargo.com/" in shown
    assert "Yolda 100245." in shown
    assert ("IKINCI" in shown, "420" in shown, "<html" in shown) == (True, True, False)
    assert not NewsRule.objects.exists()


def test_previews_the_link_of_the_merchants_own_address(owner: Client, cast: Cast) -> None:
    own = {"Yurtiçi": "https://takip.example.com/(takipno)"}
    NewsSettings.objects.create(subscriber=cast.shop, carriers=own)
    shown = text(owner.post(PAGE, {**TYPED, "preview": "1"}, headers=HTMX))
    assert "https://takip.example.com/7301234567" in shown


def test_reads_no_orders_while_it_is_typed(owner: Client, cast: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        owner.post(PAGE, {**TYPED, "preview": "1"}, headers=HTMX)
    assert not [each["sql"] for each in asked if "orders_order" in each["sql"]]


def test_previews_what_was_typed_wrong(owner: Client) -> None:
    answer = owner.post(PAGE, {**TYPED, "text": "Sn.(arg2)", "preview": "1"}, headers=HTMX)
    assert (answer.status_code, "(arg2) tanınmıyor" in text(answer), "Sn.(arg2)" in text(answer)) == (200, True, True)


def test_counts_the_texts_as_the_operator_does(owner: Client) -> None:
    shown = text(owner.post(PAGE, {**TYPED, "text": "Sn.(arg0) yolda", "preview": "1"}, headers=HTMX))
    assert "1 SMS · 22 karakter, en çok 883 karakter · Türkçe harfler" in shown


@pytest.mark.parametrize("name", ["(kargo)", "(takipno)", "(takiplinki)"])
def test_refuses_what_is_empty_before_there_is_a_parcel_and_names_what_may_stand_there(
    name: str, owner: Client
) -> None:
    answer = owner.post("/olaylar/haberler/onaylandi/", {"header": "ORNEK", "text": f"Onaylandı. {name}"})
    problem = f"{name} bu haberde boş kalır, kargo bilgisi yoktur. Kullanabilecekleriniz:"
    assert (answer.status_code, NewsRule.objects.count()) == (422, 0)
    assert f"{problem} (arg0), (arg1), (magaza), (tutar), (durum)<" in text(answer)


def test_names_only_what_makes_sense_where_a_placeholder_is_not_known(owner: Client) -> None:
    answer = owner.post("/olaylar/haberler/onaylandi/", {"header": "ORNEK", "text": "Sn.(arg2)"})
    assert "Kullanabilecekleriniz: (arg0), (arg1), (magaza), (tutar), (durum)<" in text(answer)


@pytest.mark.parametrize(
    ("typed", "warning"),
    [
        ({"text": "(takipno) Sn.(isim)"}, "“(isim)” alıcıya böyle gider."),
        ({"text_without_code": "Sn.(ad) yolda"}, "“(ad)” alıcıya böyle gider."),
        ({"text": "(takipno) " + "x" * 310}, "Uzun metin: sipariş başına 3 SMS ödersiniz."),
        ({"text": "Yolda."}, "Metinde (takipno) ya da (takiplinki) yok: alıcı kargosunu izleyemez."),
    ],
)
def test_warns_of_what_may_surprise_and_keeps_it_all_the_same(
    typed: dict[str, str], warning: str, owner: Client
) -> None:
    assert warning not in text(owner.post(PAGE, {**TYPED, "preview": "1"}, headers=HTMX))
    assert warning in text(owner.post(PAGE, {**TYPED, **typed, "preview": "1"}, headers=HTMX))
    assert owner.post(PAGE, {**TYPED, **typed}).status_code == 302


def test_warns_of_quiet_hours_that_leave_little_of_the_day(owner: Client, cast: Cast) -> None:
    NewsSettings.objects.create(subscriber=cast.shop, quiet_from=time(18), quiet_until=time(11))
    shown = text(owner.post(PAGE, {**TYPED, "preview": "1"}, headers=HTMX))
    assert "Sessiz saatler günün 17 saatini tutuyor" in shown


def test_goes_back_to_the_ready_text_and_keeps_nothing_of_it(owner: Client, cast: Cast) -> None:
    NewsRule.objects.create(subscriber=cast.shop, when=When.SHIPPED, header="ORNEK", text="Benim metnim")
    shown = text(owner.post(PAGE, {**TYPED, "ready": "1"}))
    assert texts.READY[When.SHIPPED] in shown
    assert '<option value="IKINCI" selected>' in shown
    assert NewsRule.objects.get().text == "Benim metnim"


def test_has_no_text_without_a_code_where_no_parcel_is_waited_for(owner: Client) -> None:
    shown = text(owner.get("/olaylar/haberler/siparis-alindi/"))
    assert ("text_without_code" in shown, "(takipno)" in shown) == (False, False)
    assert "soru bu haberin yerini tutar" in shown


def test_offers_payment_types_that_orders_had_and_those_of_the_door(owner: Client, cast: Cast) -> None:
    OrderFactory.create(subscriber=cast.shop, payment_type_name="GarantiPay", is_cod=False)
    OrderFactory.create(subscriber=cast.other_shop, payment_type_name="Gizli Ödeme", is_cod=False)
    shown = text(owner.get(PAGE))
    assert all(f'value="{name}"' in shown for name in ("GarantiPay", "Kapıda Ödeme Nakit"))
    assert "Gizli Ödeme" not in shown


def test_keeps_a_payment_type_that_no_order_has_any_more(owner: Client, cast: Cast) -> None:
    facts = {"header": "ORNEK", "text": "x", "payment_types": ["Eski Ödeme"]}
    NewsRule.objects.create(subscriber=cast.shop, when=When.DELIVERED, **facts)
    typed = {"header": "ORNEK", "text": "Teslim edildi.", "payment_types": ["Eski Ödeme"]}
    assert owner.post("/olaylar/haberler/teslim-edildi/", typed).status_code == 302
    assert NewsRule.objects.get().payment_types == ["Eski Ödeme"]


def test_keeps_a_header_that_the_operator_no_longer_lists(owner: Client, cast: Cast) -> None:
    NewsRule.objects.create(subscriber=cast.shop, when=When.SHIPPED, header="ESKI", text="x")
    assert owner.post(PAGE, {**TYPED, "header": "ESKI"}).status_code == 302


def test_leads_to_the_account_where_no_header_is_known(owner: Client, account: Any) -> None:
    type(account).objects.update(headers=[])
    assert owner.get(PAGE)["Location"] == "/entegrasyonlar/netgsm/"


def test_shows_members_and_lets_owners_change(member: Client) -> None:
    shown = text(member.get(PAGE))
    assert ("<textarea" in shown, texts.WITHOUT_CODE in shown) == (False, True)
    assert member.post(PAGE, TYPED).status_code == 403


def test_fills_with_the_name_of_the_store(owner: Client, cast: Cast) -> None:
    StoreFactory.create(subscriber=cast.shop, name="Kuzey Ayakkabı")
    assert "Kuzey Ayakkabı" in text(owner.post(PAGE, {**TYPED, "text": "(magaza)", "preview": "1"}, headers=HTMX))


def test_fills_with_the_name_of_the_merchant_where_the_store_has_none(owner: Client, cast: Cast) -> None:
    StoreFactory.create(subscriber=cast.shop, name="")
    shown = text(owner.post(PAGE, {**TYPED, "text": "Kimden: (magaza)", "preview": "1"}, headers=HTMX))
    assert f"Kimden: {cast.shop.name}<" in shown


@pytest.mark.parametrize("count", [3, 300])
def test_asks_the_database_no_more_however_many_orders_there_are(
    count: int, owner: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    store = StoreFactory.create(subscriber=cast.shop)
    OrderFactory.create_batch(count, subscriber=cast.shop, store=store)
    with django_assert_max_num_queries(12):
        owner.get(PAGE)
