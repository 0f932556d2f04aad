"""Turkish as people type it on a phone: one folded spelling to compare in, and how far apart two words are.

Pure; no Django. Used for texts here and for buyers' answers in `orders.matching`.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# Letters by category that show nothing: a word written with them looks like the word without.
_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")
_DROPPED = frozenset({"Mn", "Mc", "Me", "Cf"})


@dataclass(frozen=True, slots=True)
class Token:
    """One run of letters and digits: folded, with the place in its text of each folded character."""

    text: str
    places: tuple[int, ...]

    def split(self, at: int) -> "tuple[Token, Token]":
        """Cut the token in two before its character `at`."""
        return Token(self.text[:at], self.places[:at]), Token(self.text[at:], self.places[at:])


@lru_cache(maxsize=4096)
def fold_character(character: str) -> str:
    """Give what one character is compared as: letters a-z and digits, a space for what separates, or nothing.

    Both i and both ı (and their capitals) become `i`; ş ç ğ ö ü lose their marks; full-width and Arabic
    digits become ASCII. Superscripts and circled digits are no digits: `12²` is not order 122.
    """
    category = unicodedata.category(character)
    if category in _DROPPED or character in _INVISIBLE_LETTERS:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in {"Lu", "Ll", "Lt", "Lo"}:
        return "".join(_fold_letters(character)) or " "
    return " "


def _fold_letters(character: str) -> Iterator[str]:
    decomposed = unicodedata.normalize("NFKD", character).casefold()
    for part in unicodedata.normalize("NFKD", decomposed):
        if part == "ı":
            yield "i"
        elif unicodedata.category(part) in {"Ll", "Lo"} and part not in _INVISIBLE_LETTERS:
            yield part


def tokenise(text: str) -> list[Token]:
    """Split a text into its folded runs of letters and digits; everything else only separates."""
    runs: list[list[tuple[str, int]]] = [[]]
    for index, character in enumerate(text):
        for folded in fold_character(character):
            if folded != " ":
                runs[-1].append((folded, index))
            elif runs[-1]:
                runs.append([])
    return [Token("".join(c for c, _ in run), tuple(i for _, i in run)) for run in runs if run]


def fold(text: str) -> str:
    """Give the text folded, its words one space apart. Folding twice is folding once."""
    return " ".join(token.text for token in tokenise(text))


def fold_joined(text: str) -> str:
    """Give the folded text without any space: `Sipariş Onay` and `siparisonay` are one keyword."""
    return "".join(token.text for token in tokenise(text))


def allowance(word: str) -> int:
    """Say how many slips a word forgives: none below four letters, one up to seven, two from eight."""
    if len(word) < 4:
        return 0
    return 1 if len(word) < 8 else 2


@lru_cache(maxsize=16384)
def slips(typed: str, meant: str) -> int | None:
    """Count the slips from what was typed to what may be meant; None beyond the meant word's allowance.

    A slip is one letter changed, dropped or added, or two neighbours swapped.
    """
    if typed == meant:
        return 0
    allowed = allowance(meant)
    if abs(len(typed) - len(meant)) > allowed:
        return None
    distance = _distance(typed, meant)
    return distance if distance <= allowed else None


def _distance(first: str, second: str) -> int:
    """Count edits with swaps of neighbours (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        above, before_letter = row, first[i - 2] if i > 1 else ""
        row = [i]
        for j, other in enumerate(second, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other))
            if j > 1 and letter == second[j - 2] and before_letter == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = above
    return row[-1]
