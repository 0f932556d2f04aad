"""What owners change about their team, told by mail to whom it concerns and to the other owners; and whom they invite.

The mails are queued in the transaction of the change itself, so each that was made is told, once a mail leaves. A mail
server that hangs keeps nobody waiting.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language

from portal import alerts
from portal.models import TEAM, TEAM_QUEUE, Letter
from subscribers import access, invitations, members
from subscribers.models import Invitation, Membership, Role, Subscriber, User
from work import wake


@transaction.atomic
def change_role(*, membership: Membership, role: Role, by: User) -> None:
    """The member has this role from now on. Raises what `members.change_role` raises."""
    if members.change_role(membership=membership, role=role, by=by):
        _tell(membership, change=role.value, by=by)


@transaction.atomic
def remove(*, membership: Membership, by: User) -> None:
    """Somebody else is a member no more. Raises what `members.remove` raises."""
    members.remove(membership=membership, by=by)
    _tell(membership, change="removed", by=by)


@transaction.atomic
def hand_over(*, membership: Membership, by: User) -> None:
    """The member is an owner in the place of `by`. Raises what `members.hand_over` raises."""
    members.hand_over(membership=membership, by=by)
    _tell(membership, change="handed_over", by=by)


@transaction.atomic
def invite(*, subscriber: Subscriber, email: str, by: User) -> None:
    """The address is asked to join by a mail. Raises what `invitations.invite` raises."""
    _mail(*invitations.invite(subscriber=subscriber, email=email, by=by), by=by)


@transaction.atomic
def invite_again(*, invitation: Invitation, by: User) -> None:
    """The same once more, by a new link; the old one ends. Raises what `invitations.send_again` raises."""
    _mail(*invitations.send_again(invitation=invitation, by=by), by=by)


def mails_of(subscriber: Subscriber, made: Iterable[Invitation]) -> dict[UUID, Letter]:
    """How far the mail of each of these invitations has come, by the invitation's key."""
    rows = access.of(Letter, subscriber).filter(alert=TEAM, about_id__in=[each.pk for each in made])
    return {row.about_id: row for row in rows.defer("token").order_by("created_at")}


def _mail(made: Invitation, token: str, *, by: User) -> None:
    subscriber, now = made.subscriber_id, timezone.now()
    letter = Letter(
        subscriber_id=subscriber,
        post=alerts.posts({subscriber})[subscriber],
        user=by,
        alert=TEAM,
        about_id=made.pk,
        team={"invitation": str(made.pk), "language": get_language()},
        due_at=now,
        work_since=now,
    )
    letter.seal("token", token)
    letter.save()
    wake.after_commit(TEAM_QUEUE)


def _tell(membership: Membership, *, change: str, by: User) -> None:
    """Queues one mail each."""
    subscriber, now = membership.subscriber_id, timezone.now()
    post = alerts.posts({subscriber})[subscriber]
    readers = [membership.user_id, *_owners(membership, but={membership.user_id, by.pk})]
    if change == "handed_over":
        readers.append(by.pk)
    Letter.objects.bulk_create(
        Letter(
            subscriber_id=subscriber,
            post=post,
            user_id=reader,
            alert=TEAM,
            about_id=membership.user_id,
            team={"change": change, "who": str(membership.user_id), "by": str(by.pk)},
            due_at=now,
            work_since=now,
        )
        for reader in readers
    )
    wake.after_commit(TEAM_QUEUE)


def _owners(membership: Membership, *, but: set[UUID]) -> list[UUID]:
    others = Membership.objects.filter(~Q(user__in=but), subscriber_id=membership.subscriber_id, role=Role.OWNER)
    return list(others.filter(user__is_active=True).order_by("pk").values_list("user_id", flat=True))
