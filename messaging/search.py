"""What a person typed into a search box, as something the database can look for.

The database folds no Turkish letters (it has no tr_TR collation), so a letter is looked for in all its spellings.
"""

from __future__ import annotations

import re

LONGEST = 80

_ALIKE = ("aâAÂ", "cçCÇ", "gğGĞ", "iıîIİÎ", "oöOÖ", "sşSŞ", "uüûUÜÛ")
_SPELLINGS = {letter: f"[{family}]" for family in _ALIKE for letter in family}


def pattern(typed: str) -> str:
    """A regular expression that finds `typed` in any case, with or without Turkish letters.

    Several words are found in any order: "Yılmaz Ayşe" finds "Ayşe Yılmaz".
    """
    words = ["".join(map(_spellings, word)) for word in typed[:LONGEST].split()]
    return words[0] if len(words) == 1 else "".join(f"(?=.*{word})" for word in words)


def phone_digits(typed: str) -> str:
    """The digits to look for in E.164 numbers, without trunk zero or country code; empty where they are no number.

    Three digits are enough where they may begin a Turkish number ("533", "0212"), and are looked for there alone.
    """
    if not re.fullmatch(r"[\d\s()+.-]+", typed.strip()):
        return ""
    digits = re.sub(r"\D", "", typed[:LONGEST])
    digits = re.sub(r"^(00)?90(?=[2-58]\d\d)|^0", "", digits)
    if re.fullmatch(r"[2-58]\d\d", digits):
        return f"+90{digits}"
    return digits if len(digits) >= 4 else ""


def _spellings(letter: str) -> str:
    if letter in _SPELLINGS:
        return _SPELLINGS[letter]
    if letter.lower() != letter.upper():
        return f"[{letter.lower()}{letter.upper()}]"
    return re.escape(letter)
