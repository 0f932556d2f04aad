"""A table as an Excel workbook: real numbers and dates, texts that stay texts, as many sheets as it takes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any

import xlsxwriter
from django.utils import timezone

from portal.exports.cells import Form, Table, Value, is_formula

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575  # of a sheet, beside its head
MOST_LETTERS = 32_767  # of a cell, in Excel's count of UTF-16 units
FIRST_DAY = date(1900, 3, 1)  # Excel's calendar has a 29 February 1900 before it

# Everything is written by its own kind of cell; the library must guess nothing, and keeps one row in memory.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_LOOKS: dict[Form, str] = {
    Form.COUNT: "#,##0",
    Form.MONEY: "#,##0.00",
    Form.RATE: "0.0",
    Form.MOMENT: "dd.mm.yyyy hh:mm",
    Form.DAY: "dd.mm.yyyy",
}


def write(file: IO[bytes], table: Table) -> int:
    """Writes the table row by row, on one sheet after the other; tells how many rows there were."""
    with _book(file) as book:
        pen, rows = _Pen(book, table), iter(table.rows)
        count = pen.fill_sheet(islice(rows, MOST_ROWS))
        while (first := next(rows, None)) is not None:
            count += pen.fill_sheet(chain([first], islice(rows, MOST_ROWS - 1)))
    return count


@contextmanager
def _book(file: IO[bytes]) -> Iterator[Any]:
    """A workbook that ends up in `file`; what it lays aside meanwhile is gone with the block, also where that fails."""
    with tempfile.TemporaryDirectory(prefix="onay-export-") as folder:
        book = xlsxwriter.Workbook(file, {**_OPTIONS, "tmpdir": folder})
        book.use_zip64()
        try:
            yield book
        except BaseException:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()
            raise
        book.close()


class _Pen:
    """Writes rows into sheets of one book."""

    def __init__(self, book: Any, table: Table) -> None:
        self.book, self.table = book, table
        self.forms = [column.form for column in table.columns]
        self.looks = {form: book.add_format({"num_format": look}) for form, look in _LOOKS.items()}
        self.head = book.add_format({"bold": True})
        self.quoted = book.add_format({"quote_prefix": True})  # stays text when somebody edits it

    def fill_sheet(self, rows: Iterator[Sequence[Value]]) -> int:
        """A further sheet with these rows under the head; tells how many."""
        sheet = self._sheet()
        count = 0
        for count, row in enumerate(rows, start=1):
            for at, (value, form) in enumerate(zip(row, self.forms, strict=True)):
                self._write(sheet, count, at, value, form)
        return count

    def _sheet(self) -> Any:
        number = len(self.book.worksheets()) + 1
        title = str(self.table.title)
        sheet = self.book.add_worksheet(title if number == 1 else f"{title} {number}")
        for at, column in enumerate(self.table.columns):
            sheet.set_column(at, at, column.width)
        for at, column in enumerate(self.table.columns):
            sheet.write_string(0, at, str(column.word), self.head)
        sheet.freeze_panes(1, 0)
        return sheet

    def _write(self, sheet: Any, row: int, at: int, value: Value, form: Form) -> None:
        if value is None or value == "":
            return
        if isinstance(value, datetime):
            local = timezone.localtime(value).replace(tzinfo=None, second=0, microsecond=0)
            self._write_day(sheet, row, at, local, form)
        elif isinstance(value, date):
            self._write_day(sheet, row, at, datetime.combine(value, time.min), form)
        elif isinstance(value, int | Decimal):
            sheet.write_number(row, at, float(value), self.looks.get(form))
        else:
            sheet.write_string(row, at, _cut(value), self.quoted if is_formula(value) else None)

    def _write_day(self, sheet: Any, row: int, at: int, day: datetime, form: Form) -> None:
        """A day that Excel's calendar does not know is written out."""
        if day.date() < FIRST_DAY:
            sheet.write_string(row, at, f"{day:%Y-%m-%d %H:%M}")
        else:
            sheet.write_datetime(row, at, day, self.looks.get(form))


def _cut(text: str) -> str:
    """As much of a text as a cell holds; more would be left out whole."""
    if len(text) * 2 <= MOST_LETTERS:
        return text
    return text.encode("utf-16-le")[: MOST_LETTERS * 2].decode("utf-16-le", errors="ignore")
