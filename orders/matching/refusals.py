"""What opts out and what refuses (rule 5): both are looked for in the whole text, before anything else."""

from dataclasses import dataclass

from messaging.turkish import fold, slips
from orders.matching import words
from orders.matching.lexicon import Lexicon, refusal_slip_of, slip_of
from orders.matching.outcome import Look, Reason, Step
from orders.matching.reading import Kind, Reading

# Lengths of refusals that are looked for in pieces; slips only in long ones ("ha yer" is not "hayır").
_SHORTEST, _LONG, _LONGEST = 4, 8, 14


@dataclass(frozen=True, slots=True)
class Refusal:
    """Where a text refuses: the places among its pieces, and what was seen there."""

    places: tuple[int, ...]
    steps: tuple[Step, ...]


def opt_out_in(reading: Reading) -> tuple[Reason, Step] | None:
    """Find RET, DUR or İYS wording ("mesaj istemiyorum"), which leave the sender's orders as they are."""
    for piece in reading.pieces:
        if piece.text in words.OPT_OUT:
            return Reason.OPT_OUT_WORD, Step(look=Look.OPT_OUT_FOUND, word=piece.text)
    found = words.OPT_OUT_WORDING.search(fold(reading.text))
    if found is None:
        return None
    return Reason.OPT_OUT_WORDING, Step(look=Look.OPT_OUT_FOUND, word=found.group())


def refusal_in(reading: Reading, lexicon: Lexicon) -> Refusal | None:
    """Find every refusal: a listed word, a slip of one, the plain negative of the confirming word."""
    found: dict[int, Step] = {}
    for place, piece in enumerate(reading.pieces):
        step = _word_refusal(piece.text, lexicon)
        if step is not None:
            found[place] = step
    found.update(_in_pieces(reading, lexicon))
    found.update(_phrases(reading, lexicon))
    if not found:
        return None
    return Refusal(tuple(sorted(found)), tuple(found[place] for place in sorted(found)))


def only_word(refusal: Refusal, lexicon: Lexicon) -> str:
    """Give the one listed word that a text refuses by, as it is listed; empty for several, and for one within another.

    "İkisi de iptaldi" holds a refusing word and tells of something else.
    """
    if len({step.word for step in refusal.steps}) != 1:
        return ""
    step = refusal.steps[0]
    if slips(step.word, step.against):
        return step.against
    return next((word for word in (step.word, words.squeeze(step.word)) if word in _listed(lexicon)), "")


def _listed(lexicon: Lexicon) -> frozenset[str]:
    return lexicon.refusals | lexicon.refusals_squeezed


def _word_refusal(word: str, lexicon: Lexicon) -> Step | None:
    if word in words.NEGATIVES:
        return Step(look=Look.NEGATIVE_FOUND, word=word)
    if word in lexicon.refusals or (word not in lexicon.forms and words.squeeze(word) in lexicon.refusals_squeezed):
        return Step(look=Look.REFUSAL_FOUND, word=word, against=word)
    within = words.REFUSALS_WITHIN.search(word)
    if within and word not in lexicon.keywords and not words.future_in(word):
        return Step(look=Look.REFUSAL_FOUND, word=word, against=within.group())
    return _slip_refusal(word, lexicon)


def _slip_refusal(word: str, lexicon: Lexicon) -> Step | None:
    """Take a slip for a refusal unless the word is nearer to a keyword: that one is left in doubt."""
    slip = refusal_slip_of(word, lexicon)
    if slip is None:
        return None
    count, refusal = slip
    keywords = (*lexicon.keywords, words.DEFAULT_KEYWORD)
    keyword_slips = [near for keyword in keywords if (near := slip_of(word, keyword))]
    if keyword_slips and min(keyword_slips)[0] < count:
        return None
    return Step(look=Look.REFUSAL_SLIP_FOUND, word=word, against=refusal)


def _in_pieces(reading: Reading, lexicon: Lexicon) -> dict[int, Step]:
    """Find a refusal typed in pieces ("onayla mıyorum", "i p t a l"), a long one also with slips.

    The word before one that stands there whole is no piece of it ("bu istemiyorum").
    """
    found: dict[int, Step] = {}
    for start, end, joined in reading.windows(_LONGEST):
        if joined in lexicon.forms or len(joined) < _SHORTEST:
            continue
        is_whole = any(piece.text in lexicon.refusals for piece in reading.pieces[start:end])
        slip = refusal_slip_of(joined, lexicon) if end - start == 2 and not is_whole else None
        if joined in lexicon.refusals or (slip and len(slip[1]) >= _LONG):
            step = Step(look=Look.REFUSAL_FOUND, word=joined, against=slip[1] if slip else joined)
            found.update(dict.fromkeys(range(start, end), step))
    return found


def _phrases(reading: Reading, lexicon: Lexicon) -> dict[int, Step]:
    """Find refusals of several words ("onay vermiyorum"), a reference between them or not."""
    found: dict[int, Step] = {}
    places = [i for i, piece in enumerate(reading.pieces) if piece.kind is Kind.WORD]
    texts = [reading.pieces[i].text for i in places]
    for at in range(len(texts)):
        for phrase in lexicon.refusal_phrases:
            if texts[at] == phrase[-1] and _ends_with(texts[: at + 1], phrase):
                found[places[at]] = Step(look=Look.NEGATIVE_FOUND, word=" ".join(phrase))
    return found


def _ends_with(texts: list[str], phrase: tuple[str, ...]) -> bool:
    """Tell whether the last words are the phrase, also where its keyword was typed in pieces."""
    wanted, joined = "".join(phrase), ""
    for text in reversed(texts):
        joined = text + joined
        if len(joined) >= len(wanted):
            break
    return joined == wanted
