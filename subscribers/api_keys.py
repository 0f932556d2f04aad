"""Keys of the merchants' API: made by an owner, shown once, known afterwards by their hash alone.

A key acts in its maker's name. So it ends with the maker's membership or ownership, in the same transaction, and with
the subscriber.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from subscribers import access, audit, reach
from subscribers.models import ApiKey, Membership, Role, Subscriber, User
from subscribers.reach import Purpose
from subscribers.secrets import new_token, token_hash

BEGINNING = "onay_live_"
SHOWN = len(BEGINNING) + 8
MOST = 20
ENDED_SHOWN, ENDED_FOR = 10, timedelta(days=90)
USED_EVERY = timedelta(minutes=1)


class TooManyKeys(Exception):
    """As many keys are open as one subscriber may have."""


class NameTaken(Exception):
    """An open key of the subscriber has this name: acts are told by it."""


class NotAnOwner(Exception):
    """Whoever asked for the key is no owner (any more), or the subscriber is closed."""


@transaction.atomic
def make(subscriber: Subscriber, *, name: str, scope: ApiKey.Scope, by: User) -> tuple[ApiKey, str]:
    """A new key and the only time that it is told. Raises `TooManyKeys`, `NameTaken`, `NotAnOwner`."""
    mine = Membership.objects.filter(subscriber=subscriber, user=by, role=Role.OWNER)
    if mine.select_for_update(of=("self",), no_key=True).first() is None:
        raise NotAnOwner
    held = Subscriber.objects.select_for_update(of=("self",), no_key=True).get(pk=subscriber.pk)
    if held.closed_at is not None:
        raise NotAnOwner
    is_open = access.of(ApiKey, subscriber).filter(ended_at=None)
    if is_open.count() >= MOST:
        raise TooManyKeys
    if is_open.filter(name=name).exists():
        raise NameTaken
    key = f"{BEGINNING}{new_token()}"
    row = ApiKey.objects.create(
        subscriber=subscriber, name=name, prefix=key[:SHOWN], key_hash=token_hash(key), scope=scope, made_by=by
    )
    audit.record(about=row, action="api_key_made", by=by, name=name, prefix=row.prefix, scope=scope.value)
    return row, key


@transaction.atomic
def end(key: ApiKey, *, by: User, reason: str = "") -> bool:
    """From the commit on no call by this key is answered; false where that was so."""
    return bool(_end(ApiKey.objects.filter(pk=key.pk), by=by, reason=reason))


def end_of(membership: Membership, *, by: User) -> None:
    """The keys of a member who leaves or owns no more, in the transaction of the change."""
    _end(ApiKey.objects.filter(subscriber_id=membership.subscriber_id, made_by=membership.user_id), by=by)


def end_all(subscriber: Subscriber, *, by: User) -> None:
    """Every key of a subscriber that is closed, in the transaction of the closing."""
    _end(ApiKey.objects.filter(subscriber=subscriber), by=by)


def listed(subscriber: Subscriber) -> list[ApiKey]:
    """The open keys, the newest first."""
    rows = access.of(ApiKey, subscriber).filter(ended_at=None).select_related("made_by")
    return list(rows.order_by("-created_at", "pk"))


def ended(subscriber: Subscriber) -> list[ApiKey]:
    """The newest keys that ended in the last 90 days, with who ended them."""
    rows = access.of(ApiKey, subscriber).filter(ended_at__gte=timezone.now() - ENDED_FOR).select_related("ended_by")
    return list(rows.order_by("-ended_at", "pk")[:ENDED_SHOWN])


def find(key: str) -> ApiKey | None:
    """The open key whose text this is, with its subscriber and its maker; None where a call by it is not answered."""
    with reach.across(Purpose.API):
        rows = ApiKey.objects.filter(key_hash=token_hash(key), ended_at=None, subscriber__closed_at=None)
        found = rows.select_related("subscriber", "made_by").first()
        if found is None or not found.has_maker:
            return None
        theirs = Membership.objects.filter(subscriber=found.subscriber, user=found.made_by)
        return found if theirs.exists() else None


def mark_used(key: ApiKey) -> None:
    """Writes down that it is in use, at most once a minute."""
    now = timezone.now()
    if key.last_used_at is not None and key.last_used_at > now - USED_EVERY:
        return
    not_yet = Q(last_used_at=None) | Q(last_used_at__lte=now - USED_EVERY)
    ApiKey.objects.filter(not_yet, pk=key.pk).update(last_used_at=now)


def _end(keys: QuerySet[ApiKey], *, by: User, reason: str = "") -> int:
    """How many were open. In the caller's transaction."""
    rows = list(keys.filter(ended_at=None).select_for_update(of=("self",), no_key=True).order_by("pk"))
    for row in rows:
        row.ended_at, row.ended_by = timezone.now(), by
        row.save(update_fields=["ended_at", "ended_by"])
        audit.record(about=row, action="api_key_ended", by=by, reason=reason, name=row.name, prefix=row.prefix)
    return len(rows)
