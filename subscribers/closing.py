"""A person who goes for good, and what becomes of the subscribers that were theirs.

One that others belong to is left; one whose only owner goes while others stay must be handed over first; one with
nobody else is closed: suspended at once, its rows deleted `KEPT` later, until when support can open it again.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from subscribers import api_keys, audit, members, reach
from subscribers.models import AuditEntry, Invitation, Membership, Role, Subscriber, User
from subscribers.reach import Purpose

KEPT = timedelta(days=30)


class Fate(StrEnum):
    """What becomes of a subscriber when one of its members goes."""

    LEFT = "left"
    CLOSED = "closed"
    STUCK = "stuck"  # the only owner, and others would stay without one


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A subscriber of the person who would go."""

    membership: Membership
    fate: Fate

    @property
    def name(self) -> str:
        """What it is called."""
        return self.membership.subscriber.name


class NeedsHeir(Exception):
    """A subscriber has other members and no other owner: it must be handed over first."""


class NotConfirmed(Exception):
    """What would be closed is not what the person was told and agreed to: somebody else came or went meanwhile."""


class DeletionBegun(Exception):
    """Rows of the subscriber are gone already: nobody opens it again."""


class LineTaken(Exception):
    """Another subscriber has proven the line since: of two on one line, each would read what is the other's."""


class Closed(PermissionDenied):
    """The subscriber was closed meanwhile: nothing of it is set up or connected any more."""


class NotOverdue(Exception):
    """The subscriber was opened again, or is gone: none of its rows may be deleted."""


def plan(user: User) -> list[Company]:
    """What would become of each subscriber of the person, the oldest membership first."""
    with reach.across(Purpose.CLOSING):
        return _judged(user, list(Membership.objects.filter(subscriber__in=_of(user)).select_related("subscriber")))


def go(user: User, *, confirmed: Collection[uuid.UUID]) -> list[Subscriber]:
    """The person leaves every team; gives the subscribers that are closed by it, whose member the person stays, so that
    they can be opened again. `confirmed` names those that the person agreed to close: no other is, and none of them
    goes on without. In the caller's transaction, with everybody in reach. Raises `NeedsHeir`, `NotConfirmed`.
    """
    mine = _of(user)
    team = Membership.objects.filter(subscriber__in=mine).select_related("subscriber").order_by("pk")
    list(team.select_for_update(of=("self",)))
    list(_open_invitations(mine).select_for_update().order_by("pk"))
    # Whoever was joining has joined by now, and nobody can until this is over.
    judged = _judged(user, list(team.select_for_update(of=("self",))))
    if any(company.fate == Fate.STUCK for company in judged):
        raise NeedsHeir
    if {row.membership.subscriber_id for row in judged if row.fate == Fate.CLOSED} != set(confirmed):
        raise NotConfirmed
    for company in judged:
        if company.fate == Fate.LEFT:
            members.leave(membership=company.membership)
    closing = [company for company in judged if company.fate == Fate.CLOSED]
    _hold_lines(company.membership.subscriber.line for company in closing)
    return [_closed(company, by=user) for company in closing]


def reopen(subscriber: Subscriber, *, by: User, reason: str) -> bool:
    """Its people come in again and nothing of it is deleted; in the transaction that ends its suspension.

    False where it was not closed. Raises `DeletionBegun`, `LineTaken`.
    """
    held = Subscriber.objects.select_for_update(of=("self",), no_key=True).get(pk=subscriber.pk)
    if held.closed_at is None:
        return False
    if held.deletion_begun_at is not None:
        raise DeletionBegun
    held.closed_at = None
    try:
        with transaction.atomic():
            held.save(update_fields=["closed_at"])
    except IntegrityError as problem:
        raise LineTaken from problem
    for member in Membership.objects.filter(subscriber=held).select_related("user"):
        User.objects.filter(pk=member.user_id).update(is_active=True)
    audit.record(about=held, action="subscriber_reopened", by=by, reason=reason)
    return True


def kept_until(user: User) -> datetime | None:
    """Until when the person's account can be brought back; None where nothing of it is closed, or all too long ago."""
    with reach.across(Purpose.CLOSING):
        still = Subscriber.objects.filter(closed_at__gt=timezone.now() - KEPT, deletion_begun_at=None)
        closed = still.filter(pk__in=_of(user))
        first = closed.order_by("closed_at").values_list("closed_at", flat=True).first()
    return first + KEPT if first else None


