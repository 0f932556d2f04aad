"""An answer taken apart: words, known references, and numbers that nobody knows."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from messaging.turkish import Token, tokenise
from orders.matching import reluctance, words
from orders.matching.lexicon import Lexicon, contains_keyword, refusal_slip_of, slip_of
from orders.matching.outcome import Confirmation
from orders.matching.references import has_digit, key_of, reference_key, typed_reference

# A reference may be typed in pieces: up to four, or digit by digit.
_WINDOW = 4
_DIGITS_WINDOW = 12
# Nothing longer is a word with a number written onto it.
_LONGEST = 64
_LISTS = (words.AFFIRMATIVE, words.INFLECTED, words.FIXED, words.OPT_OUT)
_EDGES = re.compile(r"^(\D*)(.*?)(\D*)$", re.DOTALL)


class Kind(Enum):
    """What a piece of the text is."""

    WORD = "word"
    NUMBER = "number"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or a number, cut from what was written onto it, with its place in the text."""

    token: Token
    kind: Kind

    @property
    def text(self) -> str:
        """The piece, folded."""
        return self.token.text


@dataclass(frozen=True, slots=True)
class Mention:
    """A known reference in the text: pieces `start` to `end` (exclusive), as typed, and its key."""

    start: int
    end: int
    typed: str
    key: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A text taken apart. `ambiguous` where the numbers can be read as different orders."""

    text: str
    pieces: tuple[Piece, ...]
    mentions: tuple[Mention, ...]
    ambiguous: bool

    def words(self) -> list[str]:
        """Give the words in their order, references and numbers left out."""
        return [piece.text for piece in self.pieces if piece.kind is Kind.WORD]

    def windows(self, longest: int) -> Iterator[tuple[int, int, str]]:
        """Give every run of two or more neighbouring words, joined, of at most `longest` letters."""
        for start in range(len(self.pieces)):
            joined = ""
            for end in range(start, len(self.pieces)):
                joined += self.pieces[end].text
                if self.pieces[end].kind is not Kind.WORD or len(joined) > longest:
                    break
                if end > start:
                    yield start, end + 1, joined

    def typed(self, start: int, end: int) -> str:
        """Give what the buyer typed for a run of pieces."""
        return typed_reference(self.text, self.pieces[start].token, self.pieces[end - 1].token)


Known = Mapping[str, Sequence[tuple[int, Confirmation]]]


def index_references(confirmations: Sequence[Confirmation]) -> dict[str, list[tuple[int, Confirmation]]]:
    """Index confirmations by reference key, each with the rank of that reference (0 the transaction id)."""
    known: dict[str, list[tuple[int, Confirmation]]] = {}
    for confirmation in confirmations:
        for rank, reference in enumerate(confirmation.references):
            key = reference_key(reference)
            if key:
                known.setdefault(key, []).append((rank, confirmation))
    return known


def read(text: str, *, lexicon: Lexicon, known: Known, sender: str) -> Reading:
    """Take a text apart. A sender's own reference is preferred where two readings of the numbers overlap."""
    cut = [piece for token in tokenise(text) for piece in _cut(token, lexicon, known)]
    draft = Reading(text, tuple(cut), (), False)
    found = list(_mentions(draft, known))
    own = [m for m in found if any(sender in c.phones for _, c in known[m.key])]
    rest = _uncovered(found, _covered(own))
    mentions = _longest(own) + _longest(rest)
    covered = _covered(mentions)
    pieces = tuple(Piece(p.token, Kind.REFERENCE) if i in covered else p for i, p in enumerate(cut))
    ambiguous = _conflict(own, known) or _conflict(rest, known)
    return Reading(text, pieces, tuple(sorted(mentions, key=lambda m: m.start)), ambiguous)


def _cut(token: Token, lexicon: Lexicon, known: Known) -> Iterator[Piece]:
    """Cut a keyword or another word off the number that it is joined to."""
    if token.text in lexicon.forms or not has_digit(token.text):
        yield Piece(token, Kind.WORD)
    elif len(token.text) > _LONGEST or key_of(token.text) in known:
        yield Piece(token, Kind.NUMBER)
    elif _is_mistyped_keyword(token.text, lexicon):
        yield Piece(token, Kind.WORD)
    elif (at := _known_cut(token.text, lexicon, known)) or (at := _word_cut(token.text, lexicon)):
        first, second = token.split(at)
        yield from _cut(first, lexicon, known)
        yield from _cut(second, lexicon, known)
    else:
        yield Piece(token, Kind.NUMBER)


def _is_mistyped_keyword(text: str, lexicon: Lexicon) -> bool:
    """Tell "0nay", a digit for a letter, from "onay1", a keyword joined to a number."""
    slips = (slip_of(text, keyword) for keyword in lexicon.keywords)
    return any(slip and len(text) == len(slip[1]) and not text.isdigit() for slip in slips)


