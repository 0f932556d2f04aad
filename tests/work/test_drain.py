"""A drain works due rows off, gives every lane its turn, and lets no row stop the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from integrations.ideasoft.models import Store
from orders.models import Sighting
from tests.work.conftest import NAME, add_lane, add_rows
from work import drain, lanes, sweep
from work.queues import Queue

MakeQueue = Callable[..., Queue[Sighting]]
pytestmark = pytest.mark.django_db


def _left() -> int:
    return Sighting.objects.filter(due_at__isnull=False).count()


def test_works_everything_off(make_queue: MakeQueue, lane: Store) -> None:
    add_rows(lane, 25)
    make_queue(batch=10)

    assert (drain.drain(NAME), _left()) == (25, 0)


def test_does_nothing_where_nothing_is_due(make_queue: MakeQueue, lane: Store, rung: list[str]) -> None:
    make_queue()

    assert (drain.drain(NAME), rung) == (0, [])


def test_does_not_make_a_lane_with_one_wait_for_a_lane_with_a_thousand(make_queue: MakeQueue, db: None) -> None:
    big, small = add_lane(), add_lane()
    add_rows(big, 1000)
    add_rows(small, 1, due_at=timezone.now() - timedelta(seconds=1))
    turns: list[Any] = []

    def perform(claim: Any) -> None:
        turns.append(claim.lane_id)
        for row in claim.rows:
            claim.close(row)

    make_queue(batch=10, perform=perform)
    drain.drain(NAME)

    assert turns.index(small.pk) <= 1


def test_gives_way_after_its_turn_and_rings_for_the_rest(
    make_queue: MakeQueue, lane: Store, rung: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_rows(lane, 5)
    make_queue()
    monkeypatch.setattr(drain, "TURN_SECONDS", 0.0)

    assert (drain.drain(NAME), _left()) == (1, 4)
    assert rung == [NAME, NAME]


@pytest.mark.case(52)
def test_gives_a_row_up_that_always_breaks_its_work(
    make_queue: MakeQueue, lane: Store, given_up: list[tuple[int, str]]
) -> None:
    add_rows(lane)

    def perform(claim: Any) -> None:
        raise ValueError("poison")

    make_queue(perform=perform)
    for turn in range(1, 12):
        Sighting.objects.filter(due_at__isnull=False).update(due_at=timezone.now() - timedelta(hours=1))
        assert drain.drain(NAME) == (1 if turn <= 8 else 0)

    assert given_up == [(1, "ValueError: poison")]


@pytest.mark.case(52)
def test_works_the_others_off_beside_a_row_that_breaks(make_queue: MakeQueue, lane: Store) -> None:
    add_rows(lane, 6)

    def perform(claim: Any) -> None:
        if any(row.external_id == 3 for row in claim.rows):
            raise ValueError("poison")
        for row in claim.rows:
            claim.close(row)

    make_queue(batch=6, perform=perform)
    for _ in range(2):
        drain.drain(NAME)
        Sighting.objects.filter(due_at__isnull=False).update(due_at=timezone.now() - timedelta(hours=1))

    assert list(Sighting.objects.filter(due_at__isnull=False).values_list("external_id", "alone")) == [(3, True)]


@pytest.mark.case(52)
def test_gives_a_row_up_that_always_kills_its_worker(
    make_queue: MakeQueue, lane: Store, given_up: list[tuple[int, str]]
) -> None:
    add_rows(lane, crashes=8)
    make_queue(perform=lambda claim: pytest.fail("taken once too often"))
    drain.drain(NAME)

    assert given_up == [(1, "taken again and again, never finished")]


def test_forgets_crashes_once_the_work_went_through(make_queue: MakeQueue, lane: Store) -> None:
    add_rows(lane, crashes=7)
    make_queue()
    drain.drain(NAME)

    assert Sighting.objects.get().crashes == 0


def test_pauses_a_lane_longer_each_time_up_to_a_minute(lane: Store) -> None:
    waits = []
    for _ in range(9):
        lanes.pause(lane, reason="busy")
        lane.refresh_from_db()
        assert lane.paused_until is not None
        waits.append((lane.paused_until - timezone.now()).total_seconds())
        Store.objects.update(paused_until=None)

    assert waits[0] < 1.5
    assert 40 < waits[-1] < 76


def test_pauses_a_lane_for_what_it_asked(lane: Store) -> None:
    lanes.pause(lane, reason="busy", retry_after=120)
    lane.refresh_from_db()

    assert lane.paused_until is not None
    assert 110 < (lane.paused_until - timezone.now()).total_seconds() <= 120


def test_tells_the_first_alone_that_a_lane_refuses(lane: Store) -> None:
    assert [lanes.refuse(lane, reason="withdrawn") for _ in range(2)] == [True, False]


def test_does_not_end_a_refusal_by_a_call_that_went_well(lane: Store) -> None:
    lanes.pause(lane, reason="busy")
    lanes.refuse(lane, reason="withdrawn")
    lane.refresh_from_db()
    lanes.went_well(lane)
    lane.refresh_from_db()

    assert lane.refused_at is not None


def test_sweeps_what_no_hint_told_of(make_queue: MakeQueue, lane: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nobody at the broker's address: the sweep needs PostgreSQL alone."""
    monkeypatch.setattr(settings, "CELERY_BROKER_URL", "redis://127.0.0.1:1/0")
    add_rows(lane, 3)
    make_queue()

    assert (sweep.sweep(NAME), _left()) == (3, 0)


def test_settles_before_it_sweeps(make_queue: MakeQueue, lane: Store) -> None:
    settled: list[int] = []

    def settle() -> int:
        settled.append(_left())
        return 0

    make_queue(settle=settle)
    add_rows(lane)
    sweep.sweep(NAME)

    assert settled == [1]


def test_leaves_a_lane_alone_that_it_has_no_room_for(make_queue: MakeQueue, lane: Store) -> None:
    full, other = lane, add_lane()
    for each in (full, other):
        add_rows(each, 2)
    make_queue(has_room=lambda lane_id: lane_id != full.pk)

    assert (drain.drain(NAME), _left()) == (2, 2)
