"""Pausing an account or a store as a whole, and letting it go on."""

from __future__ import annotations

from django.db.models import F, Q
from django.db.models.functions import Now

from work import backoff
from work.models import Lane

LEFT = "left"  # the reason of a lane that we take leave of: nothing it says ends that


def pause(lane: Lane, *, reason: str, retry_after: float | None = None) -> None:
    """The lane said "later": all its work waits for what it asked, or for a backoff up to a minute. No notice.

    Calls in flight together that meet the same outage count once.
    """
    wait = backoff.wait(lane.pauses + 1, retry_after=retry_after, longest=backoff.LONGEST_PAUSE_SECONDS)
    open_now = Q(paused_until__isnull=True) | Q(paused_until__lte=Now())
    type(lane)._base_manager.filter(open_now, pk=lane.pk).update(
        paused_until=Now() + wait, pauses=F("pauses") + 1, pause_reason=reason[:300]
    )


def refuse(lane: Lane, *, reason: str) -> bool:
    """The lane refuses: all its work waits for its owner. True for the first to find out, who gives notice."""
    refused = type(lane)._base_manager.filter(pk=lane.pk, refused_at__isnull=True)
    return bool(refused.update(refused_at=Now(), pause_reason=reason[:300]))


def resume(lane: Lane) -> bool:
    """The lane is well: nothing is held back any longer. True where it had been held back."""
    held = (
        type(lane)
        ._base_manager.filter(pk=lane.pk)
        .exclude(paused_until__isnull=True, pauses=0, refused_at__isnull=True)
    )
    return bool(held.update(paused_until=None, pauses=0, refused_at=None, pause_reason=""))


def went_well(lane: Lane) -> None:
    """A call went through, so the next pause starts short again; writes only where there had been one."""
    if lane.pauses or lane.paused_until is not None:
        type(lane)._base_manager.filter(pk=lane.pk, refused_at__isnull=True).update(
            paused_until=None, pauses=0, pause_reason=""
        )
