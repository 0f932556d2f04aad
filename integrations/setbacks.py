"""What a failed outside call means for the row it was made for and for the account or store as a whole.

For calls that may safely be made again: reads, polls, and the store's approval (which reads first). Sending an SMS is
not one of them; `messaging/outbox.py` decides there.
"""

from __future__ import annotations

from typing import Any, TypeVar

import structlog

from integrations.failures import CredentialsInvalid, Failure, PermissionMissing, Rejected, Unavailable, UnderWay
from subscribers import audit
from subscribers.models import TenantRow
from work import lanes
from work.claims import Claim
from work.models import Lane

log = structlog.get_logger(__name__)

PROBE_SECONDS = 900.0
Row = TypeVar("Row", bound=Any)


def put_off(claim: Claim[Row], row: Row, lane: Any, failure: Failure) -> None:
    """Gives the row back as `failure` asks, and pauses the lane where all its rows would meet the same.

    What another worker is at comes back in a moment. "Later" pauses the lane without a notice. A refusal holds the
    lane until its owner acts, with one notice. A missing permission concerns this kind of call alone: it waits a
    quarter of an hour, with a notice that names it. What can never succeed ends by the queue's `give_up`.
    """
    log.info("call_failed", queue=claim.queue.name, row=str(row.pk), reason=failure.reason, code=failure.code)
    words = f"{failure.reason} {failure.code}".strip()
    if isinstance(failure, UnderWay):
        claim.put_back(row, reason=words)
    elif isinstance(failure, PermissionMissing):
        audit.raise_notice(about=lane, kind="permission_missing", reason=failure.reason, detail=failure.detail[:200])
        claim.again(row, failure=words, retry_after=PROBE_SECONDS)
    elif isinstance(failure, CredentialsInvalid):
        hold(lane, failure)
        claim.put_back(row, reason=words)
    elif isinstance(failure, Rejected):
        claim.give_up(row, words)
    else:
        retry_after = failure.retry_after if isinstance(failure, Unavailable) else None
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
