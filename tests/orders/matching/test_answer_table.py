"""Every labelled answer of `answers.tsv` gets the verdict, the reason and the orders it is labelled with."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from orders.matching import Decision, Outcome

TABLE = Path(__file__).with_name("answers.tsv")
ESCAPE = re.compile(r"\\u([0-9a-f]{4})|\\([nrt])")
CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}


def _unescape(text: str) -> str:
    return ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else CONTROLS[m[2]], text)


def texts() -> list[str]:
    """The texts of the table, each once."""
    return list(dict.fromkeys(_unescape(row[1]) for _number, row in _rows()))


def _rows() -> list[tuple[int, list[str]]]:
    lines = enumerate(TABLE.read_text(encoding="utf-8").split("\n"), 1)
    return [(number, line.split("\t")) for number, line in lines if line and not line.startswith("#")]


def _label(decision: Decision, outcome: Outcome, wanted: str) -> str:
    label = decision.confirmation_id
    if decision.verdict is not outcome.verdict:
        label += f":{decision.verdict}"
    if "@" in wanted and decision.event:
        label += f"@{decision.event.id}"
    return label


@pytest.mark.case(33)
@pytest.mark.parametrize("row", [pytest.param(row, id=f"line-{number}") for number, row in _rows()])
def test_answer_means_what_it_is_labelled(row: list[str], answer: Callable[..., Outcome]) -> None:
    scene, text, verdict, reason, orders = row
    outcome = answer(_unescape(text), scene)
    seen = " ".join(_label(decision, outcome, orders) for decision in outcome.decisions)
    if outcome.unknown_references:
        seen = "?" + " ".join(outcome.unknown_references)
    assert (outcome.verdict, outcome.reason, seen) == (verdict, reason, orders), text


@pytest.mark.case(33)
def test_table_holds_at_least_three_hundred_answers() -> None:
    assert len({(row[0], row[1]) for _, row in _rows()}) >= 300
