"""A changed role, a removal, a hand-over reach whom they concern and the other owners, in each one's language (R1)."""

from __future__ import annotations

import re
import smtplib
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from portal import closing, letters, team
from portal.models import Letter, LetterState
from subscribers.models import Invitation, Membership, Role, Subscriber, User
from subscribers.secrets import token_hash
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


EMAIL = "yeni@example.com"
TEAM_PAGE = "/ayarlar/ekip/"


def _page(client: Client) -> str:
    return client.get(TEAM_PAGE).content.decode()


def _invite(client: Client) -> str:
    return client.post(TEAM_PAGE, {"email": EMAIL}, follow=True).content.decode()


def _refused(monkeypatch: pytest.MonkeyPatch, problem: OSError) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise problem

    monkeypatch.setattr(letters, "send_mail", refuse)


def test_mails_a_link_in_turkish_with_who_invites_to_what(
    cast: Cast, owner: Client, mailoutbox: list[EmailMessage]
) -> None:
    page, before = _invite(owner), list(mailoutbox)
    _deliver()
    (mail,) = mailoutbox

    assert (f"Davet {EMAIL} adresine gönderiliyor;" in page, before) == (True, [])
    assert (mail.to, mail.subject) == ([EMAIL], "Örnek Ticaret ekibine davet edildiniz")
    assert "Ayşe Yılmaz sizi Onay’da Örnek Ticaret ekibine davet etti." in mail.body
    assert re.search(r"^http://localhost:8000/davet/[\w-]{43}/$", str(mail.body), re.MULTILINE)


def test_mails_in_the_language_that_the_owner_reads(owner: Client, mailoutbox: list[EmailMessage]) -> None:
    owner.cookies["django_language"] = "en"
    _invite(owner)
    _deliver()

    assert mailoutbox[0].subject == "You are invited to the team of Örnek Ticaret"
    assert str(mailoutbox[0].body).startswith("Hello,")


def test_puts_no_line_of_the_subscribers_name_into_the_mails_head(
    cast: Cast, owner: Client, mailoutbox: list[EmailMessage]
) -> None:
    cast.shop.name = "Kuzey\r\nBcc: herkes@example.com"
    cast.shop.save()
    _invite(owner)
    _deliver()

    assert mailoutbox[0].subject == "Kuzey Bcc: herkes@example.com ekibine davet edildiniz"


def test_shows_how_far_the_mail_of_an_invitation_has_come(owner: Client, mailoutbox: list[EmailMessage]) -> None:
    before = _invite(owner)
    _deliver()
    after = _page(owner)

    assert ("E-posta gönderiliyor" in before, "data-refresh" in before) == (True, True)
    assert ("E-posta gönderildi" in after, "E-posta gönderiliyor" in after) == (True, False)


def test_the_list_of_invitations_renews_itself_alone(owner: Client) -> None:
    _invite(owner)
    part = owner.get(TEAM_PAGE, headers={"HX-Request": "true"}).content.decode()

    assert part.lstrip().startswith('<section class="panel" id="invitations"')


def test_tries_an_invitations_mail_again_and_says_so(
    owner: Client, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        _refused(patched, smtplib.SMTPServerDisconnected())
        _invite(owner)
        _deliver()
        page = _page(owner)
    _deliver()

    assert ("E-posta henüz gönderilemedi" in page, "kendiliğinden yeniden denenir" in page) == (True, True)
    assert [mail.to for mail in mailoutbox] == [[EMAIL]]


def test_says_what_to_do_where_the_address_is_refused_for_good(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    _refused(monkeypatch, smtplib.SMTPRecipientsRefused({EMAIL: (550, b"no such user")}))
    _invite(owner)
    _deliver()

    assert "E-posta gönderilemedi" in _page(owner)
    assert "yanlışsa daveti geri alıp doğru adresi davet edin" in _page(owner)
    assert Letter.objects.get().state == LetterState.FAILED


def test_sends_an_invitation_again_by_another_link(owner: Client, mailoutbox: list[EmailMessage]) -> None:
    _invite(owner)
    first = Invitation.objects.get()
    _deliver()
    owner.post(f"/ayarlar/ekip/davet/{first.pk}/yeniden/")
    _deliver()

    assert sorted(row.state for row in Invitation.objects.all()) == ["open", "withdrawn"]
    assert len({str(mail.body) for mail in mailoutbox}) == 2


@pytest.mark.parametrize("why", ["withdrawn", "suspended"])
def test_mails_no_invitation_that_leads_nowhere(
    cast: Cast, owner: Client, mailoutbox: list[EmailMessage], why: str
) -> None:
    _invite(owner)
    if why == "withdrawn":
        owner.post(f"/ayarlar/ekip/davet/{Invitation.objects.get().pk}/geri-al/")
    else:
        Subscriber.objects.filter(pk=cast.shop.pk).update(suspended_at=timezone.now())
    _deliver()

    assert (list(mailoutbox), Letter.objects.get().state) == ([], LetterState.NEEDLESS)


@pytest.mark.parametrize("end", ["sent", "refused", "withdrawn"])
def test_keeps_the_link_sealed_and_no_longer_than_it_needs_it(
    owner: Client, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    _invite(owner)
    kept = Letter.objects.get()
    token = kept.reveal("token")
    if end == "refused":
        _refused(monkeypatch, smtplib.SMTPRecipientsRefused({EMAIL: (550, b"")}))
    elif end == "withdrawn":
        Invitation.objects.update(withdrawn_at=timezone.now())
    _deliver()

    assert Invitation.objects.get().token_hash == token_hash(token)
    assert (token in kept.token, Letter.objects.get().token) == (False, "")


def test_invites_nobody_where_the_mail_cannot_be_queued(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError("no letter")

    monkeypatch.setattr(team, "_mail", fail)
    with pytest.raises(OSError, match="no letter"):
        _invite(owner)

    assert not Invitation.objects.exists()
