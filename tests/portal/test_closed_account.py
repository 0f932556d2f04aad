"""Signing in, signing up and a new password say one thing of a closed account, and to nobody but its address (R1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from portal import closing
from subscribers import closing as subscribers_closing
from subscribers import invitations
from subscribers.models import Membership, Subscriber
from tests import factories
from tests.dashboard.test_sign_in import SIGN_UP, UNKNOWN, _seen
from tests.factories import PASSWORD, MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]
DOORS = {
    "sign up": ("/accounts/signup/", SIGN_UP),
    "new password": ("/accounts/password/reset/", {}),
}


@pytest.fixture(autouse=True)
def _support(settings: Settings) -> None:
    cache.clear()
    settings.SUPPORT_EMAIL = "yardim@onay.example"


@pytest.fixture(autouse=True)
def _on_that_day() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 12, 28, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def closed(db: None) -> Membership:
    """The only member of a shop, who deleted the account on 29 November."""
    membership = MembershipFactory.create()
    closing.delete_account(membership.user, confirmed=[membership.subscriber_id])
    Subscriber.objects.update(closed_at=datetime(2026, 11, 29, 9, tzinfo=UTC))
    return membership


def _client() -> Client:
    return Client(headers={"accept-language": "tr"})


@pytest.mark.parametrize("door", DOORS)
def test_says_by_mail_until_when_it_is_brought_back_and_by_whom(
    closed: Membership, mailoutbox: list[EmailMessage], door: str
) -> None:
    address, typed = DOORS[door]
    _client().post(address, {**typed, "email": closed.user.email})
    (mail,) = mailoutbox
    text = str(mail.body)

    assert (mail.to, mail.subject) == ([closed.user.email], "Onay hesabınız kapalı")
    assert "29 Aralık 2026 gününe kadar geri alabilirsiniz: yardim@onay.example adresine yazın." in text
    assert "bu adresle girilmez, şifre yenilenmez ve yeni hesap açılmaz" in text


def test_says_the_same_to_who_knows_the_password(closed: Membership) -> None:
    answer: Any = _client().post("/accounts/login/", {"login": closed.user.email, "password": PASSWORD}, follow=True)
    page = answer.content.decode()

    assert "30 gün içinde geri alabilirsiniz: yardim@onay.example adresine yazın." in page
    assert "bu adresle yeni hesap açılamaz ve şifre yenilenemez" in page


@pytest.mark.case(59)
@pytest.mark.parametrize("door", [*DOORS, "wrong password"])
def test_tells_a_stranger_nothing(closed: Membership, door: str) -> None:
    doors: dict[str, Any] = {**DOORS, "wrong password": ("/accounts/login/", {"password": "yanlis-parola-1"})}
    address, typed = doors[door]
    field = "login" if door == "wrong password" else "email"
    seen = [_seen(Client(), address, {**typed, field: email}, email) for email in (closed.user.email, UNKNOWN)]

    assert seen[0] == seen[1]


def test_knows_no_day_where_the_deletion_has_begun(closed: Membership, mailoutbox: list[EmailMessage]) -> None:
    Subscriber.objects.update(deletion_begun_at=datetime(2026, 12, 29, 10, tzinfo=UTC))
    _client().post("/accounts/password/reset/", {"email": closed.user.email})

    assert "gününe kadar" not in str(mailoutbox[0].body)


def test_knows_no_day_that_is_over(closed: Membership, mailoutbox: list[EmailMessage]) -> None:
    with time_machine.travel(datetime(2026, 12, 29, 9, 1, tzinfo=UTC)):
        _client().post("/accounts/password/reset/", {"email": closed.user.email})

    assert "Ne yapılabileceğini öğrenmek için yardim@onay.example adresine yazın." in str(mailoutbox[0].body)
    assert "gününe kadar" not in str(mailoutbox[0].body)


def test_names_at_the_door_the_days_that_rows_are_kept(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscribers_closing, "KEPT", timedelta(days=45))

    assert "sildiyseniz 45 gün içinde geri" in _client().get("/accounts/inactive/").content.decode()


def test_is_told_where_the_address_is_invited(closed: Membership) -> None:
    cast = factories.cast()
    _made, token = invitations.invite(subscriber=cast.shop, email=closed.user.email, by=cast.owner)
    page = _client().get(f"/davet/{token}/").content.decode()

    assert ("hesabı kapalı. Yeniden açtırmak için yardim@onay.example" in page, "Giriş yapın;" in page) == (True, False)


def test_says_at_the_deletion_until_when(db: None, mailoutbox: list[EmailMessage]) -> None:
    alone = MembershipFactory.create(subscriber__name="Lale")
    client = _client()
    client.post("/accounts/login/", {"login": alone.user.email, "password": PASSWORD})
    answer: Any = client.post("/accounts/delete/", {"password": PASSWORD, "name_0": "Lale"}, follow=True)
    shown = answer.content.decode().partition("Hesabınız kapandı. ")[2].partition(" gününe kadar geri")[0]

    assert shown
    assert f"Vazgeçerseniz {shown} gününe kadar yardim@onay.example adresine yazın" in str(mailoutbox[0].body)


def test_offers_a_new_account_where_nothing_was_closed(mailoutbox: list[EmailMessage]) -> None:
    cast = factories.cast()
    client = _client()
    client.post("/accounts/login/", {"login": cast.member.email, "password": PASSWORD})
    client.post("/accounts/delete/", {"password": PASSWORD})

    assert "Bu adresle isterseniz yeni bir hesap açabilirsiniz." in str(mailoutbox[0].body)
