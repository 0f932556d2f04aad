"""What holds of everything that is said, whatever stands in an order or in a merchant's texts (R8)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.ideasoft.payloads import Status
from orders.confirmation import State
from orders.voice import spoken, telling, texts
from orders.voice.telling import Line, Manner, Outcome, Told

pytestmark = pytest.mark.requirement("R8")

quick = settings(deadline=None, max_examples=150)
SNIPPETS = ["1234567890", "<speak>", "</", ">", "&amp;", "١٢٣٤٥", "①②③④", "¹²³⁴", "\u200b9", "\x00", "\n", "{{"]
SNIPPETS += ["(arg1)", "(takipno)", "uzun cümle. " * 60, "&#60;", "12<b>34</b>", "x" * 300]
mixed = st.lists(st.one_of(st.sampled_from(SNIPPETS), st.text(max_size=6))).map("".join)
words = st.one_of(st.text(max_size=40), mixed)
orders = st.builds(
    Told,
    reference=words,
    status=st.one_of(st.sampled_from(list(Status)), words),
    state=st.one_of(st.sampled_from([*State, ""])),
    created_on=st.dates(),
    store=words,
    buyer=words,
    amount=st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=4),
    currency=words,
    address=words,
    carrier=words,
    tracking=words,
    keyword=words,
)
PLAIN: dict[str, Any] = {"buyer": "", "address": "", "reference": "1", "tracking": "", "amount": Decimal(7)}
PLAIN |= {"currency": "TRY"}
manners = st.builds(
    Manner,
    extension=st.sampled_from(["", "102"]),
    says_name=st.booleans(),
    says_amount=st.booleans(),
    says_address=st.booleans(),
    says_tracking=st.booleans(),
    texts=st.dictionaries(st.sampled_from(list(texts.TEXTS)), words),
)


def fits_a_switchboard(said: str) -> bool:
    """At most 750 characters, no run of more than three digits, no markup and nothing that steers."""
    digits = re.sub(r"[^0-9]", " ", "".join("0" if letter.isdigit() else letter for letter in said))
    steers = any(unicodedata.category(letter)[0] in "CZ" for letter in said.replace(" ", ""))
    return len(said) <= 750 and not re.search(r"\d{4}", digits) and not steers and not set("<>&{}[]") & set(said)


@quick
@given(name=words, number=words, manner=manners, told=st.lists(orders, max_size=4), count=st.integers(0, 10**6))
def test_says_nothing_a_switchboard_cannot_read_out(
    name: str, number: str, manner: Manner, told: list[Told], count: int
) -> None:
    assert fits_a_switchboard(telling.of_orders(Line(name=name, number=number), manner, told, count=count))


@quick
@given(name=words, manner=manners, outcome=st.sampled_from([Outcome.NOTHING, Outcome.WITHHELD, Outcome.APOLOGY]))
def test_says_nothing_strange_where_it_has_nothing_to_tell(name: str, manner: Manner, outcome: Outcome) -> None:
    assert fits_a_switchboard(telling.of_none(Line(name=name, number="8501234567"), manner, outcome))


@quick
@given(words)
def test_cleans_a_text_once_and_for_all(text: str) -> None:
    assert spoken.prose(spoken.prose(text)) == spoken.prose(text)


@quick
@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_says_every_number_without_digits(value: int) -> None:
    assert re.fullmatch(r"[a-zçğıöşü ]+", spoken.number(value))


@pytest.mark.parametrize("secret", ["buyer", "address", "reference", "tracking"])
@quick
@given(told=orders)
def test_keeps_to_itself_what_is_not_allowed(secret: str, told: Told) -> None:
    hidden: dict[str, Any] = {secret: "qxqxqx-qxqxqx"}
    plain = replace(told, store="x", carrier="", keyword="Onay", **{**PLAIN, **hidden})
    said = telling.of_orders(Line(name="x", number="1"), Manner(), [plain], count=1)
    assert "qxqxq" not in said
    assert "yedi lira" not in said
