"""The story of an order: every step with its time and cause, written in the transaction of the step itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils import timezone

from messaging.models import IncomingMessage, OutgoingMessage
from orders.models import Order, Step
from subscribers.models import ApiKey, User
from subscribers.postgresql import inserted

STORE_STATUS = "store_status"
# Each kind of step that tells of a status of the store, and the word of its detail that holds it.
STATUS_TOLD_BY = {
    "order_came": "status",
    STORE_STATUS: "after",
    "approved_in_store": "status",
    "cancelled_in_store": "status",
    "closed_by_store": "status",
    "store_waits_again": "status",
}


def tell(
    order: Order,
    kind: str,
    *,
    outgoing: OutgoingMessage | None = None,
    incoming: IncomingMessage | None = None,
    by: User | None = None,
    via: ApiKey | None = None,
    at: datetime | None = None,
    **detail: Any,
) -> Step:
    """Writes down a step; `kind` is a word that the screens put into sentences, `at` its time where it is not now.

    `via`: the API key by which a program did it for that person.
    """
    step = Step(
        subscriber_id=order.subscriber_id,
        order=order,
        at=at or timezone.now(),
        kind=kind,
        outgoing=outgoing,
        incoming=incoming,
        by=by,
        detail={**detail, "via": via.name} if via else detail,
    )
    inserted.insert(step)
    return step


def status_of(step: Step) -> str:
    """The store's status that a step of `STATUS_TOLD_BY` tells."""
    return str(step.detail.get(STATUS_TOLD_BY[step.kind], ""))


def told_once(steps: Iterable[Step]) -> list[Step]:
    """The steps that a reader needs, of any orders, given the oldest first: one a change of the store's status.

    Where another step beside it says what the new status means, that the status changed is not said as well.
    """
    rows = list(steps)
    by_order: dict[UUID, list[Step]] = {}
    for step in rows:
        if step.kind in STATUS_TOLD_BY:
            by_order.setdefault(step.order_id, []).append(step)
    twice = {echo.pk for told in by_order.values() for pair in pairwise(told) for echo in _echo(*pair)}
    return [step for step in rows if step.pk not in twice]


def _echo(first: Step, second: Step) -> list[Step]:
    """The one of two neighbours that only repeats the other's status."""
    plain = [step for step in (first, second) if step.kind == STORE_STATUS]
    return plain if len(plain) == 1 and status_of(first) == status_of(second) else []
