"""A changed role, a removal, a hand-over reach whom they concern and the other owners, in each one's language (R1)."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from portal import closing, letters, team
from portal.models import Letter, LetterState
from subscribers.models import Membership, Role, Subscriber, User
from tests.factories import PASSWORD, Cast, MembershipFactory
from work import drain

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R1")]


@pytest.fixture
def second(cast: Cast) -> User:
    """One more owner of the shop, who reads English."""
    return MembershipFactory.create(subscriber=cast.shop, role=Role.OWNER, user__language="en").user


def _at(cast: Cast, user: User, act: str) -> str:
    return f"/ayarlar/ekip/{Membership.objects.get(subscriber=cast.shop, user=user).pk}/{act}/"


def _deliver() -> None:
    """What is queued leaves, as far as the mail server takes it, also what is to be tried again only later."""
    Letter.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
    drain.drain("mail.team")


def _told(mailoutbox: list[EmailMessage]) -> dict[str, str]:
    _deliver()
    return {mail.to[0]: mail.subject for mail in mailoutbox}


def test_tells_of_a_new_owner(cast: Cast, owner: Client, second: User, mailoutbox: list[EmailMessage]) -> None:
    owner.post(_at(cast, cast.member, "sahip"), {"password": PASSWORD})

    assert _told(mailoutbox) == {
        cast.member.email: "Örnek Ticaret firmasında artık sahipsiniz",
        second.email: "A change in the team of Örnek Ticaret",
    }
    told = {mail.to[0]: str(mail.body) for mail in mailoutbox}[cast.member.email]
    assert "Değiştiren: Ayşe Yılmaz" in told
    assert f"/gecis/{cast.shop.pk}/?to=/ayarlar/ekip/" in told


def test_tells_of_an_owner_who_is_a_member_again(
    cast: Cast, owner: Client, second: User, mailoutbox: list[EmailMessage]
) -> None:
    owner.post(_at(cast, second, "rol"), {"role": "member"})

    assert _told(mailoutbox) == {second.email: "You are now a member at Örnek Ticaret"}


def test_tells_nothing_of_a_role_that_stays(cast: Cast, owner: Client, mailoutbox: list[EmailMessage]) -> None:
    owner.post(_at(cast, cast.member, "rol"), {"role": "member"})

    assert _told(mailoutbox) == {}


def test_tells_of_a_removal(cast: Cast, owner: Client, second: User, mailoutbox: list[EmailMessage]) -> None:
    owner.post(_at(cast, cast.member, "cikar"))

    assert _told(mailoutbox) == {
        cast.member.email: "Örnek Ticaret ekibinden çıkarıldınız",
        second.email: "A change in the team of Örnek Ticaret",
    }
    assert "/gecis/" not in {mail.to[0]: str(mail.body) for mail in mailoutbox}[cast.member.email]


def test_tells_of_a_hand_over_to_who_handed_over_too(
    cast: Cast, owner: Client, second: User, mailoutbox: list[EmailMessage]
) -> None:
    owner.post(_at(cast, cast.member, "devret"), {"password": PASSWORD})

    assert _told(mailoutbox) == {
        cast.member.email: "Örnek Ticaret firmasında artık sahipsiniz",
        second.email: "The ownership of Örnek Ticaret was handed over",
        cast.owner.email: "Örnek Ticaret firmasının sahipliği devredildi",
    }


def test_tells_nothing_where_it_was_refused(cast: Cast, owner: Client, mailoutbox: list[EmailMessage]) -> None:
    owner.post(_at(cast, cast.owner, "rol"), {"role": "member"})

    assert _told(mailoutbox) == {}


def test_tells_the_others_where_an_address_is_refused(
    cast: Cast, owner: Client, second: User, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    send = letters.send_mail

    def refuse_one(template: str, context: dict[str, Any], to: str) -> None:
        if to == cast.member.email:
            raise smtplib.SMTPRecipientsRefused({to: (550, b"no such user")})
        send(template, context, to)

    with monkeypatch.context() as patched:
        patched.setattr(letters, "send_mail", refuse_one)
        owner.post(_at(cast, cast.member, "devret"), {"password": PASSWORD})
        assert set(_told(mailoutbox)) == {second.email, cast.owner.email}

    assert set(_told(mailoutbox)) == {second.email, cast.owner.email, cast.member.email}


def test_tells_once_a_mail_leaves_again(
    cast: Cast, owner: Client, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise smtplib.SMTPServerDisconnected

    with monkeypatch.context() as patched:
        patched.setattr(letters, "send_mail", refuse)
        answer = owner.post(_at(cast, cast.member, "cikar"))
        assert (answer.status_code, _told(mailoutbox)) == (302, {})

    assert not Membership.objects.filter(subscriber=cast.shop, user=cast.member).exists()
    for _ in range(2):
        assert _told(mailoutbox) == {cast.member.email: "Örnek Ticaret ekibinden çıkarıldınız"}
    assert len(mailoutbox) == 1


def test_writes_to_nobody_who_deleted_the_account_meanwhile(
    cast: Cast, owner: Client, mailoutbox: list[EmailMessage]
) -> None:
    owner.post(_at(cast, cast.member, "cikar"))
    closing.delete_account(cast.member, confirmed=[])

    assert (_told(mailoutbox), Letter.objects.get().state) == ({}, LetterState.NEEDLESS)


def test_writes_to_no_owner_who_left_the_team_meanwhile(
    cast: Cast, owner: Client, second: User, mailoutbox: list[EmailMessage]
) -> None:
    owner.post(_at(cast, cast.member, "cikar"))
    team.remove(membership=Membership.objects.get(subscriber=cast.shop, user=second), by=cast.owner)
    Letter.objects.filter(about_id=second.pk).delete()

    assert set(_told(mailoutbox)) == {cast.member.email}


def test_writes_to_nobody_who_is_an_owner_no_more(
    cast: Cast, owner: Client, second: User, mailoutbox: list[EmailMessage]
) -> None:
    owner.post(_at(cast, cast.member, "cikar"))
    Membership.objects.filter(subscriber=cast.shop, user=second).update(role=Role.MEMBER)

    assert set(_told(mailoutbox)) == {cast.member.email}


def test_tells_whoever_handed_over_and_left(cast: Cast, owner: Client, mailoutbox: list[EmailMessage]) -> None:
    owner.post(_at(cast, cast.member, "devret"), {"password": PASSWORD})
    Membership.objects.filter(subscriber=cast.shop, user=cast.owner).delete()

    assert set(_told(mailoutbox)) == {cast.member.email, cast.owner.email}


@pytest.mark.parametrize("state", ["suspended_at", "closed_at"])
def test_tells_of_the_team_although_the_firm_is_stopped_meanwhile(
    cast: Cast, owner: Client, second: User, mailoutbox: list[EmailMessage], state: str
) -> None:
    owner.post(_at(cast, cast.member, "cikar"))
    Subscriber.objects.filter(pk=cast.shop.pk).update(**{"suspended_at": timezone.now(), state: timezone.now()})

    assert set(_told(mailoutbox)) == {cast.member.email, second.email}


def test_names_an_account_that_was_deleted_meanwhile_in_the_reader_s_language(
    cast: Cast, owner: Client, second: User, mailoutbox: list[EmailMessage]
) -> None:
    owner.post(_at(cast, cast.member, "devret"), {"password": PASSWORD})
    closing.delete_account(cast.owner, confirmed=[])
    _deliver()

    told = {mail.to[0]: str(mail.body) for mail in mailoutbox}
    assert "Değiştiren: Silinmiş hesap" in told[cast.member.email]
    assert "Changed by: Deleted account" in told[second.email]


@pytest.mark.parametrize("gone", ["member", "owner"])
def test_tells_the_others_where_no_row_is_left_of_a_person(
    cast: Cast, owner: Client, second: User, mailoutbox: list[EmailMessage], gone: str
) -> None:
    owner.post(_at(cast, cast.member, "devret"), {"password": PASSWORD})
    User.objects.filter(pk=getattr(cast, gone).pk).delete()
    _deliver()

    (told,) = [str(mail.body) for mail in mailoutbox if mail.to == [second.email]]
    assert "Deleted account" in told
