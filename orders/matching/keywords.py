"""Whether an event's keyword fits an answer (rules 3 and 4)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from messaging.turkish import slips
from orders.matching import learned, words
from orders.matching.lexicon import Lexicon, forms_of, keyword_of, refusal_slip_of, slip_of
from orders.matching.outcome import Event, Look, Reason, Step
from orders.matching.reading import Kind, Reading

# A shorter keyword in pieces may be ordinary words: "on ay" is ten months.
_SPLIT_ANYWHERE = 8


@dataclass(frozen=True, slots=True)
class Fit:
    """How a keyword was looked for. It fits unless `refused` says why not; pieces `start` to `end` are it.

    `is_taught`: not the keyword itself was found, but a word that the merchant has taught the event.
    """

    event: Event
    step: Step
    start: int = 0
    end: int = 0
    refused: Reason | None = None
    is_taught: bool = False


def fit(event: Event, reading: Reading, lexicon: Lexicon) -> Fit:
    """Look for one event's keyword: as it is, in pieces, as a word taught, and last as a slip."""
    keyword = keyword_of(event)
    for found in (_whole(event, keyword, reading), _in_pieces(event, keyword, reading)):
        if found is not None:
            return found
    near = [*_taught(event, keyword, reading), *_slipped(event, keyword, reading, lexicon)]
    if near:
        return min(near, key=lambda found: found.refused is not None)
    absent = Step(look=Look.KEYWORD_ABSENT, against=keyword, event_id=event.id)
    return Fit(event, absent, refused=Reason.NO_KEYWORD)


def _whole(event: Event, keyword: str, reading: Reading) -> Fit | None:
    forms = forms_of(keyword)
    for place, piece in enumerate(reading.pieces):
        if piece.kind is not Kind.WORD:
            continue
        if piece.text in forms:
            look = Look.KEYWORD_FOUND if piece.text == keyword else Look.KEYWORD_FORM_FOUND
            return _found(event, look, piece.text, keyword, place, place + 1)
        if keyword == words.DEFAULT_KEYWORD and piece.text in words.INFLECTED and _given(reading, place):
            return _found(event, Look.KEYWORD_FORM_FOUND, piece.text, keyword, place, place + 2)
    return None


def _found(event: Event, look: Look, word: str, keyword: str, start: int, end: int) -> Fit:
    return Fit(event, Step(look=look, word=word, against=keyword, event_id=event.id), start, end)


def _given(reading: Reading, place: int) -> bool:
    return place + 1 < len(reading.pieces) and reading.pieces[place + 1].text in words.GIVING


def _in_pieces(event: Event, keyword: str, reading: Reading) -> Fit | None:
    for start, end, joined in reading.windows(len(keyword) + 2):
        if joined == keyword and (len(keyword) >= _SPLIT_ANYWHERE or not other_words(reading, range(start, end))):
            return _found(event, Look.KEYWORD_SPLIT_FOUND, joined, keyword, start, end)
    return None


def _taught(event: Event, keyword: str, reading: Reading) -> Iterator[Fit]:
    """Give the words that the merchant has taught the event: refused where anything else is said."""
    alone = _is_alone(event, reading)
    for found in learned.taught_in(event, reading):
        look = Look.TAUGHT_FOUND if alone else Look.TAUGHT_REFUSED
        step = Step(look=look, word=found.word, against=keyword, event_id=event.id)
        refused = None if alone else Reason.TAUGHT_AMONG_WORDS
        yield Fit(event, step, found.start, found.end, refused, is_taught=True)


