"""What leaves doubt (rule 5): then nothing is approved, whatever else stands in the text."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from orders.matching import words
from orders.matching.lexicon import Lexicon, contains_keyword
from orders.matching.outcome import Look, Reason, Step
from orders.matching.reading import Reading

_TESTS: tuple[tuple[Callable[[str], bool], Reason], ...] = (
    (words.question_in, Reason.QUESTION),
    (words.condition_in, Reason.CONDITIONAL),
    (words.future_in, Reason.FUTURE),
    (words.negation_in, Reason.NEGATION),
)


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
    plain = [word for word in plain if word not in lexicon.forms]
    for test, reason in _TESTS:
        yield from ((reason, word) for word in plain if test(word))
    yield from ((Reason.FUTURE, " ".join(pair)) for pair in pairs if _promises(pair, lexicon))
    continued = [
        "".join(pair) for pair in pairs if pair[0] in lexicon.forms and "".join(pair).startswith("onayla")
    ]
    for test, reason in _TESTS[1:]:
        yield from ((reason, word) for word in continued if test(word))
    yield from _containing(pairs, plain, lexicon)


def _promises(pair: tuple[str, str], lexicon: Lexicon) -> bool:
    """Tell whether the keyword is promised for later ("onay vereceğim")."""
    noun, verb = pair
    return (noun in lexicon.forms or noun in words.INFLECTED) and bool(words.GIVING_LATER.match(verb))


def _containing(
    pairs: list[tuple[str, str]], plain: list[str], lexicon: Lexicon
) -> Iterator[tuple[Reason, str]]:
    given = {noun for noun, verb in pairs if noun in words.INFLECTED and verb in words.GIVING}
    for word in plain:
        if word not in given and contains_keyword(word, lexicon):
            yield Reason.CONTAINS_KEYWORD, word
