"""The kinds of work: one `Queue` each, registered by the room that knows how to do it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from subscribers.models import Subscriber, TenantRow
from work import statements
from work.models import Lane, Work
from work.statements import Statements

if TYPE_CHECKING:
    from work.claims import Claim

Row = TypeVar("Row", bound=Work)


def _alike(_row: Any) -> Hashable:
    return None


def _always(_lane_id: uuid.UUID) -> bool:
    return True


def _itself(row: Work) -> Hashable:
    key: Hashable = row.pk
    return key


@dataclass(frozen=True, kw_only=True)
class Queue(Generic[Row]):
    """One kind of work.

    `lane` names the foreign key to the account or store whose rows share turns and pauses. `perform` gets a claim of
    up to `batch` rows that are alike by `together` and all differ by `apart`; at most `in_flight` claims of a lane
    are in hand at once, and this process takes none of a lane for which it `has_room` no longer. `give_up` ends a row
    that failed for `patience`, or that was taken `max_crashes` times and never given back; it runs in a transaction.
    `settle` ends rows whose claim ran out after a call that must not be repeated, and tells how many. `only` narrows
    the model's rows to this queue's, `without` leaves out those of another. `heeds_pause` and `heeds_refusal` say
    whether a paused or a refusing lane holds this work back, `heeds_suspension` whether a suspended subscriber does:
    what is sent for it, and what would bring that about.
    """

    name: str
    model: type[Row]
    lane: str
    perform: Callable[[Claim[Row]], None]
    give_up: Callable[[Row, str], None]
    batch: int = 1
    in_flight: int = 1
    has_room: Callable[[uuid.UUID], bool] = _always
    together: Callable[[Row], Hashable] = _alike
    apart: Callable[[Row], Hashable] = _itself
    only: Mapping[str, Any] = field(default_factory=dict)
    without: Mapping[str, Any] = field(default_factory=dict)
    heeds_pause: bool = True
    heeds_refusal: bool = True
    heeds_suspension: bool = False
    patience: timedelta = timedelta(days=3)
    max_crashes: int = 8
    settle: Callable[[], int] | None = None

    @cached_property
    def statements(self) -> Statements:
        """What every turn asks of the table."""
        return statements.of(self)

    def rows(self) -> QuerySet[Row]:
        """Every row of this queue, due or not."""
        rows = self.model._base_manager.filter(**self.only)
        return rows.exclude(**self.without) if self.without else rows

    def subscriber_of(self, row: Row) -> uuid.UUID:
        """Whose work the row is."""
        assert isinstance(row, TenantRow)
        return row.subscriber_id

    def due(self) -> QuerySet[Row]:
        """The rows that may be taken now, whatever their lane says."""
        free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=Now())
        return self.rows().filter(free, due_at__lte=Now())

    def wanted(self) -> QuerySet[Row]:
        """The rows that somebody should work off now: due, and held back by no suspension."""
        return self._unsuspended(self.due())

    def _unsuspended(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The few that are suspended are looked up once: a join would read every row's subscriber."""
        if not self.heeds_suspension:
            return rows
        return rows.exclude(subscriber__in=Subscriber.objects.filter(suspended_at__isnull=False))

    def lane_model(self) -> type[Lane]:
        """The model of the account or store behind `lane`."""
        related = self.model._meta.get_field(self.lane).related_model
        assert isinstance(related, type)
        assert issubclass(related, Lane)
        return related

    def open_lanes(self) -> QuerySet[Lane]:
        """The lanes that do not hold this work back now."""
        lanes: QuerySet[Any] = self.lane_model()._base_manager.all()
        if self.heeds_pause:
            lanes = lanes.filter(Q(paused_until__isnull=True) | Q(paused_until__lte=Now()))
        if self.heeds_refusal:
            lanes = lanes.filter(refused_at__isnull=True)
        return self._unsuspended(lanes)

    def lane_column(self) -> str:
        """The database column of the lane's key."""
        lane = self.model._meta.get_field(self.lane)
        assert isinstance(lane, models.ForeignKey)
        return lane.column


def comes_again(after: timedelta) -> Callable[[Any, str], None]:
    """The `give_up` of work that recurs: whatever broke it, it comes again `after` a while."""

    def give_up(row: Work, _reason: str) -> None:
        type(row)._base_manager.filter(pk=row.pk).update(due_at=Now() + after, work_since=None)

    return give_up


_registered: dict[str, Queue[Any]] = {}


def register(queue: Queue[Any]) -> Queue[Any]:
    """Makes a queue known to drains and sweeps; a name stands for one queue."""
    assert queue.name not in _registered, f"two queues are called {queue.name}"
    _registered[queue.name] = queue
    return queue


def get(name: str) -> Queue[Any]:
    """The queue of that name. Raises `KeyError`."""
    return _registered[name]


def every() -> list[Queue[Any]]:
    """All queues, in the order they were registered."""
    return list(_registered.values())
