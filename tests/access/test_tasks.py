"""A task that is given what is not there, or is not there any more, says so and changes nothing."""

from __future__ import annotations

import inspect
import uuid
from typing import Any

import pytest
from django.utils import timezone

from portal.celery import app
from subscribers import reach
from tests.access import traces
from tests.access.cast import Cast
from work import claims, queues
from work import drain as drains
from work.queues import Queue

pytestmark = [pytest.mark.django_db, pytest.mark.case(15)]

app.loader.import_default_modules()
TASKS = sorted(name for name in app.tasks if not name.startswith("celery."))


def test_knows_the_tasks_of_the_site() -> None:
    assert {"orders.expire", "portal.forget_sessions", "work.drain"} <= set(TASKS)


@pytest.mark.parametrize("name", TASKS)
def test_does_nothing_about_what_it_does_not_know(name: str, cast: Cast) -> None:
    """Each argument it takes, and some that another release may send, names nothing that there is."""
    task = app.tasks[name]
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    taken = [one.name for one in inspect.signature(task.run).parameters.values() if one.kind in kinds]
    before = traces.digest_of_all()

    with reach.nothing():
        task.run(**dict.fromkeys(taken, str(uuid.uuid4())), row="gone", subscriber=str(uuid.uuid4()))
    assert traces.digest_of_all() == before


@pytest.mark.parametrize("name", TASKS)
def test_says_what_it_did_not_know(name: str, cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    task = app.tasks[name]
    named = [one.name for one in inspect.signature(task.run).parameters.values() if one.kind == one.KEYWORD_ONLY]

    with reach.nothing():
        task.run(**dict.fromkeys(named, "no such thing"))
    assert bool(caplog.records) is bool(named)


def _due(queue: Queue[Any], cast: Cast) -> Any:
    """A row of the queue that is due, and no other."""
    row = cast.ours[queue.model]
    queue.model._base_manager.update(due_at=None)
    queue.model._base_manager.filter(pk=row.pk).update(due_at=timezone.now(), **queue.only)
    return row


@pytest.mark.parametrize("queue", queues.every(), ids=lambda queue: queue.name)
def test_works_on_no_row_that_was_deleted_before_it_was_taken(queue: Queue[Any], cast: Cast) -> None:
    _due(queue, cast).delete()
    before = traces.digest_of_all()

    with reach.nothing():
        assert drains.drain(queue.name) == 0
    assert traces.digest_of_all() == before


@pytest.mark.parametrize("queue", queues.every(), ids=lambda queue: queue.name)
def test_changes_nothing_about_a_row_that_was_deleted_in_its_hands(queue: Queue[Any], cast: Cast) -> None:
    row = _due(queue, cast)
    claim = claims.take(queue, getattr(row, f"{queue.lane}_id"))
    assert claim is not None
    row.delete()
    before = traces.digest(cast.theirs.subscriber), queue.model._base_manager.count()

    with reach.nothing():
        drains.perform(queue, claim)
    assert (traces.digest(cast.theirs.subscriber), queue.model._base_manager.count()) == before
