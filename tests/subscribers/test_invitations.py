"""An invitation: one open one an address, its token kept as a hash, accepted once, by its own address (R1)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from subscribers import invitations, members, reach
from subscribers.invitations import AlreadyInvited, AlreadyMember, AnotherAddress, NotOpen, TooManyInvitations
from subscribers.models import AuditEntry, Invitation, Membership, Role, Subscriber
from subscribers.reach import ReachConflict
from subscribers.secrets import token_hash
from tests import factories
from tests.factories import Cast, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]

EMAIL = "yeni@example.com"


@pytest.fixture
def cast() -> Cast:
    return factories.cast()


def _invite(cast: Cast, email: str = EMAIL) -> tuple[Invitation, str]:
    return invitations.invite(subscriber=cast.shop, email=email, by=cast.owner)


def test_keeps_the_hash_of_a_token_of_256_bits_alone(cast: Cast) -> None:
    made, token = _invite(cast)

    assert len(token) == 43
    assert made.token_hash == token_hash(token)
    assert token not in str(vars(Invitation.objects.get()))


def test_holds_for_seven_days(cast: Cast) -> None:
    made, _token = _invite(cast)
    assert made.expires_at - made.created_at == timedelta(days=7)


def test_records_who_invited_whom(cast: Cast) -> None:
    _invite(cast)
    entry = AuditEntry.objects.get(action="invitation_sent")
    assert (entry.actor, entry.detail) == (cast.owner, {"email": EMAIL})


def test_is_one_an_address_however_it_is_written(cast: Cast) -> None:
    _invite(cast)
    with pytest.raises(AlreadyInvited):
        _invite(cast, "Yeni@Example.com")


def test_may_be_of_another_subscriber_for_the_same_address(cast: Cast) -> None:
    _invite(cast)
    invitations.invite(subscriber=cast.other_shop, email=EMAIL, by=cast.other_owner)
    assert Invitation.objects.count() == 2


def test_is_not_made_for_a_member(cast: Cast) -> None:
    with pytest.raises(AlreadyMember):
        _invite(cast, cast.member.email.upper())


def test_is_sent_no_more_than_twenty_times_an_hour(cast: Cast) -> None:
    for n in range(invitations.MOST_AN_HOUR):
        _invite(cast, f"kisi.{n}@example.com")
    with pytest.raises(TooManyInvitations):
        _invite(cast)


def test_counts_what_is_sent_again_and_forgets_after_an_hour(cast: Cast) -> None:
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=UTC), tick=False) as clock:
        made, _token = _invite(cast)
        for _again in range(invitations.MOST_AN_HOUR - 1):
            made, _token = invitations.send_again(invitation=made, by=cast.owner)
        with pytest.raises(TooManyInvitations):
            invitations.send_again(invitation=made, by=cast.owner)
        clock.shift(timedelta(hours=1))
        invitations.send_again(invitation=made, by=cast.owner)


def test_leaves_the_former_one_open_where_it_may_not_be_sent_again(cast: Cast) -> None:
    made, _token = _invite(cast)
    for n in range(invitations.MOST_AN_HOUR - 1):
        _invite(cast, f"kisi.{n}@example.com")
    with pytest.raises(TooManyInvitations):
        invitations.send_again(invitation=made, by=cast.owner)
    assert Invitation.objects.get(pk=made.pk).state == Invitation.State.OPEN


def test_gets_a_new_token_when_sent_again_and_ends_the_old_one(cast: Cast) -> None:
    made, old = _invite(cast)
    again, new = invitations.send_again(invitation=made, by=cast.owner)

    found = invitations.find(old)
    assert found is not None
    assert (found.state, invitations.find(new)) == (Invitation.State.WITHDRAWN, again)


def test_cannot_be_withdrawn_twice(cast: Cast) -> None:
    made, _token = _invite(cast)
    invitations.withdraw(invitation=made, by=cast.owner)
    with pytest.raises(NotOpen):
        invitations.withdraw(invitation=made, by=cast.owner)


def test_makes_a_member_once(cast: Cast) -> None:
    made, _token = _invite(cast)
    person = UserFactory.create(email="Yeni@example.com")
    invitations.accept(invitation=made, by=person)

    assert Membership.objects.get(user=person).role == Role.MEMBER
    with pytest.raises(NotOpen):
        invitations.accept(invitation=made, by=person)


def test_leaves_a_member_the_role_it_has(cast: Cast) -> None:
    made, _token = _invite(cast, cast.stranger.email)
    Membership.objects.create(subscriber=cast.shop, user=cast.stranger, role=Role.OWNER)

    assert invitations.accept(invitation=made, by=cast.stranger).role == Role.OWNER


def test_is_accepted_by_its_own_address_alone(cast: Cast) -> None:
    made, _token = _invite(cast)
    with pytest.raises(AnotherAddress):
        invitations.accept(invitation=made, by=cast.stranger)


def test_is_not_accepted_after_its_time(cast: Cast) -> None:
    made, _token = _invite(cast, cast.stranger.email)
    with time_machine.travel(made.expires_at, tick=False), pytest.raises(NotOpen):
        invitations.accept(invitation=made, by=cast.stranger)


def test_is_found_and_accepted_where_nothing_is_in_reach(cast: Cast) -> None:
    _made, token = _invite(cast, cast.stranger.email)
    with reach.nothing():
        found = invitations.find(token)
        assert found is not None
        invitations.accept(invitation=found, by=cast.stranger)
        assert invitations.is_member(found, cast.stranger)


def test_is_not_looked_for_within_one_subscribers_work(cast: Cast) -> None:
    with reach.of(cast.shop.pk), pytest.raises(ReachConflict):
        invitations.find("x")


@pytest.mark.django_db(transaction=True)
def test_is_one_where_two_owners_invite_an_address_at_once() -> None:
    cast = factories.cast()
    together = Barrier(2)

    def invite(_n: int) -> str:
        together.wait(10)
        try:
            with reach.of(cast.shop.pk):
                _invite(cast)
        except AlreadyInvited:
            return "refused"
        finally:
            connection.close()
        return "invited"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(invite, range(2))) == ["invited", "refused"]
    assert Invitation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_is_accepted_once_where_the_button_is_pressed_twice_at_once() -> None:
    cast = factories.cast()
    made, _token = _invite(cast, cast.stranger.email)
    together = Barrier(2)

    def accept(_n: int) -> str:
        together.wait(10)
        try:
            with reach.nothing():
                invitations.accept(invitation=made, by=cast.stranger)
        except NotOpen:
            return "ended"
        finally:
            connection.close()
        return "joined"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(accept, range(2))) == ["ended", "joined"]
    assert Membership.objects.filter(user=cast.stranger).count() == 1


def test_is_made_by_an_owner_alone(cast: Cast) -> None:
    with pytest.raises(members.NotAnOwner):
        invitations.invite(subscriber=cast.shop, email=EMAIL, by=cast.member)


def test_is_not_made_for_a_suspended_subscriber(cast: Cast) -> None:
    Subscriber.objects.update(suspended_at=timezone.now())
    with pytest.raises(invitations.Suspended):
        _invite(cast)
