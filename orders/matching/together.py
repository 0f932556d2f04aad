"""Answers to our own question which order is meant, that mean all of those it named (rule 7): "ikisini de onaylıyorum".

Accepted is only what cannot mean anything else: one word for all of them, a clear yes or no, and words of courtesy.
"Hepsi bu" ("that is all") confirms nothing, and "hayır, ikisi de benim" refuses nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from orders.matching import words

_SIPARISLER = r"siparisler(?:i|im|imi|imin|imizi)?"
_TWO = r"(?:her ?)?ikisi(?:ni|nin)?|(?:her )?iki siparis(?:i|im|imi)"
_ALL = rf"hepsi(?:ni|nin)?|tumu(?:nu|nun)?|tamami(?:ni)?|(?:tum|butun) {_SIPARISLER}"
_NONE = r"hic ?biri(?:si)?(?:ni)?"
_TOO = r"(?: ?[dt][ea])?"
_OF_TWO = re.compile(rf"(?<!\S)(?:{_TWO}){_TOO}(?!\S)")
_OF_ALL = re.compile(rf"(?<!\S)(?:{_ALL}){_TOO}(?!\S)")
_OF_NONE = re.compile(rf"(?<!\S)(?:{_NONE}){_TOO}(?!\S)")

# Courtesy stands in whole phrases: "hayır, ikisi de gelsin" and "ikisi de iyi" are none.
_COURTESY = re.compile(
    r"(?<!\S)(?:merhaba(?:lar)?|selam(?:lar)?|slm|gunaydin|kolay gelsin|lutfen"
    r"|(?:iyi|hayirli) (?:gunler|aksamlar|geceler|calismalar|sabahlar)(?: dileri[mz])?"
    r"|(?:cok )?tesekkur(?:ler)?(?: ederi[mz])?|tsk(?:ler)?|sag ?ol(?:un)?|saol)(?!\S)"
)
# What says yes without the keyword, beside a word for all. "Olsun" does right behind it ("ikisi de olsun"): elsewhere
# it may end a greeting ("hayırlı olsun").
_ASSENT = words.listed("evet istiyorum istiyoruz kabul")
_BESIDE_ASSENT = _ASSENT | {"tamam"}
_OLSUN = "olsun"
# "İptal" takes its verb ("hepsini iptal edin"). It and these refuse on either side of a word for all; any other
# ("hayır", "vazgeçtim") only behind it, since before it they may take back what was said: "hayır, ikisi de".
_VERBS = words.listed("et edin ediniz edilsin ediyorum ediyoruz edelim olsun")
_CANCELLING = {("iptal",)} | {("iptal", verb) for verb in _VERBS}
_UNWANTED = re.compile(r"(?:istem|onaylam)\w+")
_NO = "hayir"


@dataclass(frozen=True, slots=True)
class _Found:
    """The only word for all in a text, and what stands before and behind it, courtesy left out."""

    pattern: re.Pattern[str]
    word: str
    before: tuple[str, ...]
    behind: tuple[str, ...]


def confirms_all(plain: Sequence[str], *, count: int, forms: frozenset[str]) -> str:
    """Give the word for all of `count` orders in a text that besides only confirms; empty where it says more."""
    found = _word_for_all(words.without_agreeing(list(plain)), count, (_OF_TWO, _OF_ALL))
    beside = _BESIDE_ASSENT | words.AFFIRMATIVE | forms
    return found.word if found and beside.issuperset(found.before + found.behind) else ""


def assents_to_all(plain: Sequence[str], *, count: int) -> str:
    """The same of a text that says yes without a keyword."""
    found = _word_for_all(words.without_agreeing(list(plain)), count, (_OF_TWO, _OF_ALL))
    if not found:
        return ""
    olsun = found.behind[:1] == (_OLSUN,)
    rest = found.before + found.behind[olsun:]
    says_yes = olsun or not _ASSENT.isdisjoint(rest)
    return found.word if says_yes and _BESIDE_ASSENT.issuperset(rest) else ""


def refuses_all(plain: Sequence[str], *, refusal: str, count: int) -> str:
    """The same of a text that refuses by one word, `refusal`, which stands in it as it is listed."""
    found = _word_for_all(plain, count, (_OF_TWO, _OF_ALL, _OF_NONE))
    if not found or not refusal or (found.before and found.behind):
        return ""
    said = found.before or found.behind
    if found.pattern is _OF_NONE:
        clear = found.before == (_NO,) or (said == (refusal,) and bool(_UNWANTED.fullmatch(refusal)))
    else:
        clear = said in _CANCELLING or (said == (refusal,) and bool(found.behind or _UNWANTED.fullmatch(refusal)))
    return found.word if clear else ""


def _word_for_all(plain: Sequence[str], count: int, patterns: tuple[re.Pattern[str], ...]) -> _Found | None:
    text = _COURTESY.sub(" ", " ".join(plain))
    found = [(pattern, match) for pattern in patterns for match in pattern.finditer(text)]
    if len(found) != 1 or (found[0][0] is _OF_TWO and count != 2):
        return None
    pattern, match = found[0]
    return _Found(pattern, match.group(), tuple(text[: match.start()].split()), tuple(text[match.end() :].split()))
