"""What owners change about their team, told by mail to whom it concerns and to the other owners.

The mails are queued in the transaction of the change itself, so each that was made is told, once a mail leaves.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from portal import alerts
from portal.models import TEAM, TEAM_QUEUE, Letter
from subscribers import members
from subscribers.models import Membership, Role, User
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
