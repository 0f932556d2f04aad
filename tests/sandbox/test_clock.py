from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.clock import ISTANBUL, parse_operator_date, store_date

MOMENT = datetime(2026, 11, 24, 9, 5, tzinfo=ISTANBUL)


@pytest.mark.parametrize("text", ["241120260905", "24112026090500", "24.11.2026 09:05:00", "2026-11-24 09:05:00"])
def test_reads_every_spelling_of_a_date(text: str) -> None:
    assert parse_operator_date(text) == MOMENT


@pytest.mark.parametrize("text", ["", "24112026", "311120260905", "24/11/2026", "٢٤١١٢٠٢٦٠٩٠٥"])
def test_gives_nothing_for_what_is_no_date(text: str) -> None:
    assert parse_operator_date(text) is None


@given(st.text(max_size=30))
def test_never_fails_on_a_text(text: str) -> None:
    found = parse_operator_date(text)
    assert found is None or found.tzinfo is ISTANBUL


@given(st.datetimes(min_value=datetime(2017, 1, 1), max_value=datetime(2040, 1, 1)))
def test_writes_a_store_date_that_reads_back(naive: datetime) -> None:
    moment = naive.replace(microsecond=0, tzinfo=ISTANBUL)
    assert [datetime.fromisoformat(store_date(moment, style)) for style in ("colon", "nocolon")] == [moment] * 2
