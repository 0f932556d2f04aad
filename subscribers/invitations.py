"""Invitations to a subscriber's team: made and withdrawn by owners, found by their token, accepted by the invited.

They are for members alone: whoever shall be an owner is made one afterwards, by an owner who proves to be one.

The token leaves in a mail and is kept as its hash alone, so whoever opens the link has read that mail. Limits and the
one open invitation an address hold under a lock on the subscriber's row, which hinders no other work about it.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from subscribers import audit, members, reach
from subscribers.models import Invitation, Membership, Role, Subscriber, User
from subscribers.reach import Purpose
from subscribers.secrets import new_token, token_hash

LIFETIME = timedelta(days=7)
MOST_AN_HOUR = 20  # of one subscriber: each is a mail to whatever address was typed


class AlreadyInvited(Exception):
    """The address has an invitation that is neither accepted nor withdrawn."""


class AlreadyMember(Exception):
    """The address is a member's."""


class TooManyInvitations(Exception):
    """The subscriber sent as many as an hour allows."""


class Suspended(Exception):
    """Nothing is sent for a suspended subscriber, no mail either."""


class NotOpen(Exception):
    """The invitation was accepted, withdrawn or, where it is to be accepted, ran out."""


class AnotherAddress(Exception):
    """The person who would join has another address than the invited one."""


@transaction.atomic
def invite(*, subscriber: Subscriber, email: str, by: User) -> tuple[Invitation, str]:
    """An invitation and the token for its link.

    Raises `AlreadyInvited`, `AlreadyMember`, `TooManyInvitations`, `Suspended`, `members.NotAnOwner`.
    """
    _hold(subscriber, by=by)
    return _make(subscriber, email=email, by=by, action="invitation_sent")


@transaction.atomic
def send_again(*, invitation: Invitation, by: User) -> tuple[Invitation, str]:
    """Another in its place, with a new token and time; the old link ends. Raises `NotOpen` and what `invite` raises."""
    _hold(invitation.subscriber, by=by)
    held = _withdrawn(invitation)
    return _make(invitation.subscriber, email=held.email, by=by, action="invitation_sent_again")


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User) -> None:
    """Its link ends. Raises `NotOpen` where it had ended already."""
    held = _withdrawn(invitation)
    audit.record(about=held, action="invitation_withdrawn", by=by, email=held.email)


def find(token: str) -> Invitation | None:
    """The invitation whose mail held `token`, whatever has become of it, with its subscriber and who invited."""
    with reach.across(Purpose.INVITATION):
        rows = Invitation.objects.select_related("subscriber", "invited_by")
        return rows.filter(token_hash=token_hash(token)).first()


def is_member(invitation: Invitation, user: User) -> bool:
    """Whether `user` is in the team already."""
    with reach.of(invitation.subscriber_id):
        return Membership.objects.filter(subscriber_id=invitation.subscriber_id, user=user).exists()


@transaction.atomic
def accept(*, invitation: Invitation, by: User) -> Membership:
    """`by` is a member from now on; who is one already keeps the role. Raises `NotOpen`, `AnotherAddress`."""
    with reach.of(invitation.subscriber_id):
        held = _locked(invitation)
        if held.state != Invitation.State.OPEN:
            raise NotOpen
        if by.email.lower() != held.email:
            raise AnotherAddress
        membership, is_new = Membership.objects.get_or_create(
            subscriber_id=held.subscriber_id, user=by, defaults={"role": Role.MEMBER}
        )
        held.accepted_at = timezone.now()
        held.save(update_fields=["accepted_at"])
        audit.record(about=held, action="invitation_accepted", by=by, role=membership.role, joined=is_new)
        return membership


def _hold(subscriber: Subscriber, *, by: User) -> None:
    """Locks out other invitations of this subscriber, and that `by` is an owner no more before this has happened."""
    held = Subscriber.objects.select_for_update(no_key=True).get(pk=subscriber.pk)
    if held.suspended_at is not None:
        raise Suspended
    owners = Membership.objects.filter(subscriber=subscriber, user=by, role=Role.OWNER)
    if not owners.select_for_update(of=("self",)).exists():
        raise members.NotAnOwner


def _locked(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_for_update().get(pk=invitation.pk)


def _withdrawn(invitation: Invitation) -> Invitation:
    held = _locked(invitation)
    if held.state not in (Invitation.State.OPEN, Invitation.State.EXPIRED):
        raise NotOpen
    held.withdrawn_at = timezone.now()
    held.save(update_fields=["withdrawn_at"])
    return held


def _make(subscriber: Subscriber, *, email: str, by: User, action: str) -> tuple[Invitation, str]:
    if Membership.objects.filter(subscriber=subscriber, user__email__iexact=email).exists():
        raise AlreadyMember
    now, token = timezone.now(), new_token()
    sent = Invitation.objects.filter(subscriber=subscriber, created_at__gt=now - timedelta(hours=1))
    if sent.count() >= MOST_AN_HOUR:
        raise TooManyInvitations
    made = Invitation(subscriber=subscriber, email=email.lower(), invited_by=by, token_hash=token_hash(token))
    made.created_at, made.expires_at = now, now + LIFETIME
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as problem:
        raise AlreadyInvited from problem
    audit.record(about=made, action=action, by=by, email=made.email)
    return made, token
