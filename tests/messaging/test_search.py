"""What a person types is found in any Turkish spelling, and is never more than text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging import search


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("öz çağlar", "Çağlar Öz"),
        ("sahin", "Fatma ŞAHİN"),
        ("ISIK", "ışık"),
        ("ışık", "Isik"),
        ("çağlar öz", "CAGLAR  OZ"),
        ("a.b", "a.b"),
    ],
)
def test_finds_every_spelling(typed: str, text: str) -> None:
    assert re.search(search.pattern(typed), text)


@pytest.mark.parametrize(("typed", "text"), [("a.b", "axb"), ("şahin", "şhin"), ("a|b", "a")])
def test_finds_nothing_else(typed: str, text: str) -> None:
    assert not re.search(search.pattern(typed), text)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_whatever_is_typed_finds_itself(typed: str) -> None:
    assert re.search(search.pattern(typed), typed.strip())


@pytest.mark.parametrize(
    ("typed", "digits"),
    [("0532 123 45 67", "5321234567"), ("+90 532 123", "532123"), ("00905321234567", "5321234567"), ("4567", "4567"),
     ("533", "+90533"), ("0533", "+90533"), ("+90 533", "+90533"), ("167", ""), ("100245a", ""), ("", "")],
)  # fmt: skip
def test_reads_a_piece_of_a_phone_number(typed: str, digits: str) -> None:
    assert search.phone_digits(typed) == digits
