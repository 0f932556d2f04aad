"""The words that an event confirms or refuses by, beside its keyword: how they are typed, and why one cannot be one."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from messaging.events import MOST_WORDS
from messaging.turkish import fold
from orders import learning, matching
from orders.matching import Objection
from portal.dashboard.looks import Text

_APART = re.compile(r"[,;\n]")
_MOST_TYPED = 2000

_CANNOT_CONFIRM: dict[Objection, Text] = {
    Objection.OPT_OUT: lazy("“%(word)s” SMS istemediğini söyler, onay olamaz. Alıcının onaylayan sözünü yazın."),
    Objection.REFUSAL: lazy("“%(word)s” ret sayılıyor, onay olamaz. Başka bir kelime yazın."),
    Objection.DOUBT: lazy(
        "“%(word)s” soru, koşul, erteleme ya da olumsuz bir söz; onay sayılamaz. Kesin bir söz yazın."
    ),
    Objection.COURTESY: lazy("“%(word)s” tek başına onay anlamına gelmez. Alıcının onaylayan sözünü de yazın."),
}
_CANNOT_REFUSE: dict[Objection, Text] = {
    Objection.OPT_OUT: lazy("“%(word)s” zaten SMS istemediğini söyler; ret olarak eklenemez. Başka bir kelime yazın."),
    Objection.CONFIRMS: lazy("“%(word)s” onay sayılıyor, ret olamaz. Başka bir kelime yazın."),
    Objection.COURTESY: lazy("“%(word)s” onaylayanların da yazdığı bir söz, ret olamaz. Reddeden sözü de yazın."),
}
_UNFIT: dict[Objection, Text] = {
    Objection.EMPTY: lazy("“%(word)s” harf içermiyor. Bir kelime yazın."),
    Objection.SHORT: lazy("“%(word)s” çok kısa. En az iki harf yazın."),
    Objection.LONG: format_lazy(
        lazy("“%(word)s” çok uzun. En çok {most} kelimelik bir söz yazın."), most=matching.MOST_PARTS
    ),
    Objection.NUMBER: lazy("“%(word)s” içinde rakam var, sipariş numarasıyla karışır. Rakamsız yazın."),
}


class WordsField(forms.CharField):
    """Words typed one behind the other, with commas or on lines of their own; each once, as it was first written."""

    def __init__(self, *, widget: forms.Widget | None = None, **kwargs: Any) -> None:
        widget = widget or forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "autocapitalize": "off"})
        super().__init__(required=False, max_length=_MOST_TYPED, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        words = separated(super().clean(value))
        too_long = next((word for word in words if len(word) > learning.LONGEST), None)
        if too_long:
            raise forms.ValidationError(_UNFIT[Objection.LONG] % {"word": too_long}, code="long")
        return words


def separated(typed: str) -> list[str]:
    """The words of what was typed."""
    words: dict[str, str] = {}
    for part in _APART.split(typed):
        if word := " ".join(part.split()):
            words.setdefault(fold(word) or word, word)
    return list(words.values())


def merged(typed: Sequence[str], *, shown: Sequence[str], kept: Sequence[str]) -> list[str]:
    """What was changed on a page that showed some words, applied to those that are kept now."""
    was_shown, was_kept, is_typed = (set(map(fold, words)) for words in (shown, kept, typed))
    stay = [word for word in typed if fold(word) not in was_shown or fold(word) in was_kept]
    return stay + [word for word in kept if fold(word) not in was_shown | is_typed]


def too_many() -> str:
    """What to say where an event knows as many words as it may."""
    return _("Bir olay en çok %(most)s kelime bilir. Önce birini çıkarın.") % {"most": MOST_WORDS}


def objection(word: str, *, refuses: bool, events: Sequence[matching.Event]) -> str:
    """Why the word cannot be one of an event on a line with these, and what to do; empty where it can."""
    judge = matching.objection_to_refusing if refuses else matching.objection_to_confirming
    found = judge(word, events=events)
    if found is None:
        return ""
    reasons = {**_UNFIT, **(_CANNOT_REFUSE if refuses else _CANNOT_CONFIRM)}
    return str(reasons[found]) % {"word": word}


def objections(words: Collection[str], *, refuses: bool, events: Sequence[matching.Event]) -> list[str]:
    """The same of several words: one line for each that cannot be one."""
    return [why for word in words if (why := objection(word, refuses=refuses, events=events))]
