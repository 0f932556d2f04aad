"""How rows are taken and given back.

A claim is a lease with a fence. The lease (`LEASE_SECONDS`) ends by itself when a worker dies, and the row is due
again. The fence is for a worker that sleeps through its lease: `Claim.fence` finds only the rows that are still its
own, and nothing may leave for the others. All times are the database's, so workers' clocks do not matter.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from subscribers import suspension
from work import backoff, locks
from work.queues import Queue, Row

log = structlog.get_logger(__name__)

TURN_TRIES, TURN_PAUSE_SECONDS = 6, 0.01


@dataclass(kw_only=True)
class Claim(Generic[Row]):
    """Rows of one lane, in the hand of one worker until the lease ends."""

    queue: Queue[Row]
    lane_id: uuid.UUID
    rows: list[Row]
    token: uuid.UUID = field(default_factory=uuid.uuid4)
    more: bool = False

    def fence(self, **changes: Any) -> list[Row]:
        """The rows that are still ours, changed and committed, their lease begun anew.

        Only for these may the first byte of an outside call leave. `due_at=None` among the changes says that the call
        must not be repeated when the lease runs out: then the queue's `settle` decides. A suspension that came since
        the claim is found here: the rows go back, unchanged and uncounted, and none is left.
        """
        with transaction.atomic():
            if self._is_suspended():
                return self.put_all_back(reason=suspension.REASON)
            # Rows are locked as the UPDATE meets them. Only after our lease is over may somebody else hold some of
            # them in another order; then PostgreSQL ends one of the two, and what became of its batch is unknown.
            mine = self._all_mine().filter(claimed_until__gt=Now())
            lost = len(self.rows) - mine.update(claimed_until=Now() + lease(), **changes)
            if lost:
                ids = set(mine.values_list("pk", flat=True))  # the others' lease is over, or they are no longer ours
                self.rows = [row for row in self.rows if row.pk in ids]
        for row in self.rows:
            _copy(row, changes)
        if lost:
            log.warning("lease_lost", queue=self.queue.name, lost=lost)
        return self.rows

    def close(self, row: Row, **changes: Any) -> bool:
        """The row's work is done; false where the row is no longer ours, and then nothing changed."""
        changes = {"due_at": None, "work_since": None, "attempts": 0, "last_failure": "", **changes}
        return self._give_back_one(row, **changes)

    def close_all(self, **changes: Any) -> int:
        """The work of all rows in hand is done with one outcome, told in one statement; how many were still ours."""
        changes = {"due_at": None, "work_since": None, "attempts": 0, "last_failure": "", **changes}
        return self._give_back(self._all_mine(), self.rows, **changes)

    def reschedule(self, row: Row, *, at: datetime | Any, **changes: Any) -> bool:
        """The row's work is done for this time and comes again at `at`."""
        return self._give_back_one(row, due_at=at, attempts=0, last_failure="", work_since=None, **changes)

    def put_back(self, row: Row, *, seconds: float = 0.5, reason: str = "", **changes: Any) -> bool:
        """Somebody else must finish first, or the lane's owner act: due again soon, and the try does not count."""
        due_at = Now() + timedelta(seconds=seconds)
        return self._give_back_one(row, due_at=due_at, attempts=F("attempts") - 1, last_failure=reason[:300], **changes)

    def put_all_back(self, *, seconds: float = 0.5, reason: str) -> list[Row]:
        """The same for all rows in hand, in one statement; none is left in hand."""
        due_at = Now() + timedelta(seconds=seconds)
        changes = {"due_at": due_at, "attempts": F("attempts") - 1, "last_failure": reason[:300]}
        self._give_back(self._all_mine(), self.rows, **changes)
        self.rows = []
        return []

    def again(
        self, row: Row, *, failure: str, retry_after: float | None = None, alone: bool | None = None, **changes: Any
    ) -> bool:
        """The try failed: due after a backoff, or given up where it has failed for the queue's patience."""
        if self._out_of_patience(row):
            return self.give_up(row, failure)
        wait = backoff.wait(row.attempts, retry_after=retry_after)
        if alone is not None:
            changes["alone"] = alone
        return self._give_back_one(row, due_at=Now() + wait, last_failure=failure[:300], **changes)

    def crashed(self, row: Row, *, failure: str) -> bool:
        """The work itself broke: tried again alone, and given up after the queue's `max_crashes`.

        A row fenced against repetition stays in hand: it may have left, and the end of its lease brings `settle`.
        """
        if row.due_at is None:
            return False
        if row.crashes >= self.queue.max_crashes:
            return self.give_up(row, failure)
        return self._give_back_one(
            row, due_at=Now() + backoff.wait(row.attempts), last_failure=failure[:300], alone=True, crashes=row.crashes
        )

    def give_up(self, row: Row, reason: str) -> bool:
        """The row ends where a person sees it, by the queue's `give_up`."""
        with transaction.atomic():
            if not self._give_back_one(row, due_at=None, last_failure=reason[:300]):
                return False
            self.queue.give_up(row, reason)
        log.warning("gave_up", queue=self.queue.name, row=str(row.pk), reason=reason)
        return True

    def holds(self, row: Row) -> bool:
        """Locks the row to the end of the transaction and tells whether it is still ours."""
        with connection.cursor() as cursor:
            cursor.execute(self.queue.statements.hold.sql, [row.pk, self.token])
            return cursor.fetchone() is not None

    def _is_suspended(self) -> bool:
        queue = self.queue
        return queue.heeds_suspension and bool(self.rows) and suspension.is_suspended(queue.subscriber_of(self.rows[0]))

    def _mine(self, row: Row) -> Any:
        return self.queue.model._base_manager.filter(pk=row.pk, claim=self.token)

    def _all_mine(self) -> Any:
        """The rows in hand; one that was given back carries the token no longer."""
        return self.queue.model._base_manager.filter(**{self.queue.lane: self.lane_id}, claim=self.token)

    def _give_back_one(self, row: Row, **changes: Any) -> bool:
        return bool(self._give_back(self._mine(row), [row], **changes))

    def _give_back(self, mine: Any, rows: list[Row], **changes: Any) -> int:
        changes = {"crashes": 0, "claim": None, "claimed_until": None, **changes}
        given = int(mine.update(**changes))
        for row in rows if given == len(rows) else []:
            _copy(row, changes)
        return given

    def _out_of_patience(self, row: Row) -> bool:
        if row.work_since is None:
            return False
        return bool(self._mine(row).filter(work_since__lt=Now() - self.queue.patience).exists())


