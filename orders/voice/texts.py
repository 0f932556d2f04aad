"""The texts of a call: what a merchant may change, with which placeholders, and what is said until then. Pure.

Placeholders are written as in the texts of SMS, and checked as those are (`messaging/texts.py`): a known name in
parentheses, and what merely looks like one is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from messaging.texts import UnknownPlaceholder
from messaging.turkish import fold_joined, slips

LONGEST = 250


class TooLong(ValueError):
    """A text is longer than a caller would listen to."""


@dataclass(frozen=True, slots=True)
class Text:
    """`ready` is said where the merchant has no text of its own; `known` are the placeholders that it may hold."""

    ready: str
    known: tuple[str, ...] = ()


_OF_ORDER = ("tarih", "arg1", "durum", "magaza", "arg0", "tutar", "adres")
TEXTS: dict[str, Text] = {
    "greeting": Text("(magaza) sipariş hattına hoş geldiniz.", ("magaza",)),
    "order": Text("(tarih) tarihli, numarasının sonu (arg1) olan siparişiniz (durum).", _OF_ORDER),
    "confirm": Text(
        "Onaylamak için size gelen SMS’teki gibi (kelime) yazıp (hat) numarasına SMS gönderebilirsiniz.",
        ("kelime", "hat"),
    ),
    "press": Text("Onaylamak için bire basın."),
    "confirmed": Text("Numarasının sonu (arg1) olan siparişinizi onayladınız. Teşekkür ederiz.", ("arg1", "magaza")),
    "which": Text("Birden çok siparişiniz onay bekliyor. Onaylamak için size gelen SMS’i yanıtlayın."),
    "unknown": Text("Bu numarayla bir sipariş bulamadık."),
    "tries": Text("Çok fazla deneme yaptınız. Lütfen daha sonra yeniden arayın."),
    "rest": Text("Ve (sayi) sipariş daha.", ("sayi",)),
    "nothing": Text("Aradığınız telefonla verilmiş bir sipariş bulamadık.", ("magaza",)),
    "withheld": Text(
        "Telefon numaranız görünmediği için siparişinizi bulamadık. Numaranızı gizlemeden yeniden arayabilirsiniz.",
        ("magaza",),
    ),
    "apology": Text("Şu anda bilgi veremiyoruz. Lütfen daha sonra yeniden arayın.", ("magaza",)),
    "transfer": Text("Sizi bağlıyoruz.", ("magaza",)),
}
_ALL = frozenset(name for text in TEXTS.values() for name in text.known)
_PLACEHOLDER = re.compile(r"\((" + "|".join(sorted(_ALL)) + r")\)")
_SINGLE_WORD = re.compile(r"\(\s*(\w+)\s*\)")


def check(name: str, text: str) -> None:
    """Refuses a text that a caller would hear with an unfilled placeholder. Raises `UnknownPlaceholder`, `TooLong`."""
    if len(text) > LONGEST:
        raise TooLong
    known = TEXTS[name].known
    for found in _SINGLE_WORD.finditer(text):
        is_known = found[0] in {f"({each})" for each in known}
        if not is_known and _resembles(fold_joined(found[1])):
            raise UnknownPlaceholder(found[0], known=known)


def placeholders(text: str) -> frozenset[str]:
    """The names of the placeholders of a text."""
    return frozenset(match[1] for match in _PLACEHOLDER.finditer(text))


def of(own: Mapping[str, object], name: str) -> str:
    """The merchant's text of that name, else ours."""
    text = own.get(name)
    return text if isinstance(text, str) and text.strip() else TEXTS[name].ready


def fill(text: str, values: Mapping[str, str]) -> str:
    """Puts the values into a text, in one pass; what has none is left out, since a call must not fail by a text."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], ""), text)


def _resembles(word: str) -> bool:
    names = [name for name in _ALL if not name.startswith("arg")]
    return word.startswith("arg") or any(word == name or slips(word, name) is not None for name in names)
