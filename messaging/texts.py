"""Merchants' texts and their placeholders: checked when saved, filled when sent.

A placeholder is a known name in parentheses, exactly as written below. Whatever else stands in parentheses is
prose and stays as it is, unless it looks like a slip of a placeholder; then saving is refused, since a buyer
would read it. It looks like one if

- it starts with `arg`: `(arg2)`, `(ARG0)`, `(arg 1)`, `( arg0 )`, or `arg0` without both its parentheses;
- or it is a single word that is, or is a slip of, a known name in any spelling, or that begins with one:
  `(magza)`, `(Mağaza)`, `(tutarı)`, `( durum )`, a `(tutar` that is never closed, or a placeholder of news in
  another text. A slip is one letter in names up to seven letters, two in longer ones.

So `(KDV dahil)`, `(kdv)`, `(durum bilgisi için arayın)` are prose. There is no other syntax: `%s`, `{0}` and
`{{ x }}` are text.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from enum import StrEnum

from messaging.turkish import fold, fold_joined, slips, tokenise


class Purpose(StrEnum):
    """What a text is for; news knows three placeholders more."""

    QUESTION = "question"
    REPLY = "reply"
    NEWS = "news"


# Each placeholder with the most characters that its value takes in an SMS.
_LONGEST = {"arg0": 60, "arg1": 40, "magaza": 60, "tutar": 24, "durum": 40}
_LONGEST_IN_NEWS = {"kargo": 40, "takipno": 40, "takiplinki": 200}
_ALL = _LONGEST | _LONGEST_IN_NEWS
# Cut short, these would lead elsewhere: too long, they are left out.
_WHOLE = frozenset({"takiplinki"})

_PLACEHOLDER = re.compile(r"\((" + "|".join(_ALL) + r")\)")
_ARGUMENT = re.compile(r"\(?\s*\barg\s?\d*\b\s*\)?", re.IGNORECASE)
_WORD_ALONE = re.compile(r"\(\s*([^\W\d_]\w*)\s*\)")
_SINGLE_WORD = re.compile(r"\(\s*(\w+)\s*(?:\)|(?=[^()]*(?:\(|$)))")


class UnknownPlaceholder(ValueError):
    """A text holds something that looks like a placeholder and is none; `known` are those it may hold."""

    def __init__(self, name: str, *, known: Collection[str]) -> None:
        self.name = name
        self.known = tuple(known)
        super().__init__(f"unknown placeholder {name!r}; known: {', '.join(self.known)}")


class MissingValue(LookupError):
    """A text is to be filled without a value for one of its placeholders."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"no value for placeholder {name!r}")


def known_placeholders(purpose: Purpose) -> tuple[str, ...]:
    """Give the names, without parentheses, that a text of this purpose may hold."""
    return tuple(_ALL if purpose is Purpose.NEWS else _LONGEST)


def placeholders(text: str) -> tuple[str, ...]:
    """Give the names of the placeholders of a text, each once, in their order."""
    return tuple(dict.fromkeys(match[1] for match in _PLACEHOLDER.finditer(text)))


def check(text: str, *, purpose: Purpose) -> None:
    """Refuse a text that a buyer would get with an unfilled placeholder. Raises UnknownPlaceholder."""
    known = known_placeholders(purpose)
    for name in placeholders(text):
        if name not in known:
            raise UnknownPlaceholder(f"({name})", known=known)
    prose = _PLACEHOLDER.sub(" ", text)
    argument = _ARGUMENT.search(prose)
    if argument is not None:
        raise UnknownPlaceholder(argument.group().strip(), known=known)
    for found in _SINGLE_WORD.finditer(prose):
        if _resembles_placeholder(fold_joined(found[1])):
            raise UnknownPlaceholder(found.group().strip(), known=known)


def words_alone(text: str) -> tuple[str, ...]:
    """Give what stands alone in parentheses and is no placeholder, `(ad)` or `(kdv)`, each once: it goes as it is.

    What `check` refuses is not among them.
    """
    found = _WORD_ALONE.finditer(_PLACEHOLDER.sub(" ", text))
    return tuple(dict.fromkeys(each.group() for each in found if not _resembles_placeholder(fold_joined(each[1]))))


def _resembles_placeholder(word: str) -> bool:
    if word.startswith("arg"):
        return True
    names = [name for name in _ALL if not name.startswith("arg")]
    return any(word.startswith(name) or slips(word, name) is not None for name in names)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values, keyed by name without parentheses, into a text. Raises MissingValue.

    One pass: what stands inside a value is never looked at again. A value becomes one line without control
    characters, cut to a length of its own, so that no buyer's name makes an SMS dearer than it is worth.
    """

    def _value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in values:
            raise MissingValue(name)
        return _flatten(values[name], name)

    return _PLACEHOLDER.sub(_value, text)


def _flatten(value: str, name: str) -> str:
    line = " ".join("".join(map(_visible, value)).split())
    if len(line) <= _ALL[name]:
        return line
    return "" if name in _WHOLE else line[: _ALL[name]].rstrip()


def _visible(character: str) -> str:
    """Give a space for what breaks a line or controls, and nothing for what turns the reading direction."""
    category = unicodedata.category(character)
    if category in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}:
        return " "
    return "" if category == "Cf" else character


def mentions_keyword(text: str, keyword: str) -> bool:
    """Tell whether a question text names the keyword, so that a buyer can know it; `Onay` where it is empty.

    Compared as answers are: without regard to case, Turkish letters, or a space or hyphen inside the keyword.
    """
    wanted = fold_joined(keyword) or fold("Onay")
    words = [token.text for token in tokenise(_PLACEHOLDER.sub(" ", text))]
    return any(_starts_with(words[start:], wanted) for start in range(len(words)))


def _starts_with(words: list[str], wanted: str) -> bool:
    joined = ""
    for word in words:
        joined += word
        if len(joined) >= len(wanted):
            break
    return joined == wanted
