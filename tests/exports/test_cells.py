"""Which texts of a file a spreadsheet would run, and that none of them is left so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.exports.cells import harmless, is_formula

BLANKS = " \t\r\n\"'’“\u00a0\u200b\ufeff"
BEGINNINGS = "=+-@＝＋－＠"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+905321234567",
        "-2",
        "@SUM(A1)",
        "\rmerhaba",
        "\nmerhaba",
        "  =1",
        "'=1",
        '"=1',
        "\u00a0=1",
        "\u200b@x",
        "＝1+1",
        '=HYPERLINK("http://x.example";"tıkla")',
    ],
)
def test_puts_what_a_spreadsheet_would_run_behind_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "onay 100245", "0532 123 45 67", "Ayşe = Fatma", "1-2", "'merhaba'", " onay", "100245", "Çelik-Kara"]
)
def test_leaves_every_other_text_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('Ali,=HYPERLINK("http://x.example")', 'Ali,\'=HYPERLINK("http://x.example")'),
        ("Ali; =1+1", "Ali; '=1+1"),
        ("Ali|@SUM(A1)", "Ali|'@SUM(A1)"),
        ("Ali\t+1", "Ali\t'+1"),
        ("Ali\n=1", "Ali\n'=1"),
        ('Ali,"=1', "Ali,'\"=1"),
        ("Ali, -5", "Ali, '-5"),
        ("=1;=2", "'=1;'=2"),
        ("\t=1", "'\t'=1"),
    ],
)
def test_puts_what_runs_behind_a_separator_behind_an_apostrophe(text: str, written: str) -> None:
    assert harmless(text) == written


@pytest.mark.parametrize("text", ["Kadıköy, İstanbul", "2 adet; mavi - M", "onay, 1-2 gün", "a|b", "Ali, Ayşe + Can"])
def test_leaves_a_sentence_with_separators_as_it_is(text: str) -> None:
    assert harmless(text) == text


@given(blanks=st.text(BLANKS, max_size=6), first=st.sampled_from(BEGINNINGS), rest=st.text(max_size=40))
def test_finds_a_formula_whatever_stands_before_it(blanks: str, first: str, rest: str) -> None:
    assert is_formula(blanks + first + rest)


@given(st.text(max_size=60))
def test_leaves_nothing_that_runs_and_loses_nothing(text: str) -> None:
    written = harmless(text)

    assert written[:1] not in set("=+-@\t\r\n＝＋－＠")
    assert written.replace("'", "") == text.replace("'", "")