def _is_alone(event: Event, reading: Reading) -> bool:
    """Tell whether nothing is said but the event's taught words, courtesy and numbers, with their endings ("12345'i").

    The keyword names consent, a taught word may ask for something: what it can be about is no courtesy beside it.
    Beside a known reference, a number with letters in it is no further one ("2xl", "m3yin").
    """
    kinds = [piece.kind for piece in reading.pieces]
    endings = {
        place
        for place, (before, piece) in enumerate(pairwise(reading.pieces), start=1)
        if before.kind is not Kind.WORD and piece.text in words.BEHIND_NUMBERS
    }
    claimed = learned.places_of(event, reading) | endings
    if other_words(reading, claimed) or any(_is_asked_for(reading, place) for place in _words(reading, claimed)):
        return False
    return Kind.REFERENCE not in kinds or all(p.text.isdigit() for p in reading.pieces if p.kind is Kind.NUMBER)


def _words(reading: Reading, claimed: Collection[int]) -> list[int]:
    return [i for i, p in enumerate(reading.pieces) if p.kind is Kind.WORD and i not in claimed]


def _is_asked_for(reading: Reading, place: int) -> bool:
    """Tell whether a fixed word may be what is asked for: no number beside it, or no pair that names the payment."""
    word, near = reading.pieces[place].text, reading.pieces[max(place - 1, 0) : place + 2]
    if word in words.NUMBERING:
        return all(piece.kind is Kind.WORD for piece in near)
    return word in words.OF_PAYMENT and words.PAYMENT_PAIRS.isdisjoint(pairwise(piece.text for piece in near))


def claimed_by(found: Fit, reading: Reading) -> frozenset[int]:
    """Give the pieces that are the answer itself: the keyword, and whatever else the event has been taught."""
    return learned.places_of(found.event, reading) | frozenset(range(found.start, found.end))


def _slipped(event: Event, keyword: str, reading: Reading, lexicon: Lexicon) -> Iterator[Fit]:
    """Give the slips that may be meant for the keyword, each accepted or refused."""
    singles = [(i, i + 1, p.text) for i, p in enumerate(reading.pieces) if p.kind is Kind.WORD]
    pieces = reading.windows(len(keyword) + 2) if len(keyword) >= _SPLIT_ANYWHERE else ()
    for start, end, word in (*singles, *pieces):
        slip = slip_of(word, keyword)
        if slip is None or not slip[0]:
            continue
        refused = _refuse_slip(word, keyword, lexicon)
        if refused is None and not _counts(reading, start, end):
            refused = Reason.SLIP_ALONE
        look = Look.KEYWORD_SLIP_REFUSED if refused else Look.KEYWORD_SLIP_FOUND
        step = Step(look=look, word=word, against=slip[1], event_id=event.id)
        yield Fit(event, step, start, end, refused)


def _refuse_slip(word: str, keyword: str, lexicon: Lexicon) -> Reason | None:
    if refusal_slip_of(word, lexicon) is not None:
        return Reason.SLIP_NEAR_REFUSAL
    others = (form for other in lexicon.keywords if other != keyword for form in forms_of(other))
    if any(slips(word, other) is not None for other in others):
        return Reason.SLIP_NEAR_OTHER_KEYWORD
    return None


def _counts(reading: Reading, start: int, end: int) -> bool:
    """Tell whether a slip counts: it is the whole text, or beside a reference (fixed words left out)."""
    if (start, end) == (0, len(reading.pieces)):
        return True
    return _next_to_reference(reading, range(end, len(reading.pieces))) or _next_to_reference(
        reading, range(start - 1, -1, -1)
    )


def _next_to_reference(reading: Reading, places: range) -> bool:
    for place in places:
        piece = reading.pieces[place]
        if piece.kind is not Kind.WORD:
            return True
        if piece.text not in words.FIXED:
            return False
    return False


def other_words(reading: Reading, claimed: Collection[int]) -> list[str]:
    """Give the words that are on no list of rule 7, the `claimed` pieces (the answer itself) left out."""
    plain = [reading.pieces[place].text for place in _words(reading, claimed)]
    known = words.FIXED | words.AFFIRMATIVE
    return [word for word in words.without_agreeing(plain) if word not in known]
