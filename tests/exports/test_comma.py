"""A table as CSV: as the reader's Excel opens it, row by row, and nothing in it that runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.exports import comma
from portal.exports.cells import Column, Form, Table, Value

FORMULA = re.compile(r"\s*+(?!')[\s\"'’]*[=+\-@＝＋－＠]")  # and no apostrophe before it
FORMS = (Form.TEXT, Form.COUNT, Form.MONEY, Form.RATE, Form.MOMENT, Form.DAY)
ROW: tuple[Value, ...] = (
    'Ayşe "Şen"; Işık',
    12345,
    Decimal("1234.5"),
    Decimal("66.666"),
    datetime(2026, 11, 28, 22, 5, tzinfo=UTC),
    date(2026, 11, 29),
)


def _table(rows: Iterable[Sequence[Value]], forms: Sequence[Form] = FORMS) -> Table:
    return Table(title="x", columns=[Column(word=f"S{at}", form=form) for at, form in enumerate(forms)], rows=rows)


def _written(table: Table) -> str:
    file = io.BytesIO()
    comma.write(file, table)
    return file.getvalue().decode()


def test_is_written_as_a_turkish_excel_reads_it() -> None:
    assert _written(_table([ROW])) == (
        '\ufeffS0;S1;S2;S3;S4;S5\r\n"Ayşe ""Şen""; Işık";12345;1234,50;66,7;29.11.2026 01:05;29.11.2026\r\n'
    )


def test_is_written_as_an_english_excel_reads_it() -> None:
    with translation.override("en"):
        line = _written(_table([ROW])).split("\r\n")[1]
    assert line == '"Ayşe ""Şen""; Işık",12345,1234.50,66.7,2026-11-29 01:05,2026-11-29'


def test_leaves_a_cell_empty_where_nothing_is_known() -> None:
    assert _written(_table([(None,) * 6])).split("\r\n")[1] == ";;;;;"


def test_tells_how_many_rows_there_were() -> None:
    assert comma.write(io.BytesIO(), _table([ROW] * 7)) == 7


@pytest.mark.parametrize("value", [-3, Decimal("-3.5")])
def test_leaves_a_number_below_zero_a_number(value: Value) -> None:
    assert _written(_table([(value,)], [Form.MONEY])).split("\r\n")[1] in ("-3", "-3,50")


_odd = st.text(st.one_of(st.sampled_from(",;\t|\r\n\"' =+-@a1"), st.characters(codec="utf-8")), max_size=30)
_rows = st.lists(st.tuples(_odd, _odd), min_size=1, max_size=3)


@given(_rows)
def test_comes_back_as_it_was_but_for_apostrophes(texts: list[tuple[str, str]]) -> None:
    written = _written(_table(texts, [Form.TEXT, Form.TEXT]))
    read = list(csv.reader(io.StringIO(written, newline=""), delimiter=";"))[1:]

    assert [[text.replace("'", "") for text in row] for row in read] == [
        [text.replace("'", "") for text in row] for row in texts
    ]


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize("delimiter", ",;\t|")
@given(texts=_rows)
def test_holds_no_formula_whatever_the_readers_lists_are_separated_by(
    delimiter: str, language: str, texts: list[tuple[str, str]]
) -> None:
    with translation.override(language):
        written = _written(_table(texts, [Form.TEXT, Form.TEXT]))
    read = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter)

    cells = [cell for row in list(read)[1:] for cell in row]
    assert [cell for cell in cells if FORMULA.match(cell)] == []


class _Listening(io.BytesIO):
    """Notes how many rows had been read whenever something was written."""

    def __init__(self) -> None:
        super().__init__()
        self.read, self.seen = 0, list[int]()

    def rows(self, count: int) -> Iterator[Sequence[Value]]:
        for _ in range(count):
            self.read += 1
            yield ("0532 123 45 67",)

    def write(self, data: object) -> int:
        self.seen.append(self.read)
        return super().write(data)  # type: ignore[arg-type]


def test_holds_few_rows_in_memory_however_many_there_are() -> None:
    file = _Listening()
    comma.write(file, _table(file.rows(100_000), [Form.TEXT]))

    steps = [later - earlier for earlier, later in zip([0, *file.seen], file.seen, strict=False)]
    assert file.read == 100_000
    assert max(steps) < 2000
