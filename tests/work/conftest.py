"""A kind of work made for tests, over rows that need nothing but a store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from integrations.ideasoft.models import Store
from orders.models import Sighting
from subscribers.secrets import new_token, token_hash
from tests.subscribers import rows
from work import queues, wake
from work.queues import Queue

NAME = "tests.work"


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hints that would have been given."""
    names: list[str] = []
    for ringing in ("ring", "ring_others"):
        monkeypatch.setattr(wake, ringing, names.append)
    return names


@pytest.fixture
def given_up() -> list[tuple[int, str]]:
    """The rows that were given up, by their order and with the reason."""
    return []


@pytest.fixture
def make_queue(
    rung: list[str], given_up: list[tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Queue[Sighting]]:
    """Makes and registers the queue; without a `perform` its work is closed as done."""

    def make(**options: Any) -> Queue[Sighting]:
        def done(claim: Any) -> None:
            for row in claim.rows:
                claim.close(row)

        def give_up(row: Sighting, reason: str) -> None:
            given_up.append((row.external_id, reason))

        queue = Queue(name=NAME, model=Sighting, lane="store", **{"perform": done, "give_up": give_up, **options})
        monkeypatch.setitem(queues._registered, NAME, queue)
        return queue

    return make


@pytest.fixture
def lane(db: None) -> Store:
    return add_lane()


def add_lane() -> Store:
    token = new_token()
    return Store.objects.create(
        subscriber=rows.subscriber("Bizim"), url="https://m.myideasoft.com", hook_token_hash=token_hash(token)
    )


def add_rows(lane: Store, count: int = 1, **values: Any) -> list[Sighting]:
    """Rows due since a minute ago, in the order of their numbers."""
    due_at = timezone.now() - timedelta(minutes=1)
    made = [
        Sighting(
            subscriber_id=lane.subscriber_id,
            store=lane,
            external_id=n,
            **{"due_at": due_at + timedelta(microseconds=n), **values},
        )
        for n in range(1, count + 1)
    ]
    return Sighting.objects.bulk_create(made)
