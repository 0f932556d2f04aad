"""What leaves doubt (rule 5): then nothing is approved, whatever else stands in the text."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from orders.matching import reluctance, words
from orders.matching.lexicon import Lexicon, contains_keyword
from orders.matching.outcome import Look, Reason, Step
from orders.matching.reading import Kind, Reading

_TESTS: tuple[tuple[Callable[[str], bool], Reason], ...] = (
    (words.question_in, Reason.QUESTION),
    (words.condition_in, Reason.CONDITIONAL),
    (words.future_in, Reason.FUTURE),
    (words.negation_in, Reason.NEGATION),
)
# "no" is English no, but also a number's name: with a number after it, or an end or "sipariş" between.
_NUMBER_OF = words.listed("lu li su ya yu ile icin siparis siparisi siparisim siparisimi urun kargo paket fatura")
_LONGEST_PREFIX = 3
# Kurdish no; elsewhere in a text it may be the end of a Turkish word ("Sokağı'na").
_AT_AN_EDGE = "na"


def doubt_in(reading: Reading, lexicon: Lexicon) -> tuple[Reason, Step] | None:
    """Find the first thing that leaves doubt, questions first."""
    if not reading.pieces:
        return Reason.EMPTY, Step(look=Look.DOUBT_FOUND)
    doubt = next(_doubts(reading, lexicon), None)
    if doubt is None:
        return None
    reason, word = doubt
    return reason, Step(look=Look.DOUBT_FOUND, word=word, against=reason)


def _doubts(reading: Reading, lexicon: Lexicon) -> Iterator[tuple[Reason, str]]:
    yield from ((Reason.QUESTION, "?") for character in reading.text if character in words.QUESTION_MARKS)
    plain = words.without_agreeing(reading.words())
    pairs = list(pairwise(plain))
    yield from ((Reason.QUESTION, " ".join(pair)) for pair in pairs if pair in words.QUESTION_PHRASES)
    plain = [word for word in reluctance.without_wishes(plain) if word not in lexicon.forms]
    for test, reason in (*_TESTS, *reluctance.WORD_TESTS):
        yield from ((reason, word) for word in plain if test(word))
    yield from reluctance.reluctant_phrases(plain)
    yield from ((Reason.NEGATION, mark) for mark in reading.text if mark in reluctance.MARKS)
    yield from ((Reason.NEGATION, word) for word in _short_noes(reading, lexicon))
    yield from ((Reason.FUTURE, " ".join(pair)) for pair in pairs if _promises(pair, lexicon))
    continued = ["".join(pair) for pair in pairs if pair[0] in lexicon.forms and "".join(pair).startswith("onayla")]
    for test, reason in _TESTS[1:]:
        yield from ((reason, word) for word in continued if test(word))
    yield from _containing(pairs, plain, lexicon)


def _short_noes(reading: Reading, lexicon: Lexicon) -> Iterator[str]:
    """Give each "no" that numbers nothing, and a "na" that begins or ends the text."""
    texts = [piece.text for piece in reading.pieces]
    for place, text in enumerate(texts):
        if text in lexicon.forms:
            continue
        if text == "no" and not _numbers(reading, place):
            yield text
        if text == _AT_AN_EDGE and place in (0, len(texts) - 1):
            yield text


def _numbers(reading: Reading, place: int) -> bool:
    """Tell whether the "no" at a place is a number's: "no 12345", "no TR 12345", "12345 no sipariş"."""
    after = reading.pieces[place + 1 : place + 3]
    if not after:
        return False
    if after[0].kind is not Kind.WORD:
        return True
    if place and reading.pieces[place - 1].kind is not Kind.WORD:
        return after[0].text in _NUMBER_OF
    return len(after[0].text) <= _LONGEST_PREFIX and after[-1].kind is not Kind.WORD


def _promises(pair: tuple[str, str], lexicon: Lexicon) -> bool:
    """Tell whether the keyword is promised for later ("onay vereceğim")."""
    noun, verb = pair
    return (noun in lexicon.forms or noun in words.INFLECTED) and bool(words.GIVING_LATER.match(verb))


def _containing(pairs: list[tuple[str, str]], plain: list[str], lexicon: Lexicon) -> Iterator[tuple[Reason, str]]:
    given = {noun for noun, verb in pairs if noun in words.INFLECTED and verb in words.GIVING}
    for word in plain:
        if word not in given and contains_keyword(word, lexicon):
            yield Reason.CONTAINS_KEYWORD, word
