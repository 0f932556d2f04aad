"""The tables of docs/architecture.md say what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from integrations.ideasoft.models import ChangeState
from messaging.models import IncomingState, OutgoingState
from orders import confirmation
from orders.models import ApprovalState, HandActState, NewsState, NoteState
from portal.models import LetterState
from work import queues

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def _section(title: str) -> str:
    return re.split(r"\n##+ ", TEXT.partition(f" {title}\n")[2], maxsplit=1)[0]


def _first_words(title: str) -> list[str]:
    return re.findall(r"^\| `([\w.]+)` \|", _section(title), flags=re.MULTILINE)


def test_names_every_transition_of_a_confirmation_and_no_other() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| `(\w+)` \|$", _section("Confirmation"), flags=re.MULTILINE)
    assert sorted(rows) == sorted((*pair, state) for pair, state in confirmation.TABLE.items())


def test_names_every_state_of_a_confirmation() -> None:
    assert set(_first_words("Confirmation")) == set(confirmation.State)


@pytest.mark.parametrize(
    ("title", "states"),
    [
        ("Outgoing SMS", OutgoingState),
        ("Incoming SMS", IncomingState),
        ("Approval", ApprovalState),
        ("Setting of a store", ChangeState),
        ("Act by hand", HandActState),
        ("Note", NoteState),
        ("News", NewsState),
        ("Mail about a notice", LetterState),
    ],
)
def test_names_every_state_of_a_row(title: str, states: type[OutgoingState]) -> None:
    assert sorted(_first_words(title)) == sorted(states.values)


def test_names_every_queue_with_its_rows_and_lane() -> None:
    rows = re.findall(r"^\| `([\w.]+)` \| `(\w+)` \| (\w+) \|", _section("Rows as work"), flags=re.MULTILINE)
    assert sorted(rows) == sorted((queue.name, queue.model.__name__, queue.lane) for queue in queues.every())


def test_numbers_the_eleven_rules() -> None:
    numbers = re.findall(r"^(\d+)\. ", _section("Matching"), flags=re.MULTILINE)
    assert [int(number) for number in numbers] == [*range(1, 12)]
