"""A pytest plugin whose loop runs no suite: it takes each wall away in turn and runs the tests that must notice.

`pytest -p tests.faults.removal` over the tests that `walls.py` names; a line of JSON a wall on standard output.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from typing import Any

import psycopg
import pytest
from _pytest.runner import runtestprotocol

MARK = "WALL "


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Everything once as it is, which also makes the database; then without each wall; then the catalogue once more."""
    from tests.faults import walls

    items = {item.nodeid: item for item in session.items if not _is_transactional(item)}
    _failing(list(items.values())[:1])
    with owners_session() as owner:
        every = list(walls.every(owner))
        needed = {test for wall in every for test in wall.among(items)}
        _told_as_it_is([item for test, item in items.items() if test in needed])
        for wall in every:
            _told_without(wall, [items[test] for test in wall.among(items)])
        _told_as_it_is([item for test, item in items.items() if test in needed and "test_sweep" not in test])
    session._setupstate.teardown_exact(None)
    return True


def _told_as_it_is(items: list[pytest.Item]) -> None:
    began = time.monotonic()
    failed = _failing(items, most=20)
    _tell(name="nothing taken away", whole=True, failed=failed, seconds=time.monotonic() - began, tests=len(items))


def _told_without(wall: Any, items: list[pytest.Item]) -> None:
    began = time.monotonic()
    with wall.removed():
        failed = _failing(items)
    _tell(name=wall.name, whole=False, failed=failed, seconds=time.monotonic() - began, tests=len(items))


def _failing(items: Iterable[pytest.Item], *, most: int = 1) -> list[str]:
    """The first tests that fail."""
    failed: list[str] = []
    for item in items:
        item.session._setupstate.teardown_exact(item.parent)  # type: ignore[arg-type]
        reports = runtestprotocol(item, log=False, nextitem=item.parent)  # type: ignore[arg-type]
        if any(report.failed for report in reports):
            failed.append(item.nodeid)
        if len(failed) >= most:
            break
    return failed


def _is_transactional(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction"))


def owners_session() -> psycopg.Connection[Any]:
    """The tests' own database, by the role that owns it."""
    from django.db import connection

    given = {name: value for name, value in connection.get_connection_params().items() if name in _NAMES}
    return psycopg.connect(**given, autocommit=True)


_NAMES = ("dbname", "user", "password", "host", "port")


def _tell(**facts: Any) -> None:
    print(MARK + json.dumps(facts), file=sys.__stdout__, flush=True)
