"""What a text costs: its alphabet, its units, how many SMS it takes and how many it may take.

Source: facts on the operator, "Length and price" (A): 155, 301, 453 and 607 units of the 7-bit alphabet fit
into one to four SMS, 150 units of `TR` into the first; a whole text has at most 917, 883 or 391 units. The
other steps are inferred (I) from the standard's 153, 149 and 67 units a part; the operator's `length` call
counts exactly.
"""

import string
from dataclasses import dataclass
from enum import StrEnum


class Alphabet(StrEnum):
    """The alphabets by name; see `parameter` for what is really sent as `encoding`."""

    GSM = ""
    TURKISH = "TR"
    UNICODE = "unicode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """`segments`: the number of SMS paid for; 0 for an empty text, counted on for one that is too long."""

    alphabet: Alphabet
    units: int
    segments: int
    longest: int

    @property
    def fits(self) -> bool:
        return 0 < self.units <= self.longest


TURKISH_SHIFT = frozenset("çğışĞİŞ")
EXTENSION = frozenset("^{}\\[~]|€")
# The grave accent is ASCII, but no alphabet of SMS has it.
SINGLE = frozenset(string.ascii_letters + string.digits + string.punctuation + " \r\n" + "öüÖÜÇ") - {"`"}

CAPACITY = {
    Alphabet.GSM: (155, 301, 453, 607, 760, 917),
    Alphabet.TURKISH: (150, 293, 442, 591, 740, 883),
    Alphabet.UNICODE: (65, 129, 196, 263, 330, 391),
}
PART = {Alphabet.GSM: 153, Alphabet.TURKISH: 149, Alphabet.UNICODE: 67}


def measure(text: str) -> Measure:
    """What the text takes in the cheapest alphabet that holds all of it."""
    alphabet = alphabet_of(text)
    units = _units(text, alphabet)
    return Measure(
        alphabet=alphabet,
        units=units,
        segments=_segments(units, alphabet),
        longest=CAPACITY[alphabet][-1],
    )


def alphabet_of(text: str) -> Alphabet:
    characters = set(text)
    if characters - SINGLE - EXTENSION - TURKISH_SHIFT:
        return Alphabet.UNICODE
    return Alphabet.TURKISH if characters & TURKISH_SHIFT else Alphabet.GSM


def parameter(text: str) -> str:
    """What `encoding` to send: "TR" only where the text holds Turkish letters, else ""."""
    return "TR" if TURKISH_SHIFT & set(text) else ""


def _units(text: str, alphabet: Alphabet) -> int:
    if alphabet is Alphabet.UNICODE:
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    return sum(2 if character in TURKISH_SHIFT or character in EXTENSION else 1 for character in text)


def _segments(units: int, alphabet: Alphabet) -> int:
    if units == 0:
        return 0
    capacity = CAPACITY[alphabet]
    for number, fits in enumerate(capacity, start=1):
        if units <= fits:
            return number
    beyond = units - capacity[-1]
    return len(capacity) + -(-beyond // PART[alphabet])
