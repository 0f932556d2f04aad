"""The operator's spellings of a time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.netgsm import times

AT = datetime(2026, 3, 5, 11, 7, 9, tzinfo=UTC)

SPELLINGS = {
    "05.03.2026 14:07:09": AT,
    "5.3.2026 14:07:09": AT,
    "05/03/2026 14:07:09": AT,
    "05-03-2026 14:07:09": AT,
    "2026-03-05 14:07:09": AT,
    "2026-03-05T14:07:09": AT,
    "2026-03-05T14:07:09.123": AT,
    "2026-03-05T14:07:09+03:00": AT,
    "2026-03-05T14:07:09+0300": AT,
    "2026-03-05T11:07:09Z": AT,
    "2026/03/05 14:07:09": AT,
    "05032026140709": AT,
    " 05.03.2026 14:07:09 ": AT,
    "050320261407": AT.replace(second=0),
    "05.03.2026 14:07": AT.replace(second=0),
    "2026-03-05 14:07": AT.replace(second=0),
    "29.02.2028 00:00:00": datetime(2028, 2, 28, 21, tzinfo=UTC),
    "01.01.2027 00:30:00": datetime(2026, 12, 31, 21, 30, tzinfo=UTC),
}

NONE = [
    "", " ", "now", "05.03.2026", "31.02.2026 10:00:00", "05.13.2026 10:00:00", "05.03.2026 24:00:00",
    "29.02.2026 10:00", "00000000000000", "0503202614", "1" * 50, "05.03.0000 10:00",
    "2026-03-05T14:07:09+99:99",
    "01.01.0001 00:00:00", "٠٥.03.2026 14:07",
]  # fmt: skip


@pytest.mark.case(7)
@pytest.mark.parametrize("raw", SPELLINGS)
def test_reads_every_spelling(raw):
    assert times.read(raw) == SPELLINGS[raw]


@pytest.mark.parametrize("raw", NONE)
def test_reads_nothing_else(raw):
    assert times.read(raw) is None


@given(st.text(max_size=50))
def test_never_crashes_on_any_text(raw):
    assert times.read(raw) is None or times.read(raw).tzinfo is UTC


@given(st.datetimes(datetime(2017, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0, tzinfo=UTC)))
def test_reads_back_what_it_writes(at):
    assert times.read(times.write_seconds(at)) == times.read(times.write_dotted(at)) == at


@pytest.mark.case(50)
def test_writes_in_turkish_time_whatever_the_zone_given():
    at = datetime(2026, 12, 31, 16, 30, 5, tzinfo=timezone(timedelta(hours=-5)))
    assert times.write_seconds(at) == "01012027003005"
    assert times.write_dotted(at) == "01.01.2027 00:30:05"
