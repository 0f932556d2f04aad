"""The words of one line: its events' keywords and every refusal word, folded once and kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from messaging.turkish import fold, fold_joined, slips
from orders.matching import words
from orders.matching.outcome import Event

# A shorter keyword stands inside too many words for "merely contains" to mean anything ("ok" in "çok").
_SHORTEST_CONTAINED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """What the line listens for. `forms` are all keywords with the default word's affirmative forms.

    `cuts`: further words that are cut off a number they are joined to.
    """

    keywords: tuple[str, ...]
    forms: frozenset[str]
    refusals: frozenset[str]
    refusals_squeezed: frozenset[str]
    refusal_phrases: tuple[tuple[str, ...], ...]
    refusals_with_slips: tuple[str, ...]
    cuts: frozenset[str] = frozenset()


def keyword_of(event: Event) -> str:
    """Give the event's keyword as it is compared."""
    return folded_keyword(event.keyword)


def folded_keyword(keyword: str) -> str:
    """Give a keyword as it is compared: folded and joined; the default word where there is none."""
    return fold_joined(keyword) or words.DEFAULT_KEYWORD


def forms_of(keyword: str) -> frozenset[str]:
    """Give all forms that a keyword fits in as one word; only the default word has more than itself."""
    return words.AFFIRMATIVE if keyword == words.DEFAULT_KEYWORD else frozenset({keyword})


def lexicon_of(events: Sequence[Event]) -> Lexicon:
    """Collect the words of a line. A merchant's refusal words hold for the whole line: in doubt, no approval."""
    keywords = tuple(dict.fromkeys(keyword_of(event) for event in events))
    return _lexicon(keywords, tuple(word for event in events for word in event.refusal_words))


@lru_cache(maxsize=256)
def _lexicon(keywords: tuple[str, ...], refusal_words: tuple[str, ...]) -> Lexicon:
    added = [tuple(fold(word).split()) for word in refusal_words]
    singles = frozenset(word[0] for word in added if len(word) == 1)
    negatives = tuple((keyword, verb) for keyword in keywords for verb in words.NOT_GIVING)
    inflected = tuple(
        (noun, verb) for noun in sorted(words.INFLECTED | {words.DEFAULT_KEYWORD}) for verb in words.NOT_GIVING
    )
    return Lexicon(
        keywords=keywords,
        forms=frozenset(form for keyword in keywords for form in forms_of(keyword)),
        refusals=words.REFUSALS | singles,
        refusals_squeezed=frozenset(words.squeeze(word) for word in words.REFUSALS | singles if len(word) > 3),
        refusal_phrases=tuple({*words.REFUSING_PHRASES, *(w for w in added if len(w) > 1), *negatives, *inflected}),
        refusals_with_slips=words.REFUSALS_WITH_SLIPS + tuple(sorted(singles)),
    )


def slip_of(word: str, keyword: str) -> tuple[int, str] | None:
    """Give the fewest slips from a word to a form of the keyword, and that form; None where it is no slip.

    A real word is nobody's slip, nor is another form of the default word ("onaylı"), nor a word that holds
    the whole keyword and more than one letter besides.
    """
    if word in words.ORDINARY or word in words.FIXED or words.OTHER_FORM.match(word):
        return None
    near = [(count, form) for form in forms_of(keyword) if (count := slips(word, form))]
    near = [(count, form) for count, form in near if form not in word or len(word) == len(form) + 1]
    return min(near) if near else None


def refusal_slip_of(word: str, lexicon: Lexicon) -> tuple[int, str] | None:
    """Give the fewest slips from a word to a refusal, and that refusal; None where it is no slip."""
    if word in lexicon.forms or word in words.AFFIRMATIVE or word in words.FIXED or word in words.ORDINARY:
        return None
    if words.OTHER_FORM.match(word):
        return None
    near = [(count, refusal) for refusal in lexicon.refusals_with_slips if (count := slips(word, refusal))]
    if not near or any((slips(word, wish) or 9) < min(near)[0] for wish in words.WISHES):
        return None
    return min(near)


def contains_keyword(word: str, lexicon: Lexicon) -> str:
    """Give the keyword that a word merely contains ("fotonay"), or an empty text."""
    if word in lexicon.forms or word in words.FIXED:
        return ""
    held = [k for k in lexicon.keywords if len(k) >= _SHORTEST_CONTAINED and k in word and k != word]
    if not held or any(slip_of(word, keyword) for keyword in lexicon.keywords):
        return ""
    return max(held, key=len)
