import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.netgsm.numbers import national


@pytest.mark.parametrize(
    "number", ["5321234567", "05321234567", "905321234567", "+90 (532) 123 45 67", "00905321234567"]
)
def test_reads_every_spelling_of_a_number(number: str) -> None:
    assert national(number) == "5321234567"


@pytest.mark.parametrize(("number", "kept"), [("", ""), ("NETGSM", ""), ("12345", "12345"), ("٥٣٢", "")])
def test_keeps_only_digits_of_others(number: str, kept: str) -> None:
    assert national(number) == kept


@given(st.text(max_size=40))
def test_settles_at_once(number: str) -> None:
    once = national(number)
    assert national(once) == once or len(once) != 10
