"""What a file's table is made of, and which texts a spreadsheet would take for a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise

Value = str | int | Decimal | datetime | date | None


class Form(StrEnum):
    """How a column's values are written."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"  # two decimals
    RATE = "rate"  # one decimal
    MOMENT = "moment"  # to the minute, on the shop's clock
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`width` is in letters, for a workbook."""

    word: str | Promise
    form: Form = Form.TEXT
    width: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`rows` are read once, and only as they are written."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]


# What Excel, LibreOffice or Google Sheets begin a formula or a command with, also in their full-width forms, whatever
# blanks, quotes or invisible letters stand before it; and the blanks that are cut off with what precedes them.
_BEFORE = r"[\s\x00-\x20\"'’‘“”`\u00a0\u00ad\u180e\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]*+"
_FORMULA = re.compile(_BEFORE + r"[=+\-@＝＋－＠−]")
_CUT_OFF = ("\t", "\r", "\n")
# Another country's spreadsheet begins a new cell there, quoted or not: quotes hold only where a cell begins with them.
SEPARATORS = ",;\t|\r\n"
_FORMULA_INSIDE = re.compile(rf"([{SEPARATORS}]\s*+)(?={_FORMULA.pattern})")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might run the text instead of showing it."""
    if text[:1].isalnum():  # as nearly every text begins
        return False
    return text.startswith(_CUT_OFF) or _FORMULA.match(text) is not None


def harmless(text: str) -> str:
    """The text with an apostrophe before each part that a spreadsheet might run: nothing of it is lost.

    Such a part is the whole text, or what stands behind a sign that lists are separated by in some country: `Ali, -5`
    becomes `Ali, '-5`. A number is no exception, since a formula may begin with one.
    """
    inside = _FORMULA_INSIDE.sub(r"\1'", text)
    return f"'{inside}" if is_formula(text) else inside
