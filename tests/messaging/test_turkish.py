"""One folded spelling to compare in, and slips counted in it."""

import pytest

from messaging.turkish import allowance, fold, fold_joined, slips, tokenise


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("SİPARİŞ SIPARIS sıparış", "siparis siparis siparis"),
        ("ÇĞÖŞÜ çğöşü", "cgosu cgosu"),
        ("i\u0307 I\u0307 s\u0327", "i i s"),
        ("Ｏｎａｙ １２", "onay 12"),
        ("٠١٢ ۳۴", "012 34"),
        ("12² ①", "12"),
        ("o\u200bn\u00ada\u2060y", "onay"),
        ("onay-12345,#7", "onay 12345 7"),
        ("\ud800\x00", ""),
    ],
)
def test_folds_what_phones_write(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_joins_a_keyword_typed_in_pieces() -> None:
    assert fold_joined(" Sipariş-Onay ") == "siparisonay"


def test_token_splits_where_its_letters_were_typed() -> None:
    first, second = tokenise("ON\u200bAY12")[0].split(4)
    assert (first.text, first.places, second.text, second.places) == ("onay", (0, 1, 3, 4), "12", (5, 6))


@pytest.mark.parametrize(("word", "allowed"), [("ret", 0), ("onay", 1), ("istemem", 1), ("vazgecti", 2)])
def test_longer_words_forgive_more(word: str, allowed: int) -> None:
    assert allowance(word) == allowed


@pytest.mark.parametrize(
    ("typed", "meant", "count"),
    [
        ("onay", "onay", 0),
        ("onya", "onay", 1),
        ("ony", "onay", 1),
        ("onayy", "onay", 1),
        ("omay", "onay", 1),
        ("oyan", "onay", None),
        ("rte", "ret", None),
        ("sipraisonya", "siparisonay", 2),
        ("siprsony", "siparisonay", None),
    ],
)
def test_counts_slips_within_the_allowance(typed: str, meant: str, count: int | None) -> None:
    assert slips(typed, meant) == count
