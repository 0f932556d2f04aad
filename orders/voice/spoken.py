"""How things sound: numbers, days and money in Turkish words, long numbers in small groups. Pure.

A switchboard reads its text out by itself. Of a long run of digits it makes one huge number, and of markup whatever it
likes; so nothing leaves here with more than three digits in a row, or with a character that is no word or pause.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

_ONES = ("", "bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz")
_TENS = ("", "on", "yirmi", "otuz", "kırk", "elli", "altmış", "yetmiş", "seksen", "doksan")
_SCALES = ((10**12, "trilyon"), (10**9, "milyar"), (10**6, "milyon"), (10**3, "bin"))
_MONTHS = (
    "Ocak",
    "Şubat",
    "Mart",
    "Nisan",
    "Mayıs",
    "Haziran",
    "Temmuz",
    "Ağustos",
    "Eylül",
    "Ekim",
    "Kasım",
    "Aralık",
)
# The whole and its hundredth, by ISO 4217; of others the code is read and hundredths are left out.
_MONEY = {
    "TRY": ("lira", "kuruş"),
    "USD": ("dolar", "sent"),
    "EUR": ("avro", "sent"),
    "GBP": ("sterlin", "peni"),
}
# As a person spells at the phone; side by side they would be read as a syllable: "de" is "de" and not "de, e".
_LETTERS = {
    **{letter: f"{letter}e" for letter in "bcçdfghjklmnprsştvyz"},
    "ğ": "yumuşak ge",
    "q": "kü",
    "w": "çift ve",
    "x": "iks",
}
_SMALL = {"I": "ı", "İ": "i"}
MOST_DIGITS = 3
_MARKUP = re.compile(r"<[^<>]*>|&#?\w+;")
_SIGNS = {"₺": " lira ", "&": " ve ", "_": " ", "#": " "}
_PAUSES = frozenset(".,;:!?'’\"()-/%+")
_LONG = re.compile(r"[0-9]{4,}")
_PARTS = re.compile(r"[0-9]+|[^\W\d_]+")


def number(value: int) -> str:
    """A whole number in words: 1234 is "bin iki yüz otuz dört". Raises ValueError beyond a thousand trillions."""
    if abs(value) >= 10**15:
        raise ValueError("too large to be said")
    if value == 0:
        return "sıfır"
    words = ["eksi"] if value < 0 else []
    rest = abs(value)
    for scale, name in _SCALES:
        count, rest = divmod(rest, scale)
        if count:
            words += [name] if scale == 1000 and count == 1 else [_below_thousand(count), name]
    return " ".join([*words, *([_below_thousand(rest)] if rest else [])])


def _below_thousand(value: int) -> str:
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    hundred = ("" if hundreds == 1 else _ONES[hundreds] + " ") + "yüz" if hundreds else ""
    return " ".join(filter(None, [hundred, _TENS[tens], _ONES[ones]]))


def day(on: date) -> str:
    """A day of the calendar: "yirmi dokuz Kasım"."""
    return f"{number(on.day)} {_MONTHS[on.month - 1]}"


def money(amount: Decimal, currency: str) -> str:
    """An amount: "bin iki yüz otuz dört lira elli kuruş". Raises ValueError where it is too large to be said."""
    hundredths = int((amount * 100).to_integral_value(ROUND_HALF_UP))
    whole, part = divmod(abs(hundredths), 100)
    name, small = _MONEY.get(currency, (prose(currency), ""))
    minus = "eksi " if hundredths < 0 else ""
    if not whole and part and small:
        return f"{minus}{number(part)} {small}"
    words = f"{minus}{number(whole)} {name}".strip()
    return f"{words} {number(part)} {small}" if part and small else words


def code(text: str) -> str:
    """A reference or tracking code piece by piece: `100245` is "100, 245", `TR12345` is "te, re, 123, 45"."""
    return ", ".join(_grouped(part) if part.isdigit() else _spelt(part) for part in _PARTS.findall(prose(text)))


def _spelt(letters: str) -> str:
    small = (_SMALL.get(letter, letter.lower()) for letter in letters)
    return ", ".join(_LETTERS.get(letter, letter) for letter in small)


def prose(text: str) -> str:
    """Any text so that it can be read out: one line, no markup, no long run of digits. Twice is once."""
    # Compatibility forms are other spellings of the same: full-width and circled digits are digits.
    plain = unicodedata.normalize("NFKC", _MARKUP.sub(" ", text))
    heard = " ".join("".join(map(_heard, plain)).split())
    return _LONG.sub(lambda run: _grouped(run[0]), heard)


def _heard(character: str) -> str:
    """What is left of a character: itself, a sign's word, a digit of ours, or a space; nothing of marks."""
    if character in _SIGNS:
        return _SIGNS[character]
    if character.isdigit():
        return str(unicodedata.digit(character))
    category = unicodedata.category(character)
    if category.startswith("L") or character in _PAUSES:
        return character
    return "" if category in {"Mn", "Mc", "Me", "Cf"} else " "


def _grouped(digits: str) -> str:
    """Three by three, and the last four as two and two: one digit alone is easily missed."""
    groups = [digits[at : at + MOST_DIGITS] for at in range(0, len(digits), MOST_DIGITS)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = [groups[-2][:2], groups[-2][2] + groups[-1]]
    return ", ".join(groups)