def hold_open(key: uuid.UUID) -> None:
    """Locks the subscriber to the end of the caller's transaction, which sets something up for it: who would close it
    waits, and then stops that too. Raises `Closed` where it was closed before.
    """
    if Subscriber.objects.select_for_update(of=("self",), no_key=True).get(pk=key).closed_at is not None:
        raise Closed


def overdue() -> list[uuid.UUID]:
    """The subscribers that were closed long enough ago for their rows to go."""
    with reach.across(Purpose.CLOSING):
        found = Subscriber.objects.filter(closed_at__lt=timezone.now() - KEPT).order_by("closed_at")
        return list(found.values_list("pk", flat=True))


def begin_deletion(key: uuid.UUID) -> None:
    """Locks the subscriber to the end of the caller's transaction, in which rows of it may go; from its commit on
    nobody opens it again. Raises `NotOverdue`.
    """
    overdue_still = Subscriber.objects.filter(pk=key, closed_at__lt=timezone.now() - KEPT)
    held = overdue_still.select_for_update(of=("self",)).first()
    if held is None:
        raise NotOverdue
    if held.deletion_begun_at is None:
        held.deletion_begun_at = timezone.now()
        held.save(update_fields=["deletion_begun_at"])


def strike_address(user: User, *, instead: str) -> None:
    """No invitation and no act on record holds the person's address any more, in whatever team: `instead` stands there.

    Open invitations to it end. In the caller's transaction, with everybody in reach, while the person still has it.
    """
    accepted = AuditEntry.objects.filter(actor=user, action="invitation_accepted").values("about_id")
    theirs = Invitation.objects.filter(Q(email__iexact=user.email) | Q(pk__in=accepted))
    keys = list(theirs.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    invitations = Invitation.objects.filter(pk__in=keys)
    invitations.filter(accepted_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
    invitations.update(email=instead)
    of_theirs = Q(about_id__in=keys) | Q(detail__user=str(user.pk))
    told = Q(detail__email__iexact=user.email) | of_theirs & Q(detail__has_key="email")
    for entry in AuditEntry.objects.filter(told).select_for_update(of=("self",)).order_by("pk"):
        entry.detail["email"] = instead
        entry.save(update_fields=["detail"])


def _of(user: User) -> list[uuid.UUID]:
    return list(Membership.objects.filter(user=user).values_list("subscriber_id", flat=True))


def _open_invitations(subscribers: list[uuid.UUID]) -> QuerySet[Invitation]:
    return Invitation.objects.filter(subscriber__in=subscribers, accepted_at=None, withdrawn_at=None)


def _judged(user: User, team: list[Membership]) -> list[Company]:
    others: dict[uuid.UUID, list[Membership]] = defaultdict(list)
    for row in team:
        if row.user_id != user.pk:
            others[row.subscriber_id].append(row)
    mine = sorted((row for row in team if row.user_id == user.pk), key=lambda row: (row.created_at, row.pk))
    return [Company(membership=row, fate=_fate(others[row.subscriber_id])) for row in mine]


def _fate(others: list[Membership]) -> Fate:
    if not others:
        return Fate.CLOSED
    return Fate.LEFT if any(row.role == Role.OWNER for row in others) else Fate.STUCK


def _hold_lines(lines: Iterable[str]) -> None:
    """Locks whoever has or claims one of the lines, in one order: two that are closed at once wait for one another."""
    held = Subscriber.objects.filter(line__in=set(lines)).order_by("pk")
    list(held.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


@transaction.atomic
def _closed(company: Company, *, by: User) -> Subscriber:
    """Nothing leaves for it from the commit on, and nobody can join it."""
    held = Subscriber.objects.select_for_update(of=("self",), no_key=True).get(pk=company.membership.subscriber_id)
    now = timezone.now()
    held.suspended_at, held.closed_at = held.suspended_at or now, now
    held.save(update_fields=["suspended_at", "closed_at"])
    if held.line_proven_at is not None:  # whoever merely typed a line takes nothing from those who have it
        Subscriber.objects.filter(line=held.line).exclude(pk=held.pk).update(line_since=now)
    _open_invitations([held.pk]).update(withdrawn_at=now)
    api_keys.end_all(held, by=by)
    audit.record(about=held, action="subscriber_closed", by=by)
    return held
