"""Amounts and times as a Turkish shopkeeper reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import translation

from portal.templatetags import figures

NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # 12:00 in Istanbul


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (Decimal("1234.5"), "TRY", "1.234,50 TL"),
        (Decimal(0), "TRY", "0,00 TL"),
        (Decimal("1000000"), "USD", "1.000.000,00 USD"),
        (None, "TRY", "–"),
    ],
)
def test_money_is_written_the_turkish_way(amount: Decimal | None, currency: str, shown: str) -> None:
    assert figures.money(amount, currency) == shown


def test_money_is_written_the_english_way_in_english() -> None:
    with translation.override("en"):
        assert figures.money(Decimal("1234.5")) == "1,234.50 TL"


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        (timedelta(hours=1), "bugün 11:00"),
        (timedelta(hours=13), "dün 23:00"),
        (timedelta(days=12), "12 Kasım 12:00"),
        (timedelta(days=366), "23 Kasım 2025 12:00"),
    ],
)
def test_a_day_goes_by_its_name_where_it_is_near(before: timedelta, shown: str) -> None:
    with time_machine.travel(NOON, tick=False), translation.override("tr"):
        assert figures.day_and_time(NOON - before) == shown


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        (timedelta(seconds=59), "şimdi"),
        (timedelta(minutes=59), "59 dk"),
        (timedelta(hours=23, minutes=59), "23 sa"),
        (timedelta(days=4), "4 gün"),
        (timedelta(seconds=-30), "şimdi"),
    ],
)
def test_an_age_is_short(before: timedelta, shown: str) -> None:
    with time_machine.travel(NOON, tick=False), translation.override("tr"):
        assert f">{shown}</time>" in figures.age(NOON - before)


def test_the_exact_time_stands_in_the_title() -> None:
    with translation.override("tr"):
        assert 'title="24 Kasım 2026 12:00:00"' in figures.moment(NOON)


@pytest.mark.parametrize(("amount", "shown"), [(Decimal("2.000"), "2"), (Decimal("1.50"), "1,5"), (Decimal(10), "10")])
def test_a_quantity_has_no_needless_zeros(amount: Decimal, shown: str) -> None:
    assert figures.quantity(amount) == shown