def lease() -> timedelta:
    """How long a claim holds."""
    return timedelta(seconds=settings.LEASE_SECONDS)


def due_lanes(queue: Queue[Row], *, limit: int = 50) -> list[uuid.UUID]:
    """Open lanes with due rows, from a random one on: the turn goes round without being kept anywhere.

    One index step a lane, however many rows it has due, so a lane with 100,000 rows costs what one with one costs.
    """
    start, lowest = uuid.uuid4(), _lanes_from(queue, uuid.UUID(int=0), limit)
    later = [lane for lane in lowest if lane >= start]
    if len(lowest) == limit:  # there may be more than these, which must not come first each time
        later = _lanes_from(queue, start, limit)
    return [*later, *(lane for lane in lowest if lane < start)][:limit]


def take(queue: Queue[Row], lane_id: uuid.UUID) -> Claim[Row] | None:
    """Takes up to a batch of the lane's due rows; None where there is nothing, or enough is in hand already."""
    with transaction.atomic():
        in_hand = _in_hand_by_turn(queue, lane_id)
        if in_hand is None or in_hand >= queue.in_flight:
            return None
        due, mark = queue.statements.due, queue.statements.mark
        found = list(queue.model._base_manager.raw(due.sql, due.params(lane_id)))
        rows = _alike(queue, found)
        if not rows:
            return None
        claim = Claim(queue=queue, lane_id=lane_id, rows=rows, more=len(found) == queue.batch or len(rows) < len(found))
        with connection.cursor() as cursor:
            cursor.execute(mark.sql, mark.params(claim.token, lease(), [row.pk for row in rows]))
    for row in rows:
        row.claim, row.attempts, row.crashes = claim.token, row.attempts + 1, row.crashes + 1
    return claim


def _alike(queue: Queue[Row], found: list[Row]) -> list[Row]:
    """The longest start of one batch: the first row, and those that may go in the same call."""
    if not found or found[0].alone:
        return found[:1]
    kind = queue.together(found[0])
    chosen: dict[Hashable, Row] = {}
    for row in found:
        if not row.alone and queue.together(row) == kind:
            chosen.setdefault(queue.apart(row), row)
    return list(chosen.values())


def _in_hand_by_turn(queue: Queue[Row], lane_id: uuid.UUID) -> int | None:
    """How many claims of the lane are in hand; to the end of the transaction nobody else takes from it, so it stays so.

    None where somebody is just taking. They are waited for, a moment and no longer: a worker that gave way at once
    would not come back, and a busy lane would lose its calls in flight one by one; one that sleeps with the lock holds
    nobody up for long.
    """
    for tries_left in reversed(range(TURN_TRIES)):
        in_hand = _in_hand_if_locked(queue, lane_id)
        if in_hand is not None:
            return in_hand
        if tries_left:
            time.sleep(TURN_PAUSE_SECONDS)
    return None


def _in_hand_if_locked(queue: Queue[Row], lane_id: uuid.UUID) -> int | None:
    """Two statements in one message; the second sees what was committed before the lock was free."""
    counted = queue.statements.in_hand
    with connection.cursor() as cursor:
        cursor.execute(f"{locks.TRY}; {counted.sql}", [queue.name, str(lane_id), *counted.params(lane_id)])
        is_locked = cursor.fetchone()[0]
        cursor.nextset()
        return int(cursor.fetchone()[0]) if is_locked else None


def _lanes_from(queue: Queue[Row], start: uuid.UUID, limit: int) -> list[uuid.UUID]:
    lanes = queue.statements.lanes
    with connection.cursor() as cursor:
        cursor.execute(lanes.sql, [start, *lanes.values, limit])
        return [row[0] for row in cursor.fetchall()]


def _copy(row: Row, changes: dict[str, Any]) -> None:
    """Keeps the object in hand in step with its row, where the new value is no expression."""
    for name, value in changes.items():
        if not hasattr(value, "resolve_expression"):
            setattr(row, name, value)
