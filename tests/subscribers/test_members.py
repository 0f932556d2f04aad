"""Roles change and members go by an owner's hand, and one owner always stays (R1)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from subscribers import invitations, members, reach
from subscribers.members import LastOwner, NoMember, NotAnOwner, Oneself
from subscribers.models import AuditEntry, Invitation, Membership, Role, User
from tests import factories
from tests.factories import Cast, MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]


@pytest.fixture
def cast() -> Cast:
    return factories.cast()


def _of(cast: Cast, user: User) -> Membership:
    return Membership.objects.get(subscriber=cast.shop, user=user)


def _roles(cast: Cast) -> dict[str, str]:
    return dict(Membership.objects.filter(subscriber=cast.shop).values_list("user__email", "role"))


def test_makes_a_member_an_owner(cast: Cast) -> None:
    members.change_role(membership=_of(cast, cast.member), role=Role.OWNER, by=cast.owner)
    assert _roles(cast) == {cast.owner.email: "owner", cast.member.email: "owner"}


def test_records_who_changed_whose_role(cast: Cast) -> None:
    members.change_role(membership=_of(cast, cast.member), role=Role.OWNER, by=cast.owner)
    entry = AuditEntry.objects.get(action="member_role_changed")

    assert (entry.actor, entry.subscriber) == (cast.owner, cast.shop)
    assert (entry.detail["email"], entry.detail["old"], entry.detail["new"]) == (cast.member.email, "member", "owner")


def test_changes_and_records_nothing_where_the_role_is_that_already(cast: Cast) -> None:
    members.change_role(membership=_of(cast, cast.member), role=Role.MEMBER, by=cast.owner)
    assert not AuditEntry.objects.exists()


def test_keeps_the_last_owner_an_owner(cast: Cast) -> None:
    with pytest.raises(LastOwner):
        members.change_role(membership=_of(cast, cast.owner), role=Role.MEMBER, by=cast.owner)
    assert _roles(cast)[cast.owner.email] == "owner"


def test_removes_nobody_by_the_own_hand(cast: Cast) -> None:
    MembershipFactory.create(subscriber=cast.shop)
    with pytest.raises(Oneself):
        members.remove(membership=_of(cast, cast.owner), by=cast.owner)
    assert cast.owner.email in _roles(cast)


def test_counts_no_owner_of_another_subscriber(cast: Cast) -> None:
    MembershipFactory.create(subscriber=cast.other_shop, user=cast.member)
    with pytest.raises(LastOwner):
        members.leave(membership=_of(cast, cast.owner))


def test_removes_a_member_and_keeps_who_it_was(cast: Cast) -> None:
    members.remove(membership=_of(cast, cast.member), by=cast.owner)
    entry = AuditEntry.objects.get(action="member_removed")

    assert _roles(cast) == {cast.owner.email: "owner"}
    assert (entry.actor, entry.detail["email"]) == (cast.owner, cast.member.email)


def test_lets_an_owner_leave_where_another_stays(cast: Cast) -> None:
    MembershipFactory.create(subscriber=cast.shop)
    members.leave(membership=_of(cast, cast.owner))
    assert cast.owner.email not in _roles(cast)


def test_refuses_a_member(cast: Cast) -> None:
    with pytest.raises(NotAnOwner):
        members.change_role(membership=_of(cast, cast.member), role=Role.OWNER, by=cast.member)


def test_says_that_somebody_removed_the_member_already(cast: Cast) -> None:
    membership = _of(cast, cast.member)
    members.remove(membership=membership, by=cast.owner)
    with pytest.raises(NoMember):
        members.change_role(membership=membership, role=Role.OWNER, by=cast.owner)


@pytest.mark.django_db(transaction=True)
def test_leaves_one_owner_where_two_demote_each_other_at_once() -> None:
    cast = factories.cast()
    second = MembershipFactory.create(subscriber=cast.shop)
    pairs = [(cast.owner, second), (second.user, _of(cast, cast.owner))]
    together = Barrier(2)

    def demote(pair: tuple[User, Membership]) -> str:
        by, membership = pair
        together.wait(10)
        try:
            with reach.of(cast.shop.pk):
                members.change_role(membership=membership, role=Role.MEMBER, by=by)
        except NotAnOwner:
            return "refused"
        finally:
            connection.close()
        return "demoted"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(demote, pairs)) == ["demoted", "refused"]
    assert sorted(_roles(cast).values()) == ["member", "member", "owner"]


@pytest.mark.parametrize("how", ["removed", "demoted"])
def test_ends_the_invitations_of_who_is_an_owner_no_more(how: str, cast: Cast) -> None:
    members.change_role(membership=_of(cast, cast.member), role=Role.OWNER, by=cast.owner)
    made, _ = invitations.invite(subscriber=cast.shop, email="ikinci@example.com", by=cast.member)
    if how == "removed":
        members.remove(membership=_of(cast, cast.member), by=cast.owner)
    else:
        members.change_role(membership=_of(cast, cast.member), role=Role.MEMBER, by=cast.owner)

    made.refresh_from_db()
    assert made.state == Invitation.State.WITHDRAWN
    assert AuditEntry.objects.get(action="invitation_withdrawn").actor == cast.owner


def test_lets_a_member_leave_by_the_own_wish(cast: Cast) -> None:
    members.leave(membership=_of(cast, cast.member))
    entry = AuditEntry.objects.get(action="member_left")

    assert _roles(cast) == {cast.owner.email: "owner"}
    assert (entry.actor, entry.detail["email"]) == (cast.member, cast.member.email)


def test_lets_the_last_owner_not_leave(cast: Cast) -> None:
    with pytest.raises(LastOwner):
        members.leave(membership=_of(cast, cast.owner))
    assert _roles(cast)[cast.owner.email] == "owner"


def test_hands_the_ownership_over(cast: Cast) -> None:
    invitations.invite(subscriber=cast.shop, email="yeni@example.com", by=cast.owner)
    members.hand_over(membership=_of(cast, cast.member), by=cast.owner)
    entry = AuditEntry.objects.get(action="ownership_handed_over")

    assert _roles(cast) == {cast.owner.email: "member", cast.member.email: "owner"}
    assert (entry.actor, entry.detail["email"]) == (cast.owner, cast.member.email)
    assert Invitation.objects.get().state == Invitation.State.WITHDRAWN


def test_hands_over_to_a_member_alone_and_by_an_owner_alone(cast: Cast) -> None:
    second = MembershipFactory.create(subscriber=cast.shop)
    with pytest.raises(members.AlreadyOwner):
        members.hand_over(membership=second, by=cast.owner)
    with pytest.raises(NotAnOwner):
        members.hand_over(membership=second, by=cast.member)


@pytest.mark.django_db(transaction=True)
def test_hands_over_once_of_two_at_the_same_time(cast: Cast) -> None:
    """To two members: whoever comes second is an owner no more."""
    other = MembershipFactory.create(subscriber=cast.shop, role=Role.MEMBER)
    barrier = Barrier(2)

    def hand(membership: Membership) -> str:
        try:
            barrier.wait(10)
            with reach.of(cast.shop.pk):
                members.hand_over(membership=membership, by=cast.owner)
        except NotAnOwner:
            return "too late"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(hand, [_of(cast, cast.member), other]))

    assert told == ["done", "too late"]
    assert sorted(_roles(cast).values()) == ["member", "member", "owner"]
