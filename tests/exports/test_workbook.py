"""A table as an Excel workbook, read back by another library: real numbers and dates, and texts that stay texts."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.exports import workbook
from portal.exports.cells import Column, Form, Table, Value


def _table(rows: Iterable[Sequence[Value]], *forms: Form) -> Table:
    columns = [Column(word=f"S{at}", form=form) for at, form in enumerate(forms or [Form.TEXT])]
    return Table(title="Liste", columns=columns, rows=rows)


def _written(table: Table) -> io.BytesIO:
    file = io.BytesIO()
    workbook.write(file, table)
    return file


def _read(file: io.BytesIO) -> list[list[Any]]:
    """The cells below the head, of all sheets."""
    return [list(row) for sheet in openpyxl.load_workbook(file) for row in sheet.iter_rows(min_row=2)]


def test_has_real_numbers_and_dates() -> None:
    row = (12345, Decimal("1234.50"), datetime(2026, 11, 28, 22, 5, 9, tzinfo=UTC), date(2026, 11, 29))
    ((count, money, moment, day),) = _read(_written(_table([row], Form.COUNT, Form.MONEY, Form.MOMENT, Form.DAY)))

    assert (count.value, money.value, money.number_format) == (12345, 1234.5, "#,##0.00")
    assert (moment.value, day.value) == (datetime(2026, 11, 29, 1, 5), datetime(2026, 11, 29))


@pytest.mark.parametrize("text", ["=1+1", "+905321234567", "0532 123 45 67", "000123", "http://x.example", "@x"])
def test_leaves_a_text_a_text(text: str) -> None:
    ((cell,),) = _read(_written(_table([(text,)])))

    assert (cell.value, cell.data_type) == (text, "s")


def test_keeps_a_formula_a_text_also_when_somebody_edits_it() -> None:
    ((harmful,), (harmless,)) = _read(_written(_table([("=1+1",), ("onay",)])))

    assert (harmful.quotePrefix, harmless.quotePrefix) == (True, False)


# What XML has no letter for is written by its number (`_x0001_`), which Excel shows as that letter.
_letters = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(_letters, min_size=1, max_size=40), min_size=1, max_size=4))
def test_comes_back_as_it_was_and_holds_no_formula(texts: list[str]) -> None:
    file = _written(_table([(text,) for text in texts]))

    with zipfile.ZipFile(file) as parts:
        assert b"<f" not in parts.read("xl/worksheets/sheet1.xml")
    assert [cell.data_type for (cell,) in _read(file)] == ["s"] * len(texts)


@pytest.mark.parametrize(("rows", "sheets"), [(0, [0]), (3, [3]), (4, [3, 1]), (7, [3, 3, 1])])
def test_goes_on_in_a_further_sheet_where_one_is_full(
    rows: int, sheets: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    file = io.BytesIO()
    counted = workbook.write(file, _table([(f"{number}",) for number in range(rows)]))
    book = openpyxl.load_workbook(file)

    assert counted == rows
    assert [sheet.max_row - 1 for sheet in book] == sheets
    assert [sheet["A1"].value for sheet in book] == ["S0"] * len(sheets)
    assert book.sheetnames == ["Liste", "Liste 2", "Liste 3"][: len(sheets)]


def test_a_sheet_takes_as_many_rows_as_excel_does() -> None:
    assert workbook.MOST_ROWS + 1 == 2**20


def test_writes_out_a_day_that_excel_does_not_know() -> None:
    ((cell,),) = _read(_written(_table([(date(1899, 12, 31),)], Form.DAY)))

    assert cell.value == "1899-12-31 00:00"


@pytest.mark.parametrize(("letter", "kept"), [("a", 32_767), ("😀", 16_383)])
def test_cuts_a_text_that_is_too_long_for_a_cell(letter: str, kept: int) -> None:
    ((cell,),) = _read(_written(_table([(letter * 40_000,)])))

    assert cell.value == letter * kept


def _broken() -> Iterator[Sequence[Value]]:
    yield ("bir",)
    raise ConnectionError


def test_leaves_nothing_behind_where_it_breaks_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(ConnectionError):
        _written(_table(_broken()))

    assert list(tmp_path.iterdir()) == []


def test_holds_one_row_in_memory_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    books: list[Any] = []
    real = xlsxwriter.Workbook

    def noted(*args: Any) -> Any:
        books.append(real(*args))
        return books[-1]

    held: list[int] = []

    def rows() -> Iterator[Sequence[Value]]:
        for number in range(500):
            held.append(len(books[0].worksheets()[0].table))
            yield (f"satır {number}",)

    monkeypatch.setattr(xlsxwriter, "Workbook", noted)
    _written(_table(rows()))
    assert max(held) <= 2
