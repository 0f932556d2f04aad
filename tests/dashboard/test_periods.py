"""Which days a report is of, and which it stands beside."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from portal.dashboard import periods
from subscribers.spans import Grain

ISTANBUL = ZoneInfo("Europe/Istanbul")
NOW = datetime(2026, 11, 29, 14, 32, tzinfo=ISTANBUL)


@pytest.mark.parametrize(
    ("name", "first", "last", "before", "until"),
    [
        ("bugun", "2026-11-29", "2026-11-29", "2026-11-28", "2026-11-28 14:32"),
        ("dun", "2026-11-28", "2026-11-28", "2026-11-27", "2026-11-28 00:00"),
        ("son-7-gun", "2026-11-23", "2026-11-29", "2026-11-16", "2026-11-22 14:32"),
        ("son-30-gun", "2026-10-31", "2026-11-29", "2026-10-01", "2026-10-30 14:32"),
        ("bu-ay", "2026-11-01", "2026-11-29", "2026-10-01", "2026-10-29 14:32"),
        ("gecen-ay", "2026-10-01", "2026-10-31", "2026-09-01", "2026-10-01 00:00"),
        ("bu-yil", "2026-01-01", "2026-11-29", "2025-01-01", "2025-11-29 14:32"),
    ],
)
def test_stands_beside_as_much_of_the_time_before(name: str, first: str, last: str, before: str, until: str) -> None:
    period = periods.named(name, now=NOW)

    assert (f"{period.first}", f"{period.last}") == (first, last)
    assert f"{period.before.since.astimezone(ISTANBUL):%Y-%m-%d %H:%M}" == f"{before} 00:00"
    assert f"{period.before.until.astimezone(ISTANBUL):%Y-%m-%d %H:%M}" == until


def test_stands_beside_a_shorter_month_whole() -> None:
    period = periods.named("bu-ay", now=datetime(2026, 3, 31, 9, tzinfo=ISTANBUL))

    assert f"{period.before.since.astimezone(ISTANBUL):%d.%m}" == "01.02"
    assert f"{period.before.until.astimezone(ISTANBUL):%d.%m %H:%M}" == "28.02 09:00"


def test_stands_beside_the_28th_where_the_year_before_had_no_29th() -> None:
    period = periods.named("bu-yil", now=datetime(2028, 2, 29, 9, tzinfo=ISTANBUL))

    assert f"{period.before.until.astimezone(ISTANBUL):%Y-%m-%d %H:%M}" == "2027-02-28 09:00"


def test_stands_beside_as_many_days_of_ones_own_choice() -> None:
    period = periods.own(date(2026, 11, 10), date(2026, 11, 12), now=NOW)

    assert f"{period.before.since.astimezone(ISTANBUL):%Y-%m-%d %H:%M}" == "2026-11-07 00:00"
    assert (period.before.until, period.grain) == (period.span.since, Grain.DAY)


def test_an_unknown_name_means_the_usual_thirty_days() -> None:
    assert periods.named("x", now=NOW).first == date(2026, 10, 31)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 11, 29), date(2026, 11, 29), "29 Kasım 2026"),
        (date(2026, 11, 1), date(2026, 11, 29), "1–29 Kasım 2026"),
        (date(2026, 10, 31), date(2026, 11, 29), "31 Ekim – 29 Kasım 2026"),
        (date(2025, 12, 30), date(2026, 1, 2), "30 Aralık 2025 – 2 Ocak 2026"),
    ],
)
def test_says_days_as_a_person_would(first: date, last: date, words: str) -> None:
    assert periods.spoken(first, last) == words


def test_says_until_when_the_days_before_count() -> None:
    assert periods.named("bugun", now=NOW).spoken_before() == "28 Kasım 2026 (saat 14:32 itibarıyla)"
    assert periods.named("dun", now=NOW).spoken_before() == "27 Kasım 2026"


def test_says_it_in_english() -> None:
    with translation.override("en"):
        assert periods.named("bugun", now=NOW).spoken_before() == "28 November 2026 (until 14:32)"
