"""Words that a merchant has taught an event: each is one more form of its keyword, exact, without slips, never split.

They count only in a text that neither opts out nor refuses nor leaves doubt as it reads without them, so a word taught
can turn no such text into a confirmation. And only where nothing else is said than words of courtesy, numbers and
further words taught, beside a reference too: the keyword names consent, "gönderin" may ask for an invoice, and "tamam"
begins half of all answers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile

from messaging.turkish import fold
from orders.matching import words
from orders.matching.doubts import doubt_in
from orders.matching.lexicon import Lexicon, lexicon_of
from orders.matching.outcome import Event, Look, Reason, Step
from orders.matching.reading import Kind, Known, Reading, read
from orders.matching.references import has_digit
from orders.matching.refusals import opt_out_in, refusal_in

MOST_PARTS = 4
# A verb's end may be in two pieces itself: "gönder me yin".
_MOST_ENDING = 2
_ENDINGS = (
    ((words.conditional_ending_in, words.condition_in), Reason.CONDITIONAL),
    ((words.negative_ending_in, words.negation_in), Reason.NEGATION),
)
_SHORTEST = 2

Phrase = tuple[str, ...]


class Objection(StrEnum):
    """Why a word cannot be taught."""

    EMPTY = "empty"
    SHORT = "short"
    LONG = "long"
    NUMBER = "number"
    OPT_OUT = "opt_out"
    REFUSAL = "refusal"
    DOUBT = "doubt"
    COURTESY = "courtesy"
    CONFIRMS = "confirms"


@dataclass(frozen=True, slots=True)
class Found:
    """A taught word in a text: its pieces `start` to `end` (exclusive); `word` as its merchant wrote it."""

    word: str
    phrase: Phrase
    start: int
    end: int

    @property
    def text(self) -> str:
        """The word as it is compared."""
        return " ".join(self.phrase)

    @property
    def is_courtesy(self) -> bool:
        """Whether it says nothing but what rule 7 takes for courtesy or assent."""
        return words.FIXED.issuperset(self.phrase)


@lru_cache(maxsize=256)
def phrases_of(taught: tuple[str, ...]) -> Mapping[Phrase, str]:
    """Give the words as they are compared and as they were written, the longest first; without what cannot be one."""
    written = {tuple(fold(word).split()): word for word in reversed(taught)}
    fit = [phrase for phrase in written if 0 < len(phrase) <= MOST_PARTS and not any(map(has_digit, phrase))]
    return {phrase: written[phrase] for phrase in sorted(fit, key=lambda phrase: (-len(phrase), phrase))}


def taught_in(event: Event, reading: Reading) -> Iterator[Found]:
    """Find the event's taught words in a text, the longest first."""
    for phrase, word in phrases_of(event.confirming_words).items():
        for start in range(len(reading.pieces) - len(phrase) + 1):
            pieces = reading.pieces[start : start + len(phrase)]
            if tuple(p.text for p in pieces) == phrase and all(p.kind is Kind.WORD for p in pieces):
                before = reading.pieces[start - 1].text if start else ""
                if (before, phrase[0]) not in words.GREETING_PAIRS:
                    yield Found(word, phrase, start, start + len(phrase))


def continued_in(events: Sequence[Event], reading: Reading) -> tuple[Reason, Step] | None:
    """Find a taught word that goes on as a negative or a condition in pieces of its own ("gönder meyin")."""
    for found in (found for event in events for found in taught_in(event, reading)):
        behind = list(takewhile(lambda piece: piece.kind is Kind.WORD, reading.pieces[found.end :]))
        if reason := _goes_on(found.phrase[-1], [piece.text for piece in behind]):
            step = Step(look=Look.DOUBT_FOUND, word=f"{found.phrase[-1]} {behind[0].text}", against=reason)
            return reason, step
    return None


def _goes_on(last: str, behind: Sequence[str]) -> Reason | None:
    if not behind or behind[0] in words.FIXED:
        return None
    joined = [last + "".join(behind[:count]) for count in range(1, min(_MOST_ENDING, len(behind)) + 1)]
    for (ends, holds), reason in _ENDINGS:
        if ends(behind[0]) or any(map(holds, joined)):
            return reason
    return None


def places_of(event: Event, reading: Reading) -> frozenset[int]:
    """Give the pieces of a text that are taught words of the event."""
    return frozenset(place for found in taught_in(event, reading) for place in range(found.start, found.end))


def reread(reading: Reading, *, events: Sequence[Event], lexicon: Lexicon, known: Known, sender: str) -> Reading:
    """Read a text anew with taught words cut off the numbers they are joined to ("gonderin12345").

    The reading stays as it was where no taught word is found by that, or where the new one refuses or leaves doubt.
    """
    joined = [piece.text for piece in reading.pieces if piece.kind is not Kind.WORD]
    cuts = cuts_of(events)
    if not any(cut in text for text in joined for cut in cuts):
        return reading
    anew = read(reading.text, lexicon=replace(lexicon, cuts=cuts), known=known, sender=sender)
    is_found = any(next(taught_in(event, anew), None) for event in events)
    if not is_found or refusal_in(anew, lexicon) or doubt_in(anew, lexicon):
        return reading
    return anew


def cuts_of(events: Sequence[Event]) -> frozenset[str]:
    """Give the taught words' edges: what a number may be joined to."""
    phrases = [phrase for event in events for phrase in phrases_of(event.confirming_words)]
    return frozenset(edge for phrase in phrases for edge in (phrase[0], phrase[-1]))


def objection_to_confirming(word: str, *, events: Sequence[Event]) -> Objection | None:
    """Say why a word cannot be taught as a confirming one on a line with these events; None where it can."""
    parts = fold(word).split()
    if objection := _unfit(parts):
        return objection
    if len("".join(parts)) < _SHORTEST:
        return Objection.SHORT
    lexicon = lexicon_of(events)
    reading = read(word, lexicon=lexicon, known={}, sender="")
    if opt_out_in(reading):
        return Objection.OPT_OUT
    if refusal_in(reading, lexicon):
        return Objection.REFUSAL
    if doubt_in(reading, lexicon) or any(_goes_on(part, parts[place:]) for place, part in enumerate(parts, start=1)):
        return Objection.DOUBT
    is_courtesy = words.FIXED.issuperset(parts) and words.ASSENT.isdisjoint(parts)
    return Objection.COURTESY if is_courtesy else None


def objection_to_refusing(word: str, *, events: Sequence[Event]) -> Objection | None:
    """The same of a refusal word: it holds for the whole line, so nothing that confirms there can be one."""
    parts = fold(word).split()
    if objection := _unfit(parts):
        return objection
    lexicon = lexicon_of(events)
    if opt_out_in(read(word, lexicon=lexicon, known={}, sender="")):
        return Objection.OPT_OUT
    confirming = {phrase for event in events for phrase in phrases_of(event.confirming_words)}
    if "".join(parts) in lexicon.forms | words.AFFIRMATIVE or tuple(parts) in confirming:
        return Objection.CONFIRMS
    return Objection.COURTESY if words.FIXED.issuperset(parts) else None


def _unfit(parts: Sequence[str]) -> Objection | None:
    if not parts:
        return Objection.EMPTY
    if len(parts) > MOST_PARTS:
        return Objection.LONG
    return Objection.NUMBER if any(map(has_digit, parts)) else None
