"""A claim is a lease with a fence: taken once, given back by itself, and worth nothing once it has run out."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from integrations.ideasoft.models import Store
from orders.models import Sighting
from subscribers import reach
from subscribers.reach import Purpose
from tests.work.conftest import add_lane, add_rows
from work import claims
from work.queues import Queue

MakeQueue = Callable[..., Queue[Sighting]]
pytestmark = pytest.mark.django_db


def _let_lease_run_out() -> None:
    Sighting.objects.filter(claim__isnull=False).update(claimed_until=timezone.now() - timedelta(minutes=2))


def test_takes_a_batch_in_the_order_it_is_due(make_queue: MakeQueue, lane: Store) -> None:
    add_rows(lane, 5)
    claim = claims.take(make_queue(batch=3), lane.pk)

    assert claim is not None
    assert ([row.external_id for row in claim.rows], claim.more) == ([1, 2, 3], True)


def test_takes_nothing_that_is_not_due_yet(make_queue: MakeQueue, lane: Store) -> None:
    add_rows(lane, due_at=timezone.now() + timedelta(hours=1))

    assert claims.take(make_queue(), lane.pk) is None


def test_takes_nothing_twice(make_queue: MakeQueue, lane: Store) -> None:
    add_rows(lane)
    queue = make_queue(in_flight=2)

    assert [claims.take(queue, lane.pk) is not None for _ in range(2)] == [True, False]


def test_takes_what_a_dead_worker_left(make_queue: MakeQueue, lane: Store) -> None:
    add_rows(lane)
    queue = make_queue()
    claims.take(queue, lane.pk)
    _let_lease_run_out()
    again = claims.take(queue, lane.pk)

    assert again is not None
    assert (again.rows[0].attempts, again.rows[0].crashes) == (2, 2)


def test_batches_alike_rows_alone(make_queue: MakeQueue, lane: Store) -> None:
    add_rows(lane, 4)
    claim = claims.take(make_queue(batch=9, together=lambda row: row.external_id < 3), lane.pk)

    assert claim is not None
    assert ([row.external_id for row in claim.rows], claim.more) == ([1, 2], True)


def test_takes_a_row_alone_that_failed_in_company(make_queue: MakeQueue, lane: Store) -> None:
    add_rows(lane, 3)
    Sighting.objects.filter(external_id=1).update(alone=True)
    claim = claims.take(make_queue(batch=9), lane.pk)

    assert claim is not None
    assert [row.external_id for row in claim.rows] == [1]


@pytest.mark.case(8)
def test_lets_nothing_leave_once_the_lease_has_run_out(make_queue: MakeQueue, lane: Store) -> None:
    add_rows(lane, 2)
    claim = claims.take(make_queue(batch=2), lane.pk)
    _let_lease_run_out()

    assert claim is not None
    assert (claim.fence(), claim.rows) == ([], [])


@pytest.mark.case(8)
def test_lets_nothing_leave_that_another_worker_has_taken(make_queue: MakeQueue, lane: Store) -> None:
    add_rows(lane)
    queue = make_queue()
    slow = claims.take(queue, lane.pk)
    _let_lease_run_out()
    quick = claims.take(queue, lane.pk)

    assert slow is not None
    assert quick is not None
    assert (len(quick.fence()), len(slow.fence())) == (1, 0)


@pytest.mark.parametrize("end", ["close", "reschedule", "put_back", "again", "crashed", "give_up"])
def test_changes_nothing_of_a_row_that_is_no_longer_its_own(make_queue: MakeQueue, lane: Store, end: str) -> None:
    add_rows(lane)
    claim = claims.take(make_queue(), lane.pk)
    assert claim is not None
    Sighting.objects.update(claim=uuid.uuid4())
    before = Sighting.objects.values().get()
    arguments: dict[str, dict[str, Any]] = {
        "reschedule": {"at": timezone.now()},
        "again": {"failure": "x"},
        "crashed": {"failure": "x"},
    }
    positional = ["x"] if end == "give_up" else []

    assert not getattr(claim, end)(claim.rows[0], *positional, **arguments.get(end, {}))
    assert Sighting.objects.values().get() == before


def test_waits_longer_after_each_failure(make_queue: MakeQueue, lane: Store) -> None:
    add_rows(lane, attempts=4)
    claim = claims.take(make_queue(), lane.pk)
    assert claim is not None
    claim.again(claim.rows[0], failure="timeout")
    row = Sighting.objects.get()

    assert row.due_at is not None
    assert 10 < (row.due_at - timezone.now()).total_seconds() < 21
    assert (row.claim, row.attempts, row.crashes, row.last_failure) == (None, 5, 0, "timeout")


def test_does_not_count_a_try_that_was_put_back(make_queue: MakeQueue, lane: Store) -> None:
    add_rows(lane, attempts=3)
    claim = claims.take(make_queue(), lane.pk)
    assert claim is not None
    claim.put_back(claim.rows[0])

    assert Sighting.objects.get().attempts == 3


def test_gives_up_once_patience_is_over(make_queue: MakeQueue, lane: Store, given_up: list[tuple[int, str]]) -> None:
    add_rows(lane, work_since=timezone.now() - timedelta(days=4))
    claim = claims.take(make_queue(), lane.pk)
    assert claim is not None
    claim.again(claim.rows[0], failure="timeout")

    assert given_up == [(1, "timeout")]
    assert Sighting.objects.get().due_at is None


@pytest.mark.parametrize(
    ("hold", "options", "is_open"),
    [
        ({"paused_until": timedelta(minutes=1)}, {}, False),
        ({"paused_until": timedelta(minutes=1)}, {"heeds_pause": False}, True),
        ({"paused_until": timedelta(minutes=-1)}, {}, True),
        ({"refused_at": timedelta(minutes=-1)}, {}, False),
        ({"refused_at": timedelta(minutes=-1)}, {"heeds_refusal": False}, True),
    ],
    ids=str,
)
def test_leaves_a_held_lane_in_peace(
    make_queue: MakeQueue, lane: Store, hold: dict[str, timedelta], options: dict[str, bool], is_open: bool
) -> None:
    add_rows(lane)
    Store.objects.update(**{name: timezone.now() + away for name, away in hold.items()})

    assert claims.due_lanes(make_queue(**options)) == ([lane.pk] if is_open else [])


def test_names_each_lane_once_however_much_is_due(make_queue: MakeQueue, db: None) -> None:
    lanes = [add_lane() for _ in range(3)]
    for lane in lanes:
        add_rows(lane, 20)

    assert sorted(claims.due_lanes(make_queue())) == sorted(lane.pk for lane in lanes)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("in_flight", [1, 2, 4])
def test_never_has_more_of_a_lane_in_hand_than_allowed(make_queue: MakeQueue, lane: Store, in_flight: int) -> None:
    add_rows(lane, 40)
    queue = make_queue(in_flight=in_flight)

    def take(_: int) -> bool:
        try:
            with reach.across(Purpose.WORK):
                return any(claims.take(queue, lane.pk) for _ in range(3))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(take, range(16)))

    assert 1 <= Sighting.objects.filter(claim__isnull=False).values("claim").distinct().count() <= in_flight
