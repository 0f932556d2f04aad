"""Spans of the shop's own calendar: how finely they are cut, and where their parts begin."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subscribers import spans
from subscribers.spans import Grain, Span

ISTANBUL = ZoneInfo("Europe/Istanbul")


def test_a_day_begins_at_midnight_where_the_shop_is() -> None:
    span = spans.of_days(date(2026, 11, 29), date(2026, 11, 29))

    assert span.since == datetime(2026, 11, 28, 21, tzinfo=UTC)
    assert span.until - span.since == timedelta(days=1)


@pytest.mark.parametrize(
    ("days", "grain"),
    [(1, Grain.HOUR), (2, Grain.DAY), (31, Grain.DAY), (45, Grain.DAY), (46, Grain.WEEK), (210, Grain.WEEK),
     (211, Grain.MONTH), (366, Grain.MONTH)],
)  # fmt: skip
def test_is_cut_as_finely_as_can_be_looked_at(days: int, grain: Grain) -> None:
    first = date(2026, 1, 1)
    assert spans.grain_of(spans.of_days(first, first + timedelta(days=days - 1))) == grain


@pytest.mark.parametrize(
    ("grain", "first", "count"),
    [
        (Grain.HOUR, datetime(2026, 10, 28, 0, tzinfo=ISTANBUL), 33 * 24),
        (Grain.DAY, datetime(2026, 10, 28, 0, tzinfo=ISTANBUL), 33),
        (Grain.WEEK, datetime(2026, 10, 26, 0, tzinfo=ISTANBUL), 5),
        (Grain.MONTH, datetime(2026, 10, 1, 0, tzinfo=ISTANBUL), 2),
    ],
)
def test_begins_a_week_on_monday_and_a_month_on_its_first(grain: Grain, first: datetime, count: int) -> None:
    parts = spans.starts(spans.of_days(date(2026, 10, 28), date(2026, 11, 29)), grain)

    assert (parts[0], len(parts)) == (first, count)


@settings(deadline=None)  # a year by its hours takes a moment on a busy machine
@given(
    first=st.dates(date(2017, 1, 1), date(2040, 1, 1)),
    length=st.integers(0, 400),
    cut=st.integers(0, 86_399),
    grain=st.sampled_from(Grain),
)
def test_leaves_no_moment_of_a_span_without_its_part(first: date, length: int, cut: int, grain: Grain) -> None:
    whole = spans.of_days(first, first + timedelta(days=length))
    span = Span(since=whole.since, until=whole.until - timedelta(seconds=cut))
    parts = spans.starts(span, grain)

    assert parts == sorted(set(parts))
    assert parts[0] <= span.since < ([*parts, whole.until][1])
    assert parts[-1] < span.until
