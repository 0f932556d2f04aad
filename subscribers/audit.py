"""The record of acts, and the notices that ask a merchant to act."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from subscribers.models import AuditEntry, Notice, Subscriber, TenantRow, User


def record(*, about: TenantRow | Subscriber, action: str, by: User | None, reason: str = "", **detail: Any) -> AuditEntry:
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


def raise_notice(*, about: TenantRow, kind: str, **detail: Any) -> Notice:
    """Asks the merchant to act; while the notice is open, raising it again changes nothing."""
    notice, _ = Notice.objects.get_or_create(
        subscriber_id=about.subscriber_id, kind=kind, about_id=about.id, ended_at=None, defaults={"detail": detail}
    )
    return notice


def end_notice(*, about: TenantRow, kind: str) -> None:
    """What was asked for has happened."""
    Notice.objects.filter(
        subscriber_id=about.subscriber_id, kind=kind, about_id=about.id, ended_at__isnull=True
    ).update(ended_at=timezone.now())
