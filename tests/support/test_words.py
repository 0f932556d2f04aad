"""Whatever the source writes into the audit has its words in the history that staff reads (R10)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from orders.confirmation import Happening
from portal.support import words

pytestmark = pytest.mark.requirement("R10")
ROOT = Path(__file__).parents[2]
ROOMS = ("portal", "orders", "messaging", "integrations", "work", "subscribers")
OF_ANOTHER_KIND = {"add_argument", "consume"}  # the `action` of a command's argument, of a limit
BY_A_CALL = {Happening.BUYER_CONFIRMS, Happening.BUYER_DECLINES, Happening.PERSON_APPROVES, Happening.PERSON_DECLINES}


def _written() -> set[str]:
    """Every text that a call of the source is given as its `action`, told there or by a name of the module."""
    found: set[str] = set()
    for room in ROOMS:
        for file in (ROOT / room).rglob("*.py"):
            found |= set(_actions(ast.parse(file.read_text(encoding="utf-8"))))
    return found


def _actions(tree: ast.Module) -> Iterator[str]:
    named = {
        target.id: each.value
        for each in tree.body
        if isinstance(each, ast.Assign)
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") not in OF_ANOTHER_KIND:
            for given in call.keywords:
                if given.arg == "action":
                    yield from _texts(given.value, named)


def _texts(value: ast.expr | None, named: dict[str, ast.expr]) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from _texts(value.body, named)
        yield from _texts(value.orelse, named)
    elif isinstance(value, ast.Name) and value.id in named:
        yield from _texts(named[value.id], {})


def test_has_words_for_every_act_that_is_written_down() -> None:
    written = _written() | set(BY_A_CALL)

    assert sorted(written - words.ACTIONS.keys()) == []
    assert written >= {"invitation_sent", "subscriber_provisioned", "event_turned_off", "opened_by_support"}


def test_shows_no_act_by_its_name_in_the_code() -> None:
    assert {name for name in words.ACTIONS if str(words.action(name)) == name} == set()


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("confirm", "Onaylar"),
        ("unmatched", "Anlaşılmaz"),
        ("put_aside", "kişi okudu"),
        ("", "–"),
        ("strange", "strange"),
    ],
)
def test_says_in_words_what_came_of_an_answer(word: str, said: str) -> None:
    assert str(words.outcome(word)) == said
