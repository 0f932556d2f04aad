"""Phone numbers at the edge: whatever stands in a form, a payload or an SMS becomes E.164, or nothing.

Sources: facts on the operator's sender forms (A, B) and on the store's phone fields (A): 7-20 digits with any
other characters between them.
"""

import re
import unicodedata

import phonenumbers

LONGEST = 64

_MOBILE = re.compile(r"(?:\+90|0090|90)?0?(5\d{9})", re.ASCII)
_LINE = re.compile(r"(?:\+90|0090|90)?0?([2-9]\d{9})", re.ASCII)
_JOINED_LETTER = re.compile(r"[^\W\d_]\d|\d[^\W\d_]")
_E164_TURKISH = re.compile(r"\+90(\d{10})", re.ASCII)


def mobile(raw: str) -> str | None:
    """A Turkish mobile number as E.164 (`+905321234567`), or None for anything else.

    Any ten digits that begin with 5 count: which of them are in use is the operator's to say.
    """
    match = _MOBILE.fullmatch(_dialled(raw))
    return f"+90{match[1]}" if match else None


def any_number(raw: str) -> str | None:
    """Any valid number of any country as E.164, read as Turkish where it names no country; else None."""
    turkish = mobile(raw)
    if turkish:
        return turkish
    dialled = _dialled(raw)
    for spelling in (dialled, f"+{dialled}"):
        number = _valid(spelling)
        if number:
            return number
    return None


def national(e164: str) -> str:
    """A Turkish number as the operator takes it: `5321234567`. Raises ValueError for another country's."""
    match = _E164_TURKISH.fullmatch(e164)
    if match is None:
        raise ValueError("not a Turkish number in E.164")
    return match[1]


def display(e164: str) -> str:
    """For a screen: `0532 123 45 67`; a number of another country as it is."""
    match = _E164_TURKISH.fullmatch(e164)
    if match is None:
        return e164
    digits = match[1]
    return f"0{digits[:3]} {digits[3:6]} {digits[6:8]} {digits[8:]}"


def line(raw: str) -> str:
    """A subscriber's line as ten digits: `8501234567`. Raises ValueError for anything else."""
    match = _LINE.fullmatch(_dialled(raw))
    if match is None:
        raise ValueError("not a subscriber line of ten digits")
    return match[1]


def masked(e164: str) -> str:
    """For lists, logs and metrics: `5XX***XX67`, enough to compare, too little to call."""
    match = _E164_TURKISH.fullmatch(e164)
    digits = match[1] if match else e164
    if len(digits) < 7:
        return "***"
    return f"{digits[0]}XX***XX{digits[-2:]}"


def _dialled(raw: str) -> str:
    """The ASCII digits of a number, with the plus that leads them; "" where letters are part of it."""
    if len(raw) > LONGEST:
        return ""
    text = unicodedata.normalize("NFKC", raw)
    text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    if _JOINED_LETTER.search(text):
        return ""
    digits = "".join(str(unicodedata.decimal(character, "")) for character in text)
    before = re.split(r"\d", text, maxsplit=1)[0]
    return f"+{digits}" if "+" in before else digits


def _valid(spelling: str) -> str | None:
    try:
        number = phonenumbers.parse(spelling, "TR")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
