"""Taking looks at every subscriber's due rows; the work itself has its own subscriber's alone (R1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.ideasoft.models import Store
from orders.models import Sighting
from subscribers import reach
from subscribers.models import Subscriber
from tests.work.conftest import NAME, add_lane, add_rows
from work import claims, drain, sweep
from work.queues import Queue

MakeQueue = Callable[..., Queue[Sighting]]
pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]


def _work_off(work: Callable[[str], int], make_queue: MakeQueue) -> list[bool]:
    """Whether each piece of work saw its own store and no other."""
    saw_its_own: list[bool] = []

    def perform(claim: Any) -> None:
        saw_its_own.append([store.pk for store in Store.objects.all()] == [claim.lane_id])
        for row in claim.rows:
            claim.close(row)

    make_queue(perform=perform)
    for _ in range(2):
        add_rows(add_lane(), 1)
    with reach.nothing():
        work(NAME)
    return saw_its_own


@pytest.mark.parametrize("work", [drain.drain, sweep.sweep])
def test_gives_each_subscribers_work_its_own_rows_alone(work: Callable[[str], int], make_queue: MakeQueue) -> None:
    assert _work_off(work, make_queue) == [True, True]


def test_gives_up_within_the_reach_of_the_rows_subscriber(make_queue: MakeQueue, given_up: list[Any]) -> None:
    make_queue(max_crashes=1)
    add_rows(add_lane(), 1)
    Sighting.objects.update(crashes=1)
    with reach.nothing():
        drain.drain(NAME)

    assert len(given_up) == 1


def test_claims_by_the_index_of_due_rows_under_the_policy(make_queue: MakeQueue, lane: Store) -> None:
    queue = make_queue()
    add_rows(lane, 1)
    due = queue.due().filter(store=lane).order_by("due_at", "pk")[:100]
    with connection.cursor() as cursor:
        for other in ("seqscan", "bitmapscan", "sort"):  # what a table of one row would be read by
            cursor.execute(f"SET LOCAL enable_{other} = off")
        sql, params = due.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Index Scan using sighting_due" in plan
    assert "Index Cond: ((store_id = " in plan


def test_finds_lanes_by_the_index_of_due_rows_where_it_heeds_suspensions(make_queue: MakeQueue, lane: Store) -> None:
    queue = make_queue(heeds_suspension=True)
    add_rows(lane, 1)
    with CaptureQueriesContext(connection) as asked:
        assert claims.due_lanes(queue) == [lane.pk]
    with connection.cursor() as cursor:
        for other in ("seqscan", "bitmapscan", "sort"):  # what a table of one row would be read by
            cursor.execute(f"SET LOCAL enable_{other} = off")
        cursor.execute(f"EXPLAIN {asked.captured_queries[-1]['sql']}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Index Scan using sighting_due" in plan
    assert "Seq Scan on orders_sighting" not in plan


def test_steps_over_the_lanes_of_a_suspended_subscriber(make_queue: MakeQueue) -> None:
    suspended, other = add_lane(), add_lane()
    for each in (suspended, other):
        add_rows(each, 1)
    Subscriber.objects.filter(pk=suspended.subscriber_id).update(suspended_at=timezone.now())

    assert set(claims.due_lanes(make_queue(heeds_suspension=True))) == {other.pk}
    assert set(claims.due_lanes(make_queue())) == {suspended.pk, other.pk}
