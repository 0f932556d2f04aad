"""A merchant's own terms: when a buyer counts as silent, when a question ends, what a parcel's way costs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from orders import expiry
from subscribers import audit
from subscribers.models import Subscriber, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Silent after `silent_hours`, ended after `expires_days`; freight of one parcel in TL, None where not told."""

    silent_hours: int
    expires_days: int
    freight_out: Decimal | None
    freight_back: Decimal | None

    @property
    def both_ways(self) -> Decimal | None:
        """What a parcel costs that nobody takes; None where the merchant has not told both."""
        if self.freight_out is None or self.freight_back is None:
            return None
        return self.freight_out + self.freight_back


def of(subscriber: Subscriber) -> Terms:
    """The terms in force, the installation's where the merchant has set none."""
    return Terms(
        silent_hours=subscriber.silent_hours,
        expires_days=subscriber.expires_days or settings.QUESTION_EXPIRES_DAYS,
        freight_out=subscriber.freight_out,
        freight_back=subscriber.freight_back,
    )


def ends_at(subscriber: Subscriber) -> datetime:
    """When a question that is asked now ends."""
    return timezone.now() + timedelta(days=of(subscriber).expires_days)


def silent_before(subscriber: Subscriber) -> datetime:
    """Whoever was asked at this time or earlier, and has not answered, is silent."""
    return timezone.now() - timedelta(hours=subscriber.silent_hours)


@transaction.atomic
def keep(*, subscriber: Subscriber, terms: Terms, by: User) -> None:
    """These terms hold from now on, for open questions too; the same again changes nothing."""
    held = Subscriber.objects.select_for_update(no_key=True).get(pk=subscriber.pk)
    before = of(held)
    old, new = asdict(before), asdict(terms)
    changed = [name for name in new if old[name] != new[name]]
    if not changed:
        return
    detail: dict[str, Any] = {name: [_written(old[name]), _written(new[name])] for name in changed}
    audit.record(about=held, action="terms_changed", by=by, **detail)
    for name in changed:
        setattr(held, name, new[name])
    held.save(update_fields=changed)
    if "expires_days" in changed:
        expiry.put_off(held, by=timedelta(days=terms.expires_days - before.expires_days))


def _written(value: int | Decimal | None) -> str:
    return "" if value is None else str(value)
