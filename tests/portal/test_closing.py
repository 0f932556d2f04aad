"""A person deletes the own account; what nobody is left in is closed, and deleted thirty days later (R1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from integrations.netgsm import errands
from integrations.netgsm.models import Account, AccountErrand
from portal import closing
from subscribers import reach
from subscribers.models import AuditEntry, Membership, Role, Subscriber, TenantRow, User
from tests import factories, scenes
from tests.factories import PASSWORD, AccountFactory, Cast, MembershipFactory, UserFactory
from tests.subscribers import rows
from work import claims, queues

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]
ADDRESS = "/accounts/delete/"


@pytest.fixture(autouse=True)
def _no_limit_reached() -> None:
    cache.clear()


@pytest.fixture
def cast() -> Cast:
    return factories.cast()


@pytest.fixture
def alone(db: None) -> Membership:
    """The only member of a shop."""
    return MembershipFactory.create(subscriber__name="Işık Çiçek")


def _client(user: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def _send(client: Client, **typed: str) -> tuple[int, str]:
    answer: Any = client.post(ADDRESS, {"password": PASSWORD, **typed})
    return answer.status_code, answer.content.decode()


def _can_sign_in(email: str) -> bool:
    client = Client()
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    return client.get("/ayarlar/guvenlik/").status_code == 200


def _age(subscriber: Subscriber, days: int) -> None:
    Subscriber.objects.filter(pk=subscriber.pk).update(closed_at=timezone.now() - timedelta(days=days, minutes=1))


def test_deletes_a_members_account_and_leaves_the_team(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    email = cast.member.email
    client = _client(cast.member)
    assert "Örnek Ticaret ekibinden ayrılırsınız" in client.get(ADDRESS).content.decode()
    assert _send(client)[0] == 302

    assert (_can_sign_in(email), client.get("/ayarlar/guvenlik/").status_code) == (False, 302)
    assert not Membership.objects.filter(subscriber=cast.shop, user=cast.member).exists()
    assert not EmailAddress.objects.filter(email=email).exists()
    assert AuditEntry.objects.get(action="member_left").actor == cast.member
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [([email], "Onay hesabınız silindi")]


def test_keeps_no_word_of_who_it_was(cast: Cast) -> None:
    email, name = cast.member.email, cast.member.name
    closing.delete_account(cast.member, confirmed=())
    kept = User.objects.values().get(pk=cast.member.pk)

    assert (email in str(kept), name in str(kept), kept["is_active"]) == (False, False, False)


def test_frees_the_address_for_a_new_account(cast: Cast) -> None:
    email = cast.member.email
    closing.delete_account(cast.member, confirmed=())

    assert UserFactory.create(email=email).pk != cast.member.pk


def test_says_again_what_goes_where_the_other_owner_went_meanwhile(
    alone: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = MembershipFactory.create(subscriber=alone.subscriber, role=Role.OWNER)
    client, delete = _client(alone.user), closing.delete_account

    def too_late(user: User, **facts: Any) -> list[Subscriber]:
        delete(other.user, confirmed=())
        return delete(user, **facts)

    monkeypatch.setattr(closing, "delete_account", too_late)
    page = client.post(ADDRESS, {"password": PASSWORD}, follow=True).content.decode()

    assert ("Bu arada ekipte bir değişiklik oldu" in page, "Işık Çiçek kapanır" in page) == (True, True)
    assert (Subscriber.objects.get().closed_at, _can_sign_in(alone.user.email)) == (None, True)


def test_asks_for_the_password(cast: Cast) -> None:
    status, page = _send(_client(cast.member), password="yanlış-şifre")

    assert (status, "Şifre yanlış." in page) == (422, True)
    assert _can_sign_in(cast.member.email)


def test_lets_the_only_owner_of_others_hand_over_first(cast: Cast) -> None:
    client = _client(cast.owner)
    page = client.get(ADDRESS).content.decode()
    assert ("Önce sahipliği devredin" in page, "Örnek Ticaret" in page) == (True, True)
    there = client.post("/gecis/", {"subscriber": str(cast.shop.pk), "to": "team"})
    assert there.headers["Location"] == "/ayarlar/ekip/"

    assert _send(client)[0] == 422
    assert _can_sign_in(cast.owner.email)


def test_lets_one_of_two_owners_go(cast: Cast) -> None:
    MembershipFactory.create(subscriber=cast.shop, role=Role.OWNER)
    closing.delete_account(cast.owner, confirmed=())

    assert Subscriber.objects.get(pk=cast.shop.pk).closed_at is None


@pytest.mark.parametrize(("typed", "status"), [("", 422), ("Başka Çiçek", 422), (" ışık  çiçek ", 302)])
def test_asks_for_the_name_of_what_it_closes(typed: str, status: int, alone: Membership) -> None:
    assert _send(_client(alone.user), name_0=typed)[0] == status
    assert (Subscriber.objects.get().closed_at is not None) is (status == 302)


def test_closes_the_shop_of_its_only_member(alone: Membership, mailoutbox: list[EmailMessage]) -> None:
    client = _client(alone.user)
    page = client.get(ADDRESS).content.decode()
    assert ("Işık Çiçek kapanır" in page, "30 gün saklanır, sonra silinir" in page) == (True, True)
    _send(client, name_0="Işık Çiçek")
    shop = Subscriber.objects.get()

    assert (shop.suspended_at is not None, shop.closed_at is not None) == (True, True)
    assert (_can_sign_in(alone.user.email), client.get("/").status_code) == (False, 302)
    mail = str(mailoutbox[0].body)
    assert ("Işık Çiçek kapandı" in mail, "bu adresle yeni hesap açılamaz" in mail) == (True, True)
    assert AuditEntry.objects.get(action="subscriber_closed").actor == alone.user


def test_ends_every_session_of_the_person(alone: Membership) -> None:
    elsewhere = _client(alone.user)
    assert elsewhere.get("/ayarlar/guvenlik/").status_code == 200
    key = elsewhere.session.session_key
    _send(_client(alone.user), name_0="Işık Çiçek")

    assert not UserSession.objects.filter(user=alone.user).exists()
    assert not Session.objects.filter(session_key=key).exists()


def test_stops_what_is_just_being_asked_of_its_account(alone: Membership) -> None:
    account = AccountFactory.create(subscriber=alone.subscriber)
    errands.start(account)
    queues_of_it = ("sms.inbox", "sms.reports", "account.check")
    in_hand = [claims.take(queues.get(name), account.pk) for name in queues_of_it]
    closing.delete_account(alone.user, confirmed=[alone.subscriber_id])
    given_back = [claim and claim.reschedule(claim.rows[0], at=timezone.now()) for claim in in_hand]

    assert given_back == [False, False, False]
    assert [claims.due_lanes(queues.get(name)) for name in queues_of_it] == [[], [], []]
    assert Account.objects.get().pause_reason == "left"


def test_stops_asking_its_account(alone: Membership) -> None:
    scenes.busy_shop(alone.subscriber)
    closing.delete_account(alone.user, confirmed=[alone.subscriber_id])

    assert not AccountErrand.objects.filter(due_at__isnull=False).exists()


def test_brings_it_all_back_by_support(alone: Membership) -> None:
    scenes.busy_shop(alone.subscriber)
    closing.delete_account(alone.user, confirmed=[alone.subscriber_id])
    staff = UserFactory.create(is_staff=True)
    with reach.nothing(), reach.of(alone.subscriber_id):
        closing.resume(Subscriber.objects.get(), by=staff, reason="Müşteri vazgeçti.")
    shop = Subscriber.objects.get()

    assert (shop.suspended_at, shop.closed_at, _can_sign_in(alone.user.email)) == (None, None, True)
    assert AccountErrand.objects.filter(due_at__isnull=False).exists()
    assert Account.objects.get().refused_at is None
    assert AuditEntry.objects.get(action="subscriber_reopened").reason == "Müşteri vazgeçti."


def test_leaves_everything_for_thirty_days(alone: Membership) -> None:
    closing.delete_account(alone.user, confirmed=[alone.subscriber_id])
    _age(alone.subscriber, 29)

    assert (closing.sweep(), Subscriber.objects.count()) == (0, 1)


def test_deletes_every_row_after_thirty_days_and_nobody_elses(alone: Membership, cast: Cast) -> None:
    for subscriber in (alone.subscriber, cast.other_shop):
        for model in rows.MODELS:
            if model is not Membership:  # of which there is one, and nobody else
                rows.row(model, subscriber)
    closing.delete_account(alone.user, confirmed=[alone.subscriber_id])
    _age(alone.subscriber, 30)
    with reach.nothing():
        assert closing.sweep() == 1

    tenant = [model for model in apps.get_models() if issubclass(model, TenantRow)]
    assert [model for model in tenant if model._base_manager.filter(subscriber=alone.subscriber).exists()] == []
    assert [model for model in tenant if not model._base_manager.filter(subscriber=cast.other_shop).exists()] == []
    assert not Subscriber.objects.filter(pk=alone.subscriber_id).exists()
    assert User.objects.get(pk=alone.user_id).name == closing.NOBODY


def test_deletes_in_chunks_over_several_runs(alone: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(7):
        factories.OrderFactory.create(subscriber=alone.subscriber)
    monkeypatch.setattr(closing, "CHUNK", 2)
    monkeypatch.setattr(closing, "MOST_CHUNKS", 3)
    closing.delete_account(alone.user, confirmed=[alone.subscriber_id])
    _age(alone.subscriber, 30)
    gone = [closing.sweep() for _ in range(8)]

    assert (gone[0], sum(gone), Subscriber.objects.count()) == (0, 1, 0)


def test_is_nothing_for_staff(db: None) -> None:
    assert _client(UserFactory.create(is_staff=True)).get(ADDRESS).status_code == 403
