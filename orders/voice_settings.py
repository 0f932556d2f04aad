"""How the merchant wants the line's callers answered: kept as one row, with its change in the audit."""

from __future__ import annotations

from django.db import transaction

from orders.models import VoiceSettings
from subscribers import access, audit
from subscribers.models import Subscriber, User

FIELDS = ("extension", "says_name", "says_amount", "says_address", "says_tracking", "confirms_by_key", "texts")


def of(subscriber: Subscriber) -> VoiceSettings:
    """The settings in force; a row that is not kept yet where the merchant has changed nothing."""
    return access.of(VoiceSettings, subscriber).first() or VoiceSettings(subscriber=subscriber)


@transaction.atomic
def keep(*, wanted: VoiceSettings, by: User) -> None:
    """These settings hold from the next call on; the same again changes nothing."""
    before = access.of(VoiceSettings, wanted.subscriber).select_for_update().first() or VoiceSettings()
    changed = [name for name in FIELDS if getattr(before, name) != getattr(wanted, name)]
    if not changed:
        return
    values = {name: getattr(wanted, name) for name in FIELDS}
    row, _ = VoiceSettings.objects.update_or_create(subscriber=wanted.subscriber, defaults=values)
    audit.record(about=row, action="voice_changed", by=by, changed=changed)
