"""References as buyers type them: the key they are compared by, and those a text may hold."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from messaging.turkish import Token, fold_character, fold_joined, tokenise

_LIMIT = 100
_WINDOW = 4
_DIGITS_WINDOW = 12
_LONGEST = 64
_LEADING = re.compile(r"^[^\d]*")
_TRAILING = re.compile(r"[^\d]*$")


def reference_key(reference: str) -> str:
    """Give what a reference is compared by: folded, without spaces, `#`, punctuation and leading zeros.

    The caller stores it beside each order. Empty for a reference without a digit: such a one is never matched.
    """
    return key_of(fold_joined(reference))


def key_of(folded: str) -> str:
    """Give the key of a reference that is folded and joined already."""
    if not has_digit(folded):
        return ""
    bare = folded.lstrip("0")
    return bare if has_digit(bare) else f"0{bare}"


def candidate_references(text: str) -> tuple[str, ...]:
    """Give the keys (`reference_key`) of everything in the text that may be a reference, at most 100.

    For the caller's query. Covers numbers with words written onto them (`onay12345`, `12345nolu`), with
    spaces inside (`123 45`), and letters with digits (`onayc88728ce28151`); the likeliest come first.
    """
    tokens = [token.text for token in tokenise(text)]
    keys: dict[str, None] = {}
    for candidate in islice(_candidates(tokens), 4 * _LIMIT):
        if key := key_of(candidate):
            keys.setdefault(key)
    return tuple(islice(keys, _LIMIT))


def _candidates(tokens: Sequence[str]) -> Iterator[str]:
    numbered = [token for token in tokens if has_digit(token)]
    yield from (token[:_LONGEST] for token in numbered)
    yield from (_bare(token)[:_LONGEST] for token in numbered)
    for size in range(2, _DIGITS_WINDOW + 1):
        for start in range(len(tokens) - size + 1):
            joined = "".join(tokens[start : start + size])
            if len(joined) <= _LONGEST and (_bare(joined) if size <= _WINDOW else _bare(joined).isdigit()):
                yield from (joined, _bare(joined))
    for token in numbered:
        yield from _without_affixes(token[:_LONGEST])


def _bare(token: str) -> str:
    return _TRAILING.sub("", _LEADING.sub("", token))


def _without_affixes(token: str) -> Iterator[str]:
    """Drop letters from either end one by one: a keyword may be joined to a reference that has letters."""
    lead, trail = _LEADING.match(token), _TRAILING.search(token)
    for dropped in range(1, len(lead.group()) + 1 if lead else 0):
        yield token[dropped:]
    for dropped in range(1, len(trail.group()) + 1 if trail else 0):
        yield token[:-dropped]


def has_digit(text: str) -> bool:
    """Tell whether folded text holds a digit."""
    return any("0" <= character <= "9" for character in text)


def typed_reference(text: str, first: Token, last: Token) -> str:
    """Give the reference as the buyer typed it, its digits ASCII, without spaces and punctuation around."""
    kept = (_clean(character) for character in text[first.places[0] : last.places[-1] + 1])
    return "".join(kept)


def _clean(character: str) -> str:
    folded = fold_character(character)
    if folded.isdigit() or not character.isascii():
        return folded.strip()
    return character.strip("# ")
