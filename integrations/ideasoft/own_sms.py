"""Which SMS a store sends by itself, kept as the store last told: no screen waits for a store."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from integrations.failures import Failure, PermissionMissing
from integrations.ideasoft import setup
from integrations.ideasoft.models import Store

SCOPE = "sms_setting_read"
MISSING, DIFFERS = "permission_missing", "differs"


def keep(store: Store, readings: setup.Readings) -> None:
    """Keeps what a look at the store's settings found; where nobody answered, the last answer stays."""
    reading = readings.get(SCOPE)
    if reading is None:  # the store was away before it came to that
        return
    flags = getattr(reading.value, "flags", {})
    told: dict[str, Any] = {"own_sms": flags, "own_sms_failure": _why_nothing(reading.failure, flags)}
    if flags or told["own_sms_failure"]:
        mine = Store.objects.filter(subscriber_id=store.subscriber_id, pk=store.pk)
        mine.update(own_sms_at=timezone.now(), **told)


def _why_nothing(failure: Failure | None, flags: dict[str, bool]) -> str:
    """Why asking again will tell nothing either; empty where it told something, or nobody answered."""
    if isinstance(failure, PermissionMissing):
        return MISSING
    if failure is None:
        return "" if flags else DIFFERS
    return DIFFERS if failure.reason in setup.STRANGE else ""
