"""Texts with placeholders: checked at saving, filled in one pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.texts import (
    MissingValue,
    Purpose,
    UnknownPlaceholder,
    check,
    fill,
    known_placeholders,
    mentions_keyword,
    placeholders,
    words_alone,
)

QUESTION = (
    "Sn.(arg0) (arg1) referans numaralı siparişiniz tarafımıza ulaşmıştır. İlgili siparişi onaylamak için "
    "Onay (arg1) yazıp 8501234567 gönderebilirsiniz."
)
VALUES = {name: f"<{name}>" for name in known_placeholders(Purpose.NEWS)}


@pytest.mark.parametrize(
    "text",
    [
        QUESTION,
        "",
        "Siparişiniz onaylanmıştır.",
        "Tutar (tutar) (KDV dahil)",
        "(kdv) (TL) (ücretsiz) (2 adet) (evet) :)",
        "Sipariş (durum bilgisi için arayın) (tutar değişebilir)",
        "%s {0.__class__} {{7*7}} {% if %} ${x} (",
        "100 TL) ve (50 TL",
    ],
)
def test_accepts_texts_that_a_buyer_can_read(text: str) -> None:
    check(text, purpose=Purpose.QUESTION)


@pytest.mark.case(44)
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sn. (arg2)", "(arg2)"),
        ("Sn. (arg)", "(arg)"),
        ("Sn. (arg0", "(arg0"),
        ("Sn. arg0)", "arg0)"),
        ("Sn. arg0", "arg0"),
        ("Sn. (ARG0)", "(ARG0)"),
        ("Sn. ( arg0 )", "( arg0 )"),
        ("Sn. (arg0 (arg1)", "(arg0"),
        ("Sn. (arg 1)", "(arg 1)"),
        ("Sn. (argo)", "(argo)"),
        ("(magza)", "(magza)"),
        ("(Mağaza)", "(Mağaza)"),
        ("(tutra)", "(tutra)"),
        ("(tutarı)", "(tutarı)"),
        ("( durum )", "( durum )"),
        ("Toplam (tutar", "(tutar"),
        ("(takiplnik)", "(takiplnik)"),
        ("(kargo)", "(kargo)"),
    ],
)
def test_refuses_what_looks_like_a_placeholder_and_is_none(text: str, name: str) -> None:
    with pytest.raises(UnknownPlaceholder) as refused:
        check(text, purpose=Purpose.REPLY)
    assert (refused.value.name, refused.value.known) == (name, ("arg0", "arg1", "magaza", "tutar", "durum"))


def test_accepts_tracking_in_news_only() -> None:
    check("(kargo) (takipno) (takiplinki)", purpose=Purpose.NEWS)


def test_lists_words_alone_in_parentheses_that_go_as_they_are() -> None:
    text = "Sn.(ad) (arg0) ( isim ) (ad) (KDV dahil) (2815) (magza)"
    assert words_alone(text) == ("(ad)", "( isim )")


def test_lists_placeholders_once_in_their_order() -> None:
    assert placeholders("(arg1) (arg0) (arg1) (arg2) (durum)") == ("arg1", "arg0", "durum")


def test_fills_every_placeholder() -> None:
    assert fill("(arg0), (arg1): (tutar)", VALUES) == "<arg0>, <arg1>: <tutar>"


@pytest.mark.case(44)
def test_never_evaluates_a_placeholder_inside_a_name() -> None:
    assert fill("Sn.(arg0) (arg1)", {"arg0": "(arg1) (arg0)", "arg1": "12345"}) == "Sn.(arg1) (arg0) 12345"


@pytest.mark.case(44)
@pytest.mark.parametrize("literal", ["%s", "{0.__class__}", "{{7*7}}", "{arg0}", r"\1 \g<0>", "$arg0", "(arg2)"])
def test_leaves_other_syntax_as_text_in_texts_and_values(literal: str) -> None:
    assert fill(f"{literal} (arg0)", {"arg0": literal}) == f"{literal} {literal}"


@pytest.mark.case(44)
def test_flattens_lines_and_controls_in_values() -> None:
    assert fill("(arg0).", {"arg0": " Ali\r\nVeli\x00\u2028 \u202eCan\x1b[0m "}) == "Ali Veli Can [0m."


@pytest.mark.case(44)
def test_cuts_a_huge_name() -> None:
    assert fill("(arg0)", {"arg0": "A" * 100_000}) == "A" * 60


def test_leaves_out_a_tracking_link_that_would_be_cut() -> None:
    assert fill("Takip: (takiplinki)", {"takiplinki": "https://kargo.example/" + "1" * 200}) == "Takip: "


def test_names_the_missing_value() -> None:
    with pytest.raises(MissingValue, match="arg1"):
        fill("(arg0) (arg1)", {"arg0": "Ali"})


@pytest.mark.parametrize(
    ("text", "keyword", "mentioned"),
    [
        (QUESTION, "", True),
        (QUESTION, "ONAY", True),
        (QUESTION, "siparisonay", False),
        ("SİPARİŞ ONAY (arg1) yazın", "siparisonay", True),
        ("sipariş-onay yazın", "Sipariş Onay", True),
        ("siparişinizi onaylamak için cevap yazın", "", False),
        ("Cevabınız: 'EVET'", "evet", True),
        ("(magaza)", "magaza", False),
        ("", "", False),
    ],
)
def test_tells_whether_a_question_names_the_keyword(text: str, keyword: str, mentioned: bool) -> None:
    assert mentions_keyword(text, keyword) is mentioned


@given(st.text())
def test_text_without_placeholders_is_filled_with_itself(text: str) -> None:
    prose = text.replace("(", "")
    assert fill(prose, VALUES) == prose


@given(st.text(max_size=300))
def test_filled_name_is_bounded_and_one_line(name: str) -> None:
    filled = fill("(arg0)", {"arg0": name})
    assert len(filled) <= 60
    assert filled.isprintable()


@given(st.lists(st.sampled_from(["(arg0)", "(arg", "0)", "(magza)", "(tutar", ")", "(", " ", "a", "(KDV)"])))
def test_checked_text_leaves_no_placeholder_unfilled(parts: list[str]) -> None:
    text = "".join(parts)
    try:
        check(text, purpose=Purpose.QUESTION)
    except UnknownPlaceholder:
        return
    assert "arg" not in fill(text, {"arg0": "", "tutar": ""})
