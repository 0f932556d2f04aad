"""A subscriber suspended and let go on: it signs in and sees everything, nothing is sent for it, what comes is kept.

`work/queues.py` says which work heeds it, `work/claims.py` holds that work back.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from subscribers import audit
from subscribers.models import Subscriber, User
from subscribers.postgresql.prepared import Prepared

REASON = "suspended"
_IS_SUSPENDED = Prepared(
    "is suspended", "SELECT 1 FROM subscribers_subscriber WHERE id = %s AND suspended_at IS NOT NULL"
)


class AlreadySo(Exception):
    """The subscriber is where it was to be brought: somebody was quicker, or the same click came twice."""


def suspend(subscriber: Subscriber, *, by: User, reason: str) -> None:
    """From the commit on no fence lets anything out for it; a batch that is at its fence in that moment may leave.

    Raises `AlreadySo`.
    """
    with transaction.atomic():
        known = _locked(subscriber)
        if known.suspended_at is not None:
            raise AlreadySo
        known.suspended_at = timezone.now()
        known.save(update_fields=["suspended_at"])
        audit.record(about=known, action="subscriber_suspended", by=by, reason=reason)


def resume(subscriber: Subscriber, *, by: User, reason: str) -> timedelta:
    """Its work may be taken again; tells how long it was suspended. Raises `AlreadySo`."""
    with transaction.atomic():
        known = _locked(subscriber)
        if known.suspended_at is None:
            raise AlreadySo
        since, known.suspended_at = known.suspended_at, None
        known.save(update_fields=["suspended_at"])
        audit.record(about=known, action="subscriber_resumed", by=by, reason=reason, since=since.isoformat())
    return timezone.now() - since


def is_suspended(subscriber: uuid.UUID) -> bool:
    """Whether the subscriber of this key is suspended now."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_SUSPENDED.ready(), [subscriber])
        return cursor.fetchone() is not None


def _locked(subscriber: Subscriber) -> Subscriber:
    return Subscriber.objects.select_for_update(of=("self",), no_key=True).get(pk=subscriber.pk)
