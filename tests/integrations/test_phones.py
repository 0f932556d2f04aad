"""Phone numbers: case 43."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations import phones

NUMBER = "+905321234567"

MOBILE = {
    "5321234567": NUMBER,
    "05321234567": NUMBER,
    "905321234567": NUMBER,
    "+905321234567": NUMBER,
    "00905321234567": NUMBER,
    "+9005321234567": NUMBER,
    "+90 (532) 123 45 67": NUMBER,
    "+90 532 123 45 67": NUMBER,
    "90 532 123 45 67": NUMBER,
    "0 532 123 45 67": NUMBER,
    "0532 123 45 67": NUMBER,
    "0532-123-45-67": NUMBER,
    "0532.123.45.67": NUMBER,
    "0532/123/4567": NUMBER,
    "0(532)1234567": NUMBER,
    "(0532) 123 4567": NUMBER,
    "(+90)5321234567": NUMBER,
    " 5321234567 ": NUMBER,
    "\t05321234567\n": NUMBER,
    "0532\u00a0123\u00a045\u00a067": NUMBER,
    "0532\u2013123\u201345\u201367": NUMBER,
    "\u202d05321234567\u202c": NUMBER,
    "\u200e+90 532 123 45 67": NUMBER,
    "05321\u200b234567": NUMBER,
    "٠٥٣٢١٢٣٤٥٦٧": NUMBER,
    "۰۵۳۲۱۲۳۴۵۶۷": NUMBER,
    "０５３２１２３４５６７": NUMBER,
    "＋９０５３２１２３４５６７": NUMBER,
    "०५३२१२३४५६७": NUMBER,
    "Tel: 0532 123 45 67": NUMBER,
    "0532 123 45 67 (ev)": NUMBER,
    "+90 (555) 555 55 55": "+905555555555",
    "5051234567": "+905051234567",
    "5611234567": "+905611234567",
    "5991234567": "+905991234567",
    "": None,
    " ": None,
    "0": None,
    "+": None,
    "NETGSM": None,
    "B001": None,
    "A5321234567": None,
    "5321234567X": None,
    "532123456": None,
    "53212345678": None,
    "053212345678": None,
    "+5321234567": None,
    "15321234567": None,
    "+15321234567": None,
    "915321234567": None,
    "02163260477": None,
    "2163260477": None,
    "+90 (216) 326 04 77": None,
    "8501234567": None,
    "08501234567": None,
    "4440444": None,
    "112": None,
    "+491711234567": None,
    "+14155552671": None,
    "5" * 40: None,
    "0" * 65: None,
    "²³⁴": None,
    "five": None,
    "\x00": None,
    "\ud800": None,
    "😀": None,
}

ANY = {
    "05321234567": NUMBER,
    "+90 (216) 326 04 77": "+902163260477",
    "02163260477": "+902163260477",
    "08501234567": "+908501234567",
    "+49 171 1234567": "+491711234567",
    "491711234567": "+491711234567",
    "00491711234567": "+491711234567",
    "NETGSM": None,
    "123": None,
    "5" * 40: None,
}


def test_covers_at_least_sixty_spellings():
    assert len(MOBILE) >= 60


@pytest.mark.case(43)
@pytest.mark.parametrize("raw", MOBILE)
def test_reads_a_turkish_mobile_or_nothing(raw):
    assert phones.mobile(raw) == MOBILE[raw]


@pytest.mark.case(43)
@pytest.mark.parametrize("raw", ANY)
def test_reads_any_valid_number(raw):
    assert phones.any_number(raw) == ANY[raw]


@pytest.mark.case(43)
@given(st.text(max_size=80))
def test_never_crashes_on_any_text(raw):
    assert phones.mobile(raw) is None or phones.mobile(raw) == phones.any_number(raw)


@given(st.from_regex(r"5[0-9]{9}", fullmatch=True), st.sampled_from(["", "0", "90", "+90", "0090", "+90 0"]))
def test_makes_one_number_of_every_prefix(digits, prefix):
    assert phones.mobile(prefix + digits) == f"+90{digits}"


@pytest.mark.parametrize("raw", ["8501234567", "08501234567", "908501234567", "+90 850 123 45 67", "٨٥٠١٢٣٤٥٦٧"])
def test_reads_a_line_as_ten_digits(raw):
    assert phones.line(raw) == "8501234567"


@pytest.mark.parametrize("raw", ["", "850123456", "85012345678", "1501234567", "850ABCDEFG", "x" * 100])
def test_refuses_what_is_no_line(raw):
    with pytest.raises(ValueError, match="line"):
        phones.line(raw)


def test_shows_a_number_as_turks_write_it():
    assert phones.display(NUMBER) == "0532 123 45 67"


def test_shows_a_foreign_number_as_it_is():
    assert phones.display("+491711234567") == "+491711234567"


def test_gives_the_operator_the_national_number():
    assert phones.national(NUMBER) == "5321234567"


def test_refuses_to_give_a_foreign_number_to_the_operator():
    with pytest.raises(ValueError, match="Turkish"):
        phones.national("+491711234567")


@pytest.mark.parametrize(("number", "shown"), [(NUMBER, "5XX***XX67"), ("+491711234567", "+XX***XX67"), ("112", "***")])
def test_masks_a_number(number, shown):
    assert phones.masked(number) == shown
