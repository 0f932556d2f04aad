"""How a worker works due rows off: one batch of one lane after another, within a bounded time, then it gives way."""

from __future__ import annotations

import uuid
from time import monotonic

import structlog

from subscribers import reach
from subscribers.reach import Purpose
from work import claims, queues, wake
from work.claims import Claim
from work.queues import Queue, Row

log = structlog.get_logger(__name__)

TURN_SECONDS = 2.0


def drain(name: str) -> int:
    """Works off what is due in the queue of that name and tells how many rows it took in hand.

    Where more is due than this turn takes, another worker is woken at the first claim, and once more at the end of the
    turn: so a burst spreads over the workers, and one queue never keeps a thread for itself. What the work itself
    brought about (an answer its approval, an approval its reply) this thread does next where nothing else is due: a
    hint through the broker would take longer than the work.
    """
    ends = monotonic() + TURN_SECONDS
    with wake.handed_over() as next_names:
        taken = _drain(name, ends, next_names)
        while next_names and monotonic() < ends:
            _drain(_first_of(next_names), ends, next_names)
    return taken


def _first_of(names: dict[str, None]) -> str:
    first = next(iter(names))
    del names[first]
    return first


def _drain(name: str, ends: float, next_names: dict[str, None]) -> int:
    queue = queues.get(name)
    taken = 0
    while lanes := _due_lanes(queue):
        found = False
        for lane_id in lanes:
            wake.give_out(next_names)
            claim = _take(queue, lane_id) if queue.has_room(lane_id) else None
            if claim is None:
                continue
            if taken == 0 and (claim.more or len(lanes) > 1):
                wake.ring_others(name)
            found, taken = True, taken + len(claim.rows)
            perform(queue, claim)
            if monotonic() > ends:
                wake.ring_others(name)
                return taken
        if not found:
            break
    return taken


def _due_lanes(queue: Queue[Row]) -> list[uuid.UUID]:
    with reach.across(Purpose.WORK):
        return claims.due_lanes(queue)


def _take(queue: Queue[Row], lane_id: uuid.UUID) -> Claim[Row] | None:
    with reach.across(Purpose.WORK):
        return claims.take(queue, lane_id)


def perform(queue: Queue[Row], claim: Claim[Row]) -> None:
    """Does the work of one claim within its subscriber's reach, which all its rows share since they share a lane.

    What breaks it is logged and counted against its rows, and other rows go on.
    """
    with reach.of(queue.subscriber_of(claim.rows[0])):
        _perform(queue, claim)


def _perform(queue: Queue[Row], claim: Claim[Row]) -> None:
    for row in [row for row in claim.rows if row.crashes > queue.max_crashes]:
        claim.give_up(row, row.last_failure or "taken again and again, never finished")
        claim.rows.remove(row)
    if not claim.rows:
        return
    try:
        queue.perform(claim)
    except Exception as error:
        log.exception("work_broke", queue=queue.name, rows=[str(row.pk) for row in claim.rows])
        for row in claim.rows:
            claim.crashed(row, failure=f"{type(error).__name__}: {error}")
