"""What a failed outside call means for the row it was made for and for the account or store as a whole.

For calls that may safely be made again: reads, polls, and the store's approval (which reads first). Sending an SMS is
not one of them; `messaging/outbox.py` decides there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import structlog

from integrations.failures import CredentialsInvalid, Failure, PermissionMissing, Rejected, Unavailable, UnderWay
from subscribers import audit
from subscribers.models import TenantRow
from work import lanes, queues
from work.claims import Claim
from work.models import Lane

log = structlog.get_logger(__name__)

PROBE_SECONDS = 900.0
PERMISSION_MISSING, POLL_FAILED = "permission_missing", "poll_failed"
Row = TypeVar("Row", bound=Any)


def put_off(claim: Claim[Row], row: Row, lane: Any, failure: Failure, *, pauses_lane: bool = True) -> None:
    """Gives the row back as `failure` asks, and pauses the lane where all its rows would meet the same.

    What another worker is at comes back in a moment. "Later" pauses the lane without a notice. A refusal holds the
    lane until its owner acts, with one notice. A missing permission concerns this kind of call alone: it waits a
    quarter of an hour, with a notice that names it. What can never succeed ends by the queue's `give_up`. Work that
    must delay no other (`pauses_lane` False) waits alone where it is told "later".
    """
    log.info("call_failed", queue=claim.queue.name, row=str(row.pk), reason=failure.reason, code=failure.code)
    words = f"{failure.reason} {failure.code}".strip()
    if isinstance(failure, UnderWay):
        claim.put_back(row, reason=words)
    elif isinstance(failure, PermissionMissing):
        told = {"reason": failure.reason, "detail": failure.detail[:200]}
        audit.raise_notice(about=lane, kind=PERMISSION_MISSING, operation=_operation(claim.queue), **told)
        claim.again(row, failure=words, retry_after=PROBE_SECONDS)
    elif isinstance(failure, CredentialsInvalid):
        hold(lane, failure)
        claim.put_back(row, reason=words)
    elif isinstance(failure, Rejected):
        claim.give_up(row, words)
    else:
        retry_after = failure.retry_after if isinstance(failure, Unavailable) else None
        if pauses_lane:
            lanes.pause(lane, reason=words, retry_after=retry_after)
        claim.again(row, failure=words, retry_after=retry_after)


def hold(lane: Any, failure: Failure) -> None:
    """Stops all work of a lane that refuses us; the first to find out gives its merchant notice."""
    assert isinstance(lane, Lane)
    assert isinstance(lane, TenantRow)
    if lanes.refuse(lane, reason=f"{failure.reason} {failure.code}".strip()):
        audit.raise_notice(about=lane, kind="refused", reason=failure.reason, code=failure.code)
        log.warning("lane_refused", lane=str(lane.pk), reason=failure.reason, code=failure.code)


def let_go(lane: Any) -> None:
    """The lane is well again: its work goes on and its notice ends."""
    lanes.resume(lane)
    audit.end_notice(about=lane, kind="refused")


def went_well(claim: Claim[Any], lane: Any) -> None:
    """A call of this queue went through: the lane's next pause starts short again, this queue's notices end."""
    lanes.went_well(lane)
    audit.end_notices(about=lane, kinds=(PERMISSION_MISSING, POLL_FAILED), operation=_operation(claim.queue))


def comes_again(after: timedelta, *, lane: str) -> Callable[[Any, str], None]:
    """The `give_up` of an errand: it comes `after` a while, and its merchant is told that it fails.

    `lane` is the name of the errand's foreign key to its store or account. The notice ends with `went_well`.
    """
    put_off_errand = queues.comes_again(after)

    def give_up(errand: Any, reason: str) -> None:
        put_off_errand(errand, reason)
        audit.raise_notice(about=getattr(errand, lane), kind=POLL_FAILED, operation=errand.kind, reason=reason[:200])

    return give_up


def _operation(queue: queues.Queue[Any]) -> str:
    """What a notice calls the queue's work: an errand by its kind, other rows by the queue's name."""
    return str(queue.only.get("kind", queue.name))
