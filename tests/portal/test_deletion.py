"""What a closed shop's deletion takes, and what it must not: a shop opened again, or a word of who went (R1)."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from psycopg import sql

from orders.models import Order
from portal import closing
from subscribers import closing as companies
from subscribers import invitations, reach
from subscribers.models import Invitation, Membership, Role, Subscriber, User
from tests import factories, second_step
from tests.factories import Cast, MembershipFactory, OrderFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]
CANARY = "kanarya-4711@example.com"


@pytest.fixture(autouse=True)
def _no_limit_reached() -> None:
    cache.clear()


@pytest.fixture
def cast() -> Cast:
    return factories.cast()


@pytest.fixture
def closed(db: None, monkeypatch: pytest.MonkeyPatch) -> Membership:
    """The only member of a shop with seven orders, which was closed thirty days ago; a run deletes two rows."""
    membership = MembershipFactory.create()
    for _ in range(7):
        OrderFactory.create(subscriber=membership.subscriber)
    closing.delete_account(membership.user, confirmed=[membership.subscriber_id])
    _age(membership.subscriber)
    monkeypatch.setattr(closing, "CHUNK", 2)
    return membership


def _age(subscriber: Subscriber) -> None:
    Subscriber.objects.filter(pk=subscriber.pk).update(closed_at=timezone.now() - timedelta(days=30, minutes=1))


def _open_again(subscriber: Subscriber) -> None:
    with reach.nothing(), reach.of(subscriber.pk):
        closing.resume(subscriber, by=UserFactory.create(is_staff=True), reason="Vazgeçti.")


def _hits(word: str) -> dict[str, int]:
    """How many rows of which tables hold the word anywhere."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            count = sql.SQL("SELECT count(*) FROM {} AS kept WHERE kept::text ILIKE %s")
            cursor.execute(count.format(sql.Identifier(table)), [f"%{word}%"])
            found[table] = cursor.fetchone()[0]
    return {table: count for table, count in found.items() if count}


def test_keeps_what_is_opened_again_after_it_was_found_overdue(
    closed: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = companies.overdue()
    _open_again(closed.subscriber)
    monkeypatch.setattr(companies, "overdue", lambda: found)

    assert (closing.sweep(), Order.objects.count()) == (0, 7)
    assert Subscriber.objects.get().deletion_begun_at is None


def test_keeps_what_is_opened_again_before_its_own_row_goes(
    closed: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "_clear", lambda _key, *, most: _open_again(closed.subscriber) or 0)

    assert (closing.sweep(), Subscriber.objects.get().closed_at) == (0, None)


def test_deletes_the_others_where_one_was_opened_again(
    closed: Membership, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = MembershipFactory.create()
    closing.delete_account(second.user, confirmed=[second.subscriber_id])
    _age(second.subscriber)
    found = companies.overdue()
    _open_again(closed.subscriber)
    monkeypatch.setattr(companies, "overdue", lambda: found)

    assert closing.sweep() == 1
    assert set(Subscriber.objects.values_list("pk", flat=True)) == {
        closed.subscriber_id,
        cast.shop.pk,
        cast.other_shop.pk,
    }


def test_opens_nothing_whose_deletion_has_begun(closed: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "MOST_CHUNKS", 1)
    closing.sweep()
    with pytest.raises(companies.DeletionBegun):
        _open_again(closed.subscriber)
    shop = Subscriber.objects.get()

    assert (shop.suspended_at is None, shop.closed_at is None, shop.deletion_begun_at is None) == (False, False, False)
    assert not User.objects.get(pk=closed.user_id).is_active


@pytest.mark.parametrize("confirmed", [True, False], ids=["others came", "others went"])
def test_closes_just_what_was_confirmed(confirmed: bool) -> None:
    alone = MembershipFactory.create()
    if confirmed:
        MembershipFactory.create(subscriber=alone.subscriber, role=Role.OWNER)
    with pytest.raises(companies.NotConfirmed):
        closing.delete_account(alone.user, confirmed=[alone.subscriber_id] if confirmed else [])

    assert Membership.objects.filter(pk=alone.pk).exists()
    assert Subscriber.objects.get().closed_at is None


def test_keeps_second_steps_as_long_as_the_shop() -> None:
    alone = MembershipFactory.create()
    second_step.give(alone.user)
    closing.delete_account(alone.user, confirmed=[alone.subscriber_id])
    kept = Authenticator.objects.filter(user=alone.user).count()
    _age(alone.subscriber)
    closing.sweep()

    assert kept > 0
    assert not Authenticator.objects.filter(user=alone.user).exists()


def _canary(cast: Cast) -> User:
    """A person who was invited by the address, joined, left once, and is asked by another shop."""
    person: User = UserFactory.create(email=CANARY.upper(), name="")
    made, _ = invitations.invite(subscriber=cast.shop, email=CANARY, by=cast.owner)
    invitations.accept(invitation=made, by=person)
    invitations.invite(subscriber=cast.other_shop, email=CANARY, by=cast.other_owner)
    assert _hits(CANARY) == {
        "account_emailaddress": 1,
        "subscribers_auditentry": 2,
        "subscribers_invitation": 2,
        "subscribers_user": 1,
    }
    return person


def test_leaves_the_address_in_no_table(cast: Cast) -> None:
    closing.delete_account(_canary(cast), confirmed=())

    assert _hits(CANARY) == {}
    assert {row.state for row in Invitation.objects.all()} == {Invitation.State.ACCEPTED, Invitation.State.WITHDRAWN}


def test_leaves_the_address_in_no_table_after_the_shop_is_gone(cast: Cast) -> None:
    person = _canary(cast)
    own = MembershipFactory.create(user=person)
    closing.delete_account(person, confirmed=[own.subscriber_id])
    assert _hits(CANARY)["subscribers_user"] == 1
    _age(own.subscriber)
    closing.sweep()

    assert _hits(CANARY) == {}


def test_leaves_no_former_address_of_an_invitation_either(cast: Cast) -> None:
    person = _canary(cast)
    User.objects.filter(pk=person.pk).update(email=f"{uuid.uuid4().hex}@example.com")
    Invitation.objects.filter(subscriber=cast.other_shop).delete()
    person.refresh_from_db()
    closing.delete_account(person, confirmed=())

    assert _hits(CANARY) == {"subscribers_auditentry": 1}  # the other shop's own act, about nobody it knows


def test_leaves_what_is_said_of_others(cast: Cast) -> None:
    invitations.invite(subscriber=cast.shop, email="baska@example.com", by=cast.owner)
    closing.delete_account(_canary(cast), confirmed=())

    assert _hits("baska@example.com") == {"subscribers_auditentry": 1, "subscribers_invitation": 1}
