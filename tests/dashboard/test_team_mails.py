"""A changed role, a removal, a hand-over reach whom they concern and the other owners, in each one's language (R1)."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from portal import letters
from subscribers.models import Membership, Role, User
from tests.factories import PASSWORD, Cast, MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]


@pytest.fixture
def second(cast: Cast) -> User:
    """One more owner of the shop, who reads English."""
    return MembershipFactory.create(subscriber=cast.shop, role=Role.OWNER, user__language="en").user


def _at(cast: Cast, user: User, act: str) -> str:
    return f"/ayarlar/ekip/{Membership.objects.get(subscriber=cast.shop, user=user).pk}/{act}/"


def _told(mailoutbox: list[EmailMessage]) -> dict[str, str]:
    return {mail.to[0]: mail.subject for mail in mailoutbox}


def test_tells_of_a_new_owner(cast: Cast, owner: Client, second: User, mailoutbox: list[EmailMessage]) -> None:
    owner.post(_at(cast, cast.member, "sahip"), {"password": PASSWORD})

    assert _told(mailoutbox) == {
        cast.member.email: "Örnek Ticaret firmasında artık sahipsiniz",
        second.email: "A change in the team of Örnek Ticaret",
    }
    assert "Değiştiren: Ayşe Yılmaz" in str(mailoutbox[0].body)
    assert f"/gecis/{cast.shop.pk}/?to=/ayarlar/ekip/" in str(mailoutbox[0].body)


def test_tells_of_an_owner_who_is_a_member_again(
    cast: Cast, owner: Client, second: User, mailoutbox: list[EmailMessage]
) -> None:
    owner.post(_at(cast, second, "rol"), {"role": "member"})

    assert _told(mailoutbox) == {second.email: "You are now a member at Örnek Ticaret"}


def test_tells_nothing_of_a_role_that_stays(cast: Cast, owner: Client, mailoutbox: list[EmailMessage]) -> None:
    owner.post(_at(cast, cast.member, "rol"), {"role": "member"})

    assert mailoutbox == []


def test_tells_of_a_removal(cast: Cast, owner: Client, second: User, mailoutbox: list[EmailMessage]) -> None:
    owner.post(_at(cast, cast.member, "cikar"))

    assert _told(mailoutbox) == {
        cast.member.email: "Örnek Ticaret ekibinden çıkarıldınız",
        second.email: "A change in the team of Örnek Ticaret",
    }
    assert "/gecis/" not in str(mailoutbox[0].body)


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

    assert mailoutbox == []


def test_tells_the_others_where_one_address_is_refused(
    cast: Cast, owner: Client, second: User, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    send = letters.team_changed

    def refuse_one(reader: User, **facts: Any) -> None:
        if reader == cast.member:
            raise smtplib.SMTPRecipientsRefused({reader.email: (550, b"unknown")})
        send(reader, **facts)

    monkeypatch.setattr(letters, "team_changed", refuse_one)
    owner.post(_at(cast, cast.member, "cikar"))

    assert [mail.to for mail in mailoutbox] == [[second.email]]


def test_does_it_where_no_mail_leaves(cast: Cast, owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(letters, "send_mail", refuse)
    answer = owner.post(_at(cast, cast.member, "cikar"))

    assert answer.status_code == 302
    assert not Membership.objects.filter(subscriber=cast.shop, user=cast.member).exists()
