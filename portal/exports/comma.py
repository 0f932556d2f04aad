"""A table as CSV, in the form that the reader's own Excel opens by a double click.

It follows the language of the page. In Turkish: semicolon, decimal comma, `29.11.2026 14:32`, since a Turkish Windows
lists by semicolons and would read a comma as part of a number. In English: comma, decimal point, `2026-11-29 14:32`,
which Excel reads as a date in every country. Both begin with a byte order mark, or Excel would spoil ş and ğ.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO

from django.utils import timezone, translation

from portal.exports.cells import Form, Table, Value, harmless

TYPE = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one language's Excel writes a list, a number and a day."""

    between: str
    decimal: str
    day: str


TURKISH = Dialect(between=";", decimal=",", day="%d.%m.%Y")
ENGLISH = Dialect(between=",", decimal=".", day="%Y-%m-%d")
_PLACES = {Form.MONEY: 2, Form.RATE: 1}


def write(file: IO[bytes], table: Table) -> int:
    """Writes the table row by row; tells how many rows there were."""
    dialect = TURKISH if (translation.get_language() or "tr").startswith("tr") else ENGLISH
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    lines = csv.writer(text, delimiter=dialect.between, lineterminator="\r\n")
    forms = [column.form for column in table.columns]
    lines.writerow([harmless(str(column.word)) for column in table.columns])
    count = 0
    for row in table.rows:
        lines.writerow(_written(row, forms, dialect))
        count += 1
    text.detach()
    return count


def _written(row: Sequence[Value], forms: Sequence[Form], dialect: Dialect) -> list[str]:
    return [_cell(value, form, dialect) for value, form in zip(row, forms, strict=True)]


def _cell(value: Value, form: Form, dialect: Dialect) -> str:
    """A number is ours and stays one, so that a spreadsheet can add it up; whatever is text is made harmless."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime(f"{dialect.day} %H:%M" if form == Form.MOMENT else dialect.day)
    if isinstance(value, date):
        return value.strftime(dialect.day)
    if isinstance(value, Decimal):
        return f"{value:.{_PLACES.get(form, 2)}f}".replace(".", dialect.decimal)
    return str(value) if isinstance(value, int) else harmless(value)
