"""The record of acts, and the notices that ask a merchant to act."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from subscribers.models import ApiKey, AuditEntry, Notice, Subscriber, TenantRow, User
from subscribers.postgresql import inserted
from subscribers.postgresql.prepared import Prepared

LONGEST_KIND = 40
# Written out, since each call that went well asks it, nearly always in vain (docs/performance.md).
_END_KINDS = Prepared(
    "end notices",
    "UPDATE subscribers_notice SET ended_at = %s"
    " WHERE subscriber_id = %s AND about_id = %s AND kind = ANY(%s) AND ended_at IS NULL",
)


def record(
    *,
    about: TenantRow | Subscriber,
    action: str,
    by: User | None,
    via: ApiKey | None = None,
    reason: str = "",
    **detail: Any,
) -> AuditEntry:
    """Writes down an act in the transaction of the act; `by` is None where the portal itself acted.

    `via`: the API key by which a program acted for that person.
    """
    entry = AuditEntry(
        subscriber_id=about.sealing_subscriber,
        actor=by,
        action=action,
        about_kind=about._meta.model_name or "",
        about_id=about.id,
        reason=reason,
        detail={**detail, "via": via.name, "prefix": via.prefix} if via else detail,
    )
    inserted.insert(entry)
    return entry


def raise_notice(*, about: TenantRow, kind: str, operation: str = "", **detail: Any) -> Notice:
    """Asks the merchant to act; while the notice is open, raising it again changes nothing.

    `operation` says which of the thing's works it is about, where several may be in trouble at once: each has a notice
    of its own, whose kind is `kind:operation`, and ends by itself.
    """
    if operation:
        kind, detail = _kind(kind, operation), {"operation": operation, **detail}
    notice, _ = Notice.objects.get_or_create(
        subscriber_id=about.subscriber_id, kind=kind, about_id=about.id, ended_at=None, defaults={"detail": detail}
    )
    return notice


def end_notice(*, about: TenantRow, kind: str, operation: str = "") -> None:
    """What was asked for has happened; without an operation, for every operation."""
    wanted = Q(kind=_kind(kind, operation)) if operation else Q(kind=kind) | Q(kind__startswith=f"{kind}:")
    _end(Notice.objects.filter(wanted, subscriber_id=about.subscriber_id, about_id=about.id))


def end_notices(*, about: TenantRow, kinds: Iterable[str], operation: str) -> None:
    """What notices of these kinds asked for has happened, for this operation."""
    named = [_kind(kind, operation) for kind in kinds]
    with connection.cursor() as cursor:
        cursor.execute(_END_KINDS.ready(), [timezone.now(), about.subscriber_id, about.id, named])


def end(notice: Notice) -> None:
    """This notice is dealt with."""
    _end(Notice.objects.filter(pk=notice.pk))


def _end(notices: QuerySet[Notice]) -> None:
    notices.filter(ended_at__isnull=True).update(ended_at=timezone.now())


def _kind(kind: str, operation: str) -> str:
    return f"{kind}:{operation}"[:LONGEST_KIND]