def _known_cut(text: str, lexicon: Lexicon, known: Known) -> int:
    """Find where a word ends or starts beside a known reference; 0 where it does not."""
    for form in sorted(lexicon.forms | lexicon.refusals | lexicon.cuts, key=len, reverse=True):
        if text.startswith(form) and key_of(text[len(form) :]) in known:
            return len(form)
        if text.endswith(form) and key_of(text[: -len(form)]) in known:
            return len(text) - len(form)
    return 0


def _word_cut(text: str, lexicon: Lexicon) -> int:
    """Find where the letters at either edge of a number are a word; 0 where they are part of it."""
    edges = _EDGES.match(text)
    lead, trail = (edges.group(1), edges.group(3)) if edges else ("", "")
    return (
        _edge(text, lead, trail, lexicon, _is_listed)
        or _form_cut(text, lead, trail, lexicon)
        or _edge(text, lead, trail, lexicon, _is_near)
    )


def _edge(text: str, lead: str, trail: str, lexicon: Lexicon, is_word: Callable[[str, Lexicon], bool]) -> int:
    if lead and (lead in words.BEFORE_NUMBERS or is_word(lead, lexicon)):
        return len(lead)
    if trail and (trail in words.BEHIND_NUMBERS or is_word(trail, lexicon)):
        return len(text) - len(trail)
    return 0


def _form_cut(text: str, lead: str, trail: str, lexicon: Lexicon) -> int:
    """Cut a keyword off a reference that begins or ends with one or two letters ("onayc88728ce28151")."""
    if text[len(lead) : len(text) - len(trail)].isdigit():
        return 0
    for form in sorted(lexicon.forms, key=len, reverse=True):
        if lead.startswith(form) and len(lead) <= len(form) + 2 and not words.OTHER_FORM.match(lead):
            return len(form)
        if trail.endswith(form) and len(trail) <= len(form) + 2:
            return len(text) - len(form)
    return 0


def _is_listed(letters: str, lexicon: Lexicon) -> bool:
    """Tell whether letters are a word that some rule knows, or an end of a keyword ("sipariş onay12345")."""
    if any(letters in group for group in (lexicon.forms, lexicon.refusals, lexicon.cuts, *_LISTS)):
        return True
    if words.REFUSALS_WITHIN.search(letters) or words.OTHER_FORM.match(letters):
        return True
    if len(letters) > 2 and any(k.startswith(letters) or k.endswith(letters) for k in lexicon.keywords):
        return True
    tests = (words.question_in, words.condition_in, words.future_in, words.negation_in)
    return any(test(letters) for test in (*tests, *(test for test, _ in reluctance.WORD_TESTS)))


def _is_near(letters: str, lexicon: Lexicon) -> bool:
    """Tell whether letters are a slip of a word, or merely contain a keyword ("fotonay12345")."""
    if refusal_slip_of(letters, lexicon) or contains_keyword(letters, lexicon):
        return True
    return any(slip_of(letters, keyword) for keyword in lexicon.keywords)


def _mentions(draft: Reading, known: Known) -> Iterator[Mention]:
    texts = ["" if p.kind is Kind.WORD and has_digit(p.text) else p.text for p in draft.pieces]
    for start in range(len(texts)):
        joined = ""
        for end in range(start + 1, min(start + _DIGITS_WINDOW, len(texts)) + 1):
            joined += texts[end - 1]
            if not texts[end - 1] or (end - start > _WINDOW and not joined.isdigit()):
                break
            key = key_of(joined)
            if key in known and (end == start + 1 or _is_whole_run(texts, start, end)):
                yield Mention(start, end, draft.typed(start, end), key)


def _is_whole_run(texts: Sequence[str], start: int, end: int) -> bool:
    """Tell whether no other number stands beside the pieces of one: "0532 123 45 67" holds no order 12345."""
    before, after = texts[start - 1 : start], texts[end : end + 1]
    return not any(text.isdigit() for text in (*before, *after))


def _uncovered(mentions: Iterable[Mention], covered: set[int]) -> list[Mention]:
    return [mention for mention in mentions if covered.isdisjoint(range(mention.start, mention.end))]


def _covered(mentions: Iterable[Mention]) -> set[int]:
    return {place for mention in mentions for place in range(mention.start, mention.end)}


def _longest(mentions: Sequence[Mention]) -> list[Mention]:
    """Keep the longest of the mentions that overlap."""
    kept: list[Mention] = []
    covered: set[int] = set()
    for mention in sorted(mentions, key=lambda m: m.start - m.end):
        if covered.isdisjoint(range(mention.start, mention.end)):
            kept.append(mention)
            covered.update(range(mention.start, mention.end))
    return kept


def _conflict(mentions: Sequence[Mention], known: Known) -> bool:
    """Tell whether overlapping readings of the numbers mean different orders."""
    meant: dict[int, set[str]] = {}
    for mention in mentions:
        ids = {confirmation.id for _, confirmation in known[mention.key]}
        for place in range(mention.start, mention.end):
            if meant.setdefault(place, ids) != ids:
                return True
    return False
