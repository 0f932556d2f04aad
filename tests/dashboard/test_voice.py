"""Olaylar > Sesli yanıt: the settings, what is heard under them, a call tried, the last calls (R8)."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from orders.models import Call, VoiceSettings
from subscribers.models import AuditEntry, User
from subscribers.secrets import token_hash
from tests.factories import CallFactory, Cast, ConfirmationFactory, OrderFactory, StepFactory, StoreFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R8")]
PAGE, TRY = "/olaylar/sesli-yanit/", "/olaylar/sesli-yanit/dene/"
HTMX = {"HX-Request": "true"}
TYPED = {"extension": "102", "says_amount": "on", "text_greeting": "Merhaba, (magaza)."}


def text(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


@pytest.fixture
def member(cast: Cast, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(cast.member)


def test_keeps_what_an_owner_sets_and_writes_it_down(cast: Cast, owner: Client) -> None:
    assert owner.post(PAGE, TYPED).status_code == 302
    kept = VoiceSettings.objects.get(subscriber=cast.shop)
    assert (kept.extension, kept.says_amount, kept.says_name) == ("102", True, False)
    assert kept.texts == {"greeting": "Merhaba, (magaza)."}
    entry = AuditEntry.objects.get(action="voice_changed")
    assert (entry.actor, entry.detail) == (cast.owner, {"changed": ["extension", "says_amount", "texts"]})


def test_writes_nothing_down_where_nothing_changes(owner: Client) -> None:
    for _ in "12":
        owner.post(PAGE, TYPED)
    assert AuditEntry.objects.filter(action="voice_changed").count() == 1


def test_goes_back_to_our_text_where_the_merchants_is_taken_away(owner: Client) -> None:
    owner.post(PAGE, TYPED)
    owner.post(PAGE, {**TYPED, "text_greeting": " "})
    assert VoiceSettings.objects.get().texts == {}


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"extension": "12a"}, "Dahili yalnız rakamlardan oluşur."),
        ({"text_order": "(arg2)"}, "(arg2) tanınmıyor. Kullanabilecekleriniz: (tarih), (arg1)"),
        ({"text_order": "(tutar)"}, "Tutarı söyle kapalıyken bu metinde (tutar) kullanılamaz."),
        ({"text_rest": "a" * 251}, "250"),
    ],
)
def test_refuses_what_a_caller_should_not_hear(typed: dict[str, str], problem: str, owner: Client) -> None:
    answer = owner.post(PAGE, typed)
    assert (answer.status_code, problem in text(answer), VoiceSettings.objects.count()) == (422, True, 0)


def test_takes_a_placeholder_whose_switch_is_on(owner: Client) -> None:
    typed = {"says_amount": "on", "text_order": "(tutar) tutarındaki siparişiniz (durum)."}
    assert owner.post(PAGE, typed).status_code == 302


def test_shows_what_is_heard_while_it_is_typed_and_keeps_nothing(owner: Client) -> None:
    heard = text(owner.post(PAGE, {**TYPED, "preview": "1"}, headers=HTMX))
    assert "Merhaba, Örnek Ticaret." in heard
    assert "Tutarı bin iki yüz elli lira elli kuruş." in heard
    assert (heard.count("Sizi bağlıyoruz."), "<html" in heard, VoiceSettings.objects.count()) == (2, False, 0)


def test_shows_the_address_to_owners_alone(cast: Cast, owner: Client, member: Client) -> None:
    cast.shop.seal("hook_token", "gizli-adres")
    cast.shop.save()
    assert "/hooks/netgsm/gizli-adres/call" in text(owner.get(PAGE))
    seen = text(member.get(PAGE))
    assert ("gizli-adres" in seen, 'name="extension"' in seen, "arama_id" in seen) == (False, False, True)


def test_lists_the_last_calls_and_what_was_said(cast: Cast, owner: Client) -> None:
    order = OrderFactory.create(subscriber=cast.shop, reference="100245", store__name="X")
    CallFactory.create(subscriber=cast.shop, order=order, said="Merhaba Fatma.", at=timezone.now())
    CallFactory.create(subscriber=cast.shop, caller="", outcome="withheld", redirect="102", said="Numara gizli.")
    CallFactory.create(said="Başkasının araması.")
    seen = text(owner.get(PAGE))
    assert all(each in seen for each in ("0532 123 45 67", "Merhaba Fatma.", f"/siparisler/{order.code}/"))
    assert all(each in seen for each in ("Gizli numara", "102 dahilisine bağlandı"))
    assert "Başkasının araması." not in seen


def test_lists_twenty_calls_the_newest_first(cast: Cast, owner: Client, django_assert_max_num_queries: Any) -> None:
    now = timezone.now()
    for number in range(25):
        CallFactory.create(subscriber=cast.shop, said=f"Arama {number}.", at=now - timedelta(minutes=number))
    with django_assert_max_num_queries(12):
        seen = text(owner.get(PAGE))
    assert (seen.index("Arama 0.") < seen.index("Arama 19."), "Arama 20." in seen) == (True, False)


@pytest.mark.parametrize(
    ("phone", "words", "verdict"),
    [
        ("0532 123 45 67", "numarasının sonu 02, 45 olan siparişiniz onaylandı.", "Durumu söylendi"),
        ("0533 999 99 99", "sipariş bulamadık.", "Sipariş bulunamadı"),
        ("", "Telefon numaranız görünmediği için", "Numara gizli"),
    ],
)
def test_tries_a_call_and_keeps_nothing_of_it(phone: str, words: str, verdict: str, cast: Cast, member: Client) -> None:
    OrderFactory.create(subscriber=cast.shop, reference="100245", store_status="approved")
    answer = text(member.post(TRY, {"phone": phone}, headers=HTMX))
    assert (words in answer, verdict in answer, Call.objects.count()) == (True, True, 0)


def test_tries_keys_without_confirming_anything(cast: Cast, member: Client) -> None:
    VoiceSettings.objects.create(subscriber=cast.shop, confirms_by_key=True)
    opened = ConfirmationFactory.create(order=OrderFactory.create(subscriber=cast.shop))
    answer = text(member.post(TRY, {"phone": "05321234567", "keys": "1"}, headers=HTMX))
    opened.refresh_from_db()
    assert ("Tuşla onayladı" in answer, opened.state, Call.objects.count()) == (True, "waiting", 0)


def test_tells_in_the_orders_story_that_a_key_confirmed_it(cast: Cast, owner: Client) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    StepFactory.create(order=order, kind="buyer_confirms", detail={"call": "x"})
    assert "Siparişin telefonundan aradı, tuşla onayladı." in text(owner.get(f"/siparisler/{order.code}/"))


def test_refuses_to_try_what_is_no_phone(owner: Client) -> None:
    answer = owner.post(TRY, {"phone": "fatma"})
    assert (answer.status_code, "Bu bir telefon numarası değil." in text(answer)) == (422, True)


def test_stands_as_a_tab_beside_the_events(owner: Client, cast: Cast) -> None:
    StoreFactory.create(subscriber=cast.shop)
    assert f'href="{PAGE}"' in text(owner.get("/olaylar/"))


@pytest.mark.parametrize(("called", "word"), [(False, "Henüz arama yok"), (True, "Aramalar geliyor")])
def test_has_a_card_among_the_integrations(called: bool, word: str, owner: Client, cast: Cast) -> None:
    if called:
        CallFactory.create(subscriber=cast.shop)
    seen = text(owner.get("/entegrasyonlar/"))
    assert (word in seen, f'href="{PAGE}"' in seen) == (True, True)


def test_tells_in_the_orders_story_that_its_buyer_called(cast: Cast, owner: Client) -> None:
    order = OrderFactory.create(subscriber=cast.shop, store_status="approved")
    cast.shop.seal("hook_token", "adres")
    cast.shop.hook_token_hash = token_hash("adres")
    cast.shop.save()
    Client().get("/hooks/netgsm/adres/call", {"arayan_no": "5321234567"})
    seen = text(owner.get(f"/siparisler/{order.code}/"))
    assert ("Alıcı aradı, durumu dinledi" in seen, "0532 123 45 67 numarasından aradı" in seen) == (True, True)
