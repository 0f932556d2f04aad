"""Answers to our own question which order is meant, that mean all of those it named (rule 7): "ikisini de onaylıyorum".

Accepted is only what cannot mean anything else: one word for all of them, a clear yes or no, and words of courtesy.
"""

import re
from collections.abc import Iterable, Sequence

from orders.matching import words

_SIPARISLER = r"siparisler(?:i|im|imi|imin|imizi)?"
_TWO = r"(?:her ?)?ikisi(?:ni|nin)?|(?:her )?iki siparis(?:i|im|imi)"
_ALL = rf"hepsi(?:ni|nin)?|tumu(?:nu|nun)?|tamami(?:ni)?|(?:tum|butun) {_SIPARISLER}"
_NONE = r"hic ?biri(?:si)?(?:ni)?"
_TOO = r"(?: ?[dt][ea])?"
_OF_TWO = re.compile(rf"(?<!\S)(?:{_TWO}){_TOO}(?!\S)")
_OF_ALL = re.compile(rf"(?<!\S)(?:{_ALL}){_TOO}(?!\S)")
_OF_NONE = re.compile(rf"(?<!\S)(?:{_NONE}){_TOO}(?!\S)")

# What says yes without the keyword, beside a word for all. "Olsun" does right behind it ("ikisi de olsun"): elsewhere
# it may end a greeting ("hayırlı olsun").
_ASSENT = words.listed("evet istiyorum istiyoruz kabul")
_BESIDE_BARE_ASSENT = _ASSENT | words.listed("""
    lutfen tamam merhaba merhabalar selam iyi gunler aksamlar kolay gelsin tesekkur tesekkurler ederim ederiz sagol
    sagolun""")
# What stands behind a refusing word: "hepsini iptal edin".
_BEHIND_REFUSALS = words.listed("et edin ediniz edilsin ediyorum ediyoruz edelim olsun lutfen")
_BESIDE_KEYWORDS = words.FIXED | words.AFFIRMATIVE
_OLSUN = "olsun"


def confirms_all(plain: Iterable[str], *, count: int, forms: frozenset[str]) -> str:
    """Give the word for all of `count` orders in a text that besides only confirms; empty where it says more."""
    return _word_for_all(plain, count, (_OF_TWO, _OF_ALL), _BESIDE_KEYWORDS | forms)


def assents_to_all(plain: Sequence[str], *, count: int) -> str:
    """The same of a text that says yes without a keyword."""
    word = _word_for_all([each for each in plain if each != _OLSUN], count, (_OF_TWO, _OF_ALL), _BESIDE_BARE_ASSENT)
    said = f" {' '.join(plain)} "
    olsun = said.count(f" {_OLSUN} ")
    if olsun:
        return word if olsun == 1 and f" {word} {_OLSUN} " in said else ""
    return word if not _ASSENT.isdisjoint(plain) else ""


def refuses_all(plain: Iterable[str], *, count: int) -> str:
    """The same of a text that refuses, its refusing words left out."""
    return _word_for_all(plain, count, (_OF_TWO, _OF_ALL, _OF_NONE), (words.FIXED - _ASSENT) | _BEHIND_REFUSALS)


def _word_for_all(
    plain: Iterable[str], count: int, patterns: tuple[re.Pattern[str], ...], courtesy: frozenset[str]
) -> str:
    text = " ".join(plain)
    found = [(pattern, match) for pattern in patterns for match in pattern.finditer(text)]
    if len(found) != 1 or (found[0][0] is _OF_TWO and count != 2):
        return ""
    match = found[0][1]
    rest = f"{text[: match.start()]} {text[match.end() :]}".split()
    return match.group() if courtesy.issuperset(words.without_agreeing(rest)) else ""
