"""Numbers, days, money and codes as a switchboard reads them out (R8)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from orders.voice import spoken

pytestmark = pytest.mark.requirement("R8")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "sıfır"),
        (1, "bir"),
        (10, "on"),
        (29, "yirmi dokuz"),
        (100, "yüz"),
        (101, "yüz bir"),
        (999, "dokuz yüz doksan dokuz"),
        (1000, "bin"),
        (1001, "bin bir"),
        (2000, "iki bin"),
        (1234, "bin iki yüz otuz dört"),
        (101_000, "yüz bir bin"),
        (1_001_000, "bir milyon bin"),
        (1_000_000_007, "bir milyar yedi"),
        (987_654_321_000, "dokuz yüz seksen yedi milyar altı yüz elli dört milyon üç yüz yirmi bir bin"),
        (-5, "eksi beş"),
    ],
)
def test_says_a_number_in_words(value: int, words: str) -> None:
    assert spoken.number(value) == words


def test_refuses_a_number_that_nobody_would_follow() -> None:
    with pytest.raises(ValueError, match="too large"):
        spoken.number(10**15)


def test_says_a_day_in_words() -> None:
    assert spoken.day(date(2026, 11, 29)) == "yirmi dokuz Kasım"


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("1234.50", "TRY", "bin iki yüz otuz dört lira elli kuruş"),
        ("20", "TRY", "yirmi lira"),
        ("0.05", "TRY", "beş kuruş"),
        ("0", "TRY", "sıfır lira"),
        ("10.005", "EUR", "on avro bir sent"),
        ("-3.20", "TRY", "eksi üç lira yirmi kuruş"),
        ("12.40", "CHF", "on iki CHF"),
    ],
)
def test_says_an_amount_in_words(amount: str, currency: str, words: str) -> None:
    assert spoken.money(Decimal(amount), currency) == words


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("100245", "100, 245"),
        ("1002", "10, 02"),
        ("1234567", "123, 45, 67"),
        ("8501234567", "850, 123, 45, 67"),
        ("12", "12"),
        ("c88728ce28151", "ce, 887, 28, ce, e, 281, 51"),
        ("TR-1234 5", "te, re, 12, 34, 5"),
        ("0dd121d13de3e", "0, de, de, 121, de, 13, de, e, 3, e"),
        ("ba5b", "be, a, 5, be"),
        ("KİIĞX", "ke, i, ı, yumuşak ge, iks"),
        ("１２３４５", "123, 45"),
        ("", ""),
    ],
)
def test_says_a_code_in_small_groups(code: str, words: str) -> None:
    assert spoken.code(code) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<speak>Ali</speak> & <b>Veli</b>", "Ali ve Veli"),
        ("Ali\u0000\u200b\nVeli\t&lt;3", "Ali Veli 3"),
        ("12<i>34</i>56", "12 34 56"),
        ("Daire 12345", "Daire 123, 45"),
        ("100 ₺ {x} [y] 👍", "100 lira x y"),
        ("١٢٣٤٥", "123, 45"),
    ],
)
def test_leaves_nothing_in_a_text_that_cannot_be_read_out(text: str, words: str) -> None:
    assert spoken.prose(text) == words
