"""Time passing for rows: leases and pauses run out and waits end, as if they had been slept through."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from work import queues

AGES = timedelta(hours=1)


def expire_leases() -> None:
    """Every claim in hand has run out, and what that leaves is settled."""
    for queue in queues.every():
        queue.rows().filter(claimed_until__isnull=False).update(claimed_until=timezone.now() - AGES)
        if queue.settle is not None:
            queue.settle()


def end_waits() -> None:
    """Every pause is over, and what waits for its next try is due."""
    now = timezone.now()
    for queue in queues.every():
        queue.lane_model()._base_manager.update(paused_until=None, pauses=0)
        queue.rows().filter(due_at__isnull=False).update(due_at=now)
