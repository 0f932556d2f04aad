"""The texts of a call, as a merchant may write them (R8)."""

from __future__ import annotations

import pytest

from messaging.texts import UnknownPlaceholder
from orders.voice import texts

pytestmark = pytest.mark.requirement("R8")


@pytest.mark.parametrize("name", list(texts.TEXTS))
def test_takes_every_text_of_ours(name: str) -> None:
    texts.check(name, texts.TEXTS[name].ready)


@pytest.mark.parametrize(
    ("name", "text"),
    [("order", "(durun)"), ("order", "(arg2)"), ("order", "(Tarih)"), ("greeting", "(durum)"), ("rest", "( sayi )")],
)
def test_refuses_what_a_caller_would_hear_unfilled(name: str, text: str) -> None:
    with pytest.raises(UnknownPlaceholder):
        texts.check(name, text)


def test_takes_other_words_in_parentheses_as_prose() -> None:
    texts.check("greeting", "Merhaba (cumartesi kapalıyız) (bayramda)")


def test_refuses_a_text_that_nobody_would_listen_to() -> None:
    with pytest.raises(texts.TooLong):
        texts.check("greeting", "a" * (texts.LONGEST + 1))


@pytest.mark.parametrize("own", [{}, {"order": ""}, {"order": "  "}, {"order": 5}])
def test_says_our_text_where_the_merchant_has_none(own: dict[str, object]) -> None:
    assert texts.of(own, "order") == texts.TEXTS["order"].ready
