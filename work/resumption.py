"""A suspended subscriber's work goes on, and the patience with what waited begins anew."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from subscribers import suspension
from subscribers.models import Subscriber, User
from work import queues, wake


def resume(subscriber: Subscriber, *, by: User, reason: str) -> timedelta:
    """Ends the suspension and tells how long it was. The wait was ours, so it does not count as failing.

    Raises `suspension.AlreadySo`.
    """
    with transaction.atomic():
        lasted = suspension.resume(subscriber, by=by, reason=reason)
        for queue in queues.every():
            if queue.heeds_suspension:
                waited = queue.rows().filter(subscriber=subscriber, due_at__isnull=False)
                waited.exclude(claimed_until__gt=Now()).update(work_since=Now())
                wake.after_commit(queue.name)
    return lasted
