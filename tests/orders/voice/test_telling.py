"""What a caller hears of their orders (R8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from orders.voice import telling
from orders.voice.telling import Line, Manner, Outcome, Told

pytestmark = pytest.mark.requirement("R8")

LINE = Line(name="Örnek Ticaret", number="8501234567")
PLAIN = Manner()
ORDER = Told(
    reference="100245",
    status="approved",
    state="approved",
    created_on=date(2026, 11, 29),
    store="Örnek Mağaza",
    buyer="Ayşe Yılmaz",
    amount=Decimal("1234.50"),
    address="Gül Sokak 12345 İzmir",
    carrier="Hızlı Kargo",
    tracking="TR1234567",
)
GREETING = "Örnek Ticaret sipariş hattına hoş geldiniz."


def heard(*orders: Told, manner: Manner = PLAIN, count: int = 0) -> str:
    return telling.of_orders(LINE, manner, orders, count=count or len(orders))


def test_tells_state_day_and_the_end_of_the_reference_alone() -> None:
    told = "Yirmi dokuz Kasım tarihli, numarasının sonu 02, 45 olan siparişiniz onaylandı."
    assert heard(ORDER) == f"{GREETING} {told}"


@pytest.mark.parametrize(
    ("allowed", "words"),
    [
        ({"says_name": True}, "Alıcısı Ayşe Yılmaz."),
        ({"says_amount": True}, "Tutarı bin iki yüz otuz dört lira elli kuruş."),
        ({"says_address": True}, "Teslimat adresi Gül Sokak 123, 45 İzmir."),
    ],
)
def test_says_more_of_an_order_only_where_it_is_allowed(allowed: dict[str, bool], words: str) -> None:
    assert words not in heard(ORDER)
    assert heard(ORDER, manner=Manner(**allowed)) == f"{heard(ORDER)} {words}"  # type: ignore[arg-type]


@pytest.mark.parametrize("status", ["waiting_for_approval", "approved", "being_prepared", "cancelled"])
def test_tells_no_tracking_number_before_the_parcel_is_on_its_way(status: str) -> None:
    assert "Takip numarası" not in heard(replace(ORDER, status=status), manner=Manner(says_tracking=True))


@pytest.mark.parametrize("status", ["fulfilled", "delivered", "personal_status_2"])
def test_tells_the_tracking_number_of_a_parcel_on_its_way_only_where_it_is_allowed(status: str) -> None:
    shipped, words = replace(ORDER, status=status), "Takip numarası te, re, 123, 45, 67."
    assert words not in heard(shipped)
    assert heard(shipped, manner=Manner(says_tracking=True)) == f"{heard(shipped)} {words}"


def test_leaves_a_placeholder_empty_that_is_not_allowed() -> None:
    manner = Manner(texts={"order": "Sayın (arg0), (tutar) (adres) siparişiniz (durum)."})
    assert heard(ORDER, manner=manner) == f"{GREETING} Sayın , siparişiniz onaylandı."


def test_says_how_to_confirm_an_order_that_waits() -> None:
    waiting = replace(ORDER, status="waiting_for_approval", state="waiting", keyword="siparisonay")
    how = "gibi siparisonay yazıp 850, 123, 45, 67 numarasına SMS gönderebilirsiniz."
    assert "siparişiniz onay bekliyor." in heard(waiting)
    assert heard(waiting).endswith(how)


@pytest.mark.parametrize("state", ["", "expired", "closed"])
def test_tells_nobody_to_confirm_what_nobody_asks(state: str) -> None:
    assert "SMS" not in heard(replace(ORDER, status="waiting_for_approval", state=state))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("confirmed", "siparişiniz onaylandı, hazırlanmak üzere."),
        ("declined", "siparişiniz istemediğinizi bildirdiğiniz için hazırlanmıyor."),
    ],
)
def test_tells_a_decision_that_the_store_does_not_show_yet(state: str, words: str) -> None:
    assert heard(replace(ORDER, status="waiting_for_approval", state=state)).endswith(words)


def test_names_the_carrier_of_an_order_on_its_way() -> None:
    assert heard(replace(ORDER, status="fulfilled")).endswith("siparişiniz kargoya verildi. Kargo firması Hızlı Kargo.")


def test_says_of_a_status_it_does_not_know_that_the_order_is_in_hand() -> None:
    assert heard(replace(ORDER, status="personal_status_2")).endswith("siparişiniz işlemde.")


def test_tells_two_orders_in_full_and_the_number_of_the_rest() -> None:
    orders = [replace(ORDER, reference=f"10024{n}") for n in range(5)]
    said = heard(*orders, count=14)
    assert [said.count(end) for end in ("02, 40", "02, 41", "02, 42")] == [1, 1, 0]
    assert said.endswith("Ve on iki sipariş daha.")


@pytest.mark.parametrize(
    ("greetings", "left"),
    [(10, (True, True, True)), (28, (True, True, False)), (45, (True, False, False))],
)
def test_gives_up_its_last_sentences_where_a_switchboard_takes_no_more(
    greetings: int, left: tuple[bool, bool, bool]
) -> None:
    long = {"greeting": "Merhaba. " * greetings, "order": f"(arg1) {'uzun ' * 48}", "rest": "(sayi) uzun"}
    said = heard(ORDER, replace(ORDER, reference="100999"), manner=Manner(texts=long), count=3)
    assert ("02, 45" in said, "09, 99" in said, "Bir uzun" in said) == left


@pytest.mark.parametrize("outcome", [Outcome.NOTHING, Outcome.WITHHELD, Outcome.APOLOGY])
def test_says_that_a_caller_is_put_through_only_where_there_is_an_extension(outcome: Outcome) -> None:
    alone = telling.of_none(LINE, PLAIN, outcome)
    assert telling.of_none(LINE, Manner(extension="102"), outcome) == f"{alone} Sizi bağlıyoruz."


def test_says_in_the_merchants_own_words_that_nothing_was_found() -> None:
    manner = Manner(texts={"greeting": "Alo!", "nothing": "Yok, <b>(magaza)</b>."})
    assert telling.of_none(LINE, manner, Outcome.NOTHING) == "Alo! Yok, Örnek Ticaret ."


@pytest.mark.parametrize(("waiting", "offered"), [(0, False), (1, True), (2, False)])
def test_offers_the_key_only_where_it_is_clear_what_it_confirms(waiting: int, offered: bool) -> None:
    said = telling.of_orders(LINE, Manner(confirms_by_key=True), [ORDER], count=1, waiting=waiting)
    assert ("Onaylamak için bire basın." in said) == offered


def test_offers_the_key_right_after_the_order_that_it_confirms() -> None:
    waiting = replace(ORDER, reference="100999", status="waiting_for_approval", state="waiting")
    manner = Manner(confirms_by_key=True)
    said = telling.of_orders(LINE, manner, [waiting, ORDER], count=2, waiting=1)

    assert "09, 99 olan siparişiniz onay bekliyor. Onaylamak için bire basın." in said
    assert said.count("bire basın") == 1


def test_tells_a_tracking_number_of_letters_to_its_end() -> None:
    shipped = replace(ORDER, status="fulfilled", tracking="a1b2c3d4e5f6a")
    assert "fe, 6, a." in heard(shipped, manner=Manner(says_tracking=True))


def test_tells_of_an_order_that_was_keyed_in_state_and_day_alone() -> None:
    everything = Manner(says_name=True, says_amount=True, says_address=True, says_tracking=True)
    said = telling.of_keyed(everything, replace(ORDER, status="fulfilled"))
    assert said == "Yirmi dokuz Kasım tarihli, numarasının sonu 02, 45 olan siparişiniz kargoya verildi."
