"""Who acts for a subscriber: roles changed, members removed, ownership handed over by an owner; who wants to, leaves.

An owner always stays.

Every change holds all memberships of the subscriber, in the order of their keys, and judges what it then sees: of two
owners who demote or remove each other at the same time, the second is an owner no more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from subscribers import api_keys, audit
from subscribers.models import Invitation, Membership, Role, User


class LastOwner(Exception):
    """The change would leave the subscriber without an owner."""


class NotAnOwner(Exception):
    """Whoever asked for the change is no owner (any more)."""


class Oneself(Exception):
    """Nobody removes oneself: whoever wants to go leaves, which is an act of its own."""


class AlreadyOwner(Exception):
    """Whom the ownership was to go to is an owner already."""


class NoMember(Exception):
    """Whom the change is about is no member any more."""


@transaction.atomic
def change_role(*, membership: Membership, role: Role, by: User) -> bool:
    """The member has this role from now on; false where it had it. Raises `LastOwner`, `NotAnOwner`, `NoMember`."""
    held, others_own = _held(membership, by=by)
    if held.role == role:
        return False
    if role != Role.OWNER and not others_own:
        raise LastOwner
    audit.record(about=held, action="member_role_changed", by=by, old=held.role, new=role.value, **_who(held))
    held.role = role
    held.save(update_fields=["role"])
    if role != Role.OWNER:
        _end_owned(held, by=by)
    return True


@transaction.atomic
def remove(*, membership: Membership, by: User) -> None:
    """Somebody else is a member no more, from the next request on. Raises `Oneself`, `NotAnOwner`, `NoMember`."""
    held, _others_own = _held(membership, by=by)
    if held.user_id == by.pk:
        raise Oneself
    audit.record(about=held, action="member_removed", by=by, role=held.role, **_who(held))
    _end_invitations(held, by=by)
    api_keys.end_of(held, by=by)
    held.delete()


@transaction.atomic
def leave(*, membership: Membership) -> None:
    """The person is in the team no more, by the own wish. Raises `LastOwner`, `NoMember`."""
    rows = _team(membership.subscriber_id)
    if membership.pk not in rows:
        raise NoMember
    held = rows[membership.pk]
    if not any(row.role == Role.OWNER and row.pk != held.pk for row in rows.values()):
        raise LastOwner
    audit.record(about=held, action="member_left", by=held.user, role=held.role, **_who(held))
    _end_invitations(held, by=held.user)
    api_keys.end_of(held, by=held.user)
    held.delete()


@transaction.atomic
def hand_over(*, membership: Membership, by: User) -> None:
    """The member is an owner from now on, and `by` a member. Raises `NotAnOwner`, `NoMember`, `AlreadyOwner`."""
    held, _others_own = _held(membership, by=by)
    if held.role == Role.OWNER:
        raise AlreadyOwner
    former = Membership.objects.get(subscriber_id=membership.subscriber_id, user=by)  # held too
    audit.record(about=held, action="ownership_handed_over", by=by, **_who(held))
    held.role, former.role = Role.OWNER, Role.MEMBER
    held.save(update_fields=["role"])
    former.save(update_fields=["role"])
    _end_owned(former, by=by)


@transaction.atomic
def choose_alerts(*, membership: Membership, chosen: Mapping[str, bool]) -> None:
    """The person gets these mails about the subscriber, and those not, whatever the role."""
    held = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    new = {**(held.alerts or {}), **chosen}
    if new == held.alerts:
        return
    audit.record(about=held, action="alerts_chosen", by=membership.user, chosen=dict(chosen))
    held.alerts = new
    held.save(update_fields=["alerts"])


def _team(subscriber: UUID) -> dict[UUID, Membership]:
    """Every membership of the subscriber, locked, by its key."""
    team = Membership.objects.filter(subscriber_id=subscriber).order_by("pk")
    return {row.pk: row for row in team.select_for_update(of=("self",)).select_related("user")}


def _held(membership: Membership, *, by: User) -> tuple[Membership, bool]:
    """The membership as it is under the lock, and whether somebody else owns the subscriber besides."""
    rows = _team(membership.subscriber_id)
    owners = {row.user_id: row for row in rows.values() if row.role == Role.OWNER}
    if by.pk not in owners:
        raise NotAnOwner
    if membership.pk not in rows:
        raise NoMember
    held = rows[membership.pk]
    return held, any(owner != held.user_id for owner in owners)


def _end_owned(membership: Membership, *, by: User) -> None:
    """What an owner alone may open ends with the ownership."""
    _end_invitations(membership, by=by)
    api_keys.end_of(membership, by=by)


def _end_invitations(membership: Membership, *, by: User) -> None:
    """Whoever is an owner no more has invited nobody: else an open link would be a way back."""
    sent = Invitation.objects.filter(subscriber_id=membership.subscriber_id, invited_by=membership.user_id)
    for invitation in sent.filter(accepted_at=None, withdrawn_at=None).select_for_update().order_by("pk"):
        invitation.withdrawn_at = timezone.now()
        invitation.save(update_fields=["withdrawn_at"])
        audit.record(about=invitation, action="invitation_withdrawn", by=by, email=invitation.email)


def _who(membership: Membership) -> dict[str, Any]:
    """Kept with the act: the row may be gone when somebody asks."""
    return {"user": str(membership.user_id), "email": membership.user.email}


def choose_columns(*, membership: Membership, order: Sequence[str], hidden: Collection[str]) -> None:
    """Keeps how the person wants the list of orders of this subscriber."""
    membership.order_columns = {"order": list(order), "hidden": sorted(hidden)}
    membership.save(update_fields=["order_columns"])
