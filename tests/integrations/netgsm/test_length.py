"""What a text costs, by the operator's table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.netgsm import length
from integrations.netgsm.length import Alphabet

STEPS = {
    "a": (155, 301, 453, 607, 760, 917),
    "Ö": (155, 301, 453, 607, 760, 917),
}


@pytest.mark.parametrize("letter", STEPS)
def test_counts_segments_of_the_seven_bit_alphabet(letter):
    for number, full in enumerate(STEPS[letter], start=1):
        assert length.measure(letter * full).segments == number
        assert length.measure(letter * (full + 1)).segments == number + 1


def test_counts_segments_with_turkish_letters():
    for number, full in enumerate((150, 293, 442, 591, 740, 883), start=1):
        assert length.measure("ş" + "a" * (full - 2)).segments == number
        assert length.measure("ş" + "a" * (full - 1)).segments == number + 1


@pytest.mark.parametrize(
    ("text", "alphabet", "longest"),
    [
        ("a" * 917, Alphabet.GSM, 917),
        ("ş" + "a" * 881, Alphabet.TURKISH, 883),
        ("я" * 391, Alphabet.UNICODE, 391),
    ],
)
def test_knows_the_longest_text_of_each_alphabet(text, alphabet, longest):
    measured = length.measure(text)
    assert (measured.alphabet, measured.units, measured.longest, measured.fits) == (
        alphabet,
        longest,
        longest,
        True,
    )
    assert not length.measure(text + text[-1]).fits


@pytest.mark.parametrize("letter", "çğışĞİŞ")
def test_counts_two_for_a_turkish_letter(letter):
    measured = length.measure(letter)
    assert (measured.alphabet, measured.units, measured.segments) == (Alphabet.TURKISH, 2, 1)
    assert length.parameter(letter) == "TR"


@pytest.mark.parametrize("sign", "^{}\\[~]|€")
def test_counts_two_for_a_sign_of_the_extension(sign):
    measured = length.measure(sign)
    assert (measured.alphabet, measured.units) == (Alphabet.GSM, 2)
    assert length.parameter(sign) == ""


@pytest.mark.parametrize("letter", [*"öüÖÜÇ", *"azAZ09 @$_!\"#%&'()*+,-./:;<=>?", "\n", "\r"])
def test_counts_one_for_a_plain_letter(letter):
    measured = length.measure(letter)
    assert (measured.alphabet, measured.units) == (Alphabet.GSM, 1)


@pytest.mark.parametrize(
    ("sign", "units"), [("я", 1), ("`", 1), ("é", 1), ("’", 1), ("😀", 2), ("\ud800", 1), ("\t", 1)]
)
def test_takes_unicode_for_anything_else(sign, units):
    measured = length.measure(sign)
    assert (measured.alphabet, measured.units) == (Alphabet.UNICODE, units)


def test_sends_no_parameter_for_unicode_without_turkish_letters():
    assert (length.parameter("я"), length.parameter("яş")) == ("", "TR")


def test_counts_nothing_for_an_empty_text():
    measured = length.measure("")
    assert (measured.units, measured.segments, measured.fits) == (0, 0, False)


@given(st.text(max_size=1200), st.text(max_size=5))
def test_never_gets_cheaper_by_more_text(text, more):
    assert length.measure(text + more).segments >= length.measure(text).segments
