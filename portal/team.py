"""What owners change about their team, told by mail to whom it concerns and to the other owners."""

from __future__ import annotations

import structlog
from django.db.models import Q

from portal import letters
from subscribers import members
from subscribers.models import Membership, Role, Subscriber, User

log = structlog.get_logger(__name__)


def change_role(*, membership: Membership, role: Role, by: User) -> None:
    """The member has this role from now on. Raises what `members.change_role` raises."""
    if members.change_role(membership=membership, role=role, by=by):
        _tell(membership, change=role.value, by=by)


def remove(*, membership: Membership, by: User) -> None:
    """Somebody else is a member no more. Raises what `members.remove` raises."""
    members.remove(membership=membership, by=by)
    _tell(membership, change="removed", by=by)


def hand_over(*, membership: Membership, by: User) -> None:
    """The member is an owner in the place of `by`. Raises what `members.hand_over` raises."""
    members.hand_over(membership=membership, by=by)
    _tell(membership, change="handed_over", by=by)


def _tell(membership: Membership, *, change: str, by: User) -> None:
    """One mail each; where no mail leaves, what was done stays done and the log says so."""
    subscriber = membership.subscriber
    readers = _owners(subscriber, but={membership.user_id, by.pk})
    if change == "handed_over":
        readers.append(by)
    for reader in [membership.user, *readers]:
        try:
            letters.team_changed(reader, subscriber=subscriber, who=membership.user, by=by, change=change)
        except OSError as problem:  # smtplib's are such, too
            log.warning("team_change_not_told", subscriber=str(subscriber.pk), error=type(problem).__name__)


def _owners(subscriber: Subscriber, *, but: set[object]) -> list[User]:
    others = Membership.objects.filter(~Q(user__in=but), subscriber=subscriber, role=Role.OWNER, user__is_active=True)
    return [row.user for row in others.select_related("user").order_by("pk")]
