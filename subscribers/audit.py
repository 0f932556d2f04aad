"""The record of acts, and the notices that ask a merchant to act."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from subscribers.models import AuditEntry, Notice, Subscriber, TenantRow, User

LONGEST_KIND = 40


def record(
    *, about: TenantRow | Subscriber, action: str, by: User | None, reason: str = "", **detail: Any
) -> AuditEntry:
    """Writes down an act in the transaction of the act; `by` is None where the portal itself acted."""
    return AuditEntry.objects.create(
        subscriber_id=about.sealing_subscriber,
        actor=by,
        action=action,
        about_kind=about._meta.model_name or "",
        about_id=about.id,
        reason=reason,
        detail=detail,
    )


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
    _end(Notice.objects.filter(kind__in=named, subscriber_id=about.subscriber_id, about_id=about.id))


def end_every_notice(*, subscriber: UUID, about: QuerySet[Any]) -> None:
    """Nothing about the rows of these keys needs the merchant any more."""
    _end(Notice.objects.filter(subscriber_id=subscriber, about_id__in=about))


def end(notice: Notice) -> None:
    """This notice is dealt with."""
    _end(Notice.objects.filter(pk=notice.pk))


def _end(notices: QuerySet[Notice]) -> None:
    notices.filter(ended_at__isnull=True).update(ended_at=timezone.now())


def _kind(kind: str, operation: str) -> str:
    return f"{kind}:{operation}"[:LONGEST_KIND]
