"""Whom a merchant writes to stands wherever support is named; without an address nobody is sent to one (R10)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from portal.handbook import building
from tests import factories
from tests.factories import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R10")]
EMAIL = "yardim@onay.example"
LINK = f'<a href="mailto:{EMAIL}">'


@pytest.fixture
def cast() -> Cast:
    return factories.cast()


@pytest.fixture
def owner(cast: Cast) -> Client:
    client = Client(headers={"accept-language": "tr"})
    client.force_login(cast.owner)
    return client


def _page(client: Client, address: str) -> str:
    answer: Any = client.get(address)
    return str(answer.content.decode())


@pytest.mark.parametrize("address", ["/", "/ayarlar/ekip/", "/yok/", "/accounts/inactive/", "/allow"])
def test_stands_in_the_foot_of_pages(owner: Client, settings: Settings, address: str) -> None:
    settings.SUPPORT_EMAIL = EMAIL
    assert LINK in _page(owner, address)


@pytest.mark.parametrize("address", ["/", "/ayarlar/ekip/", "/yok/", "/accounts/inactive/", "/allow"])
def test_is_not_there_where_none_is_set(owner: Client, address: str) -> None:
    assert "mailto:" not in _page(owner, address)


def test_stands_on_the_page_of_a_failure(settings: Settings) -> None:
    from django.template.loader import render_to_string

    settings.SUPPORT_EMAIL = EMAIL
    assert LINK in render_to_string("500.html", {"number": "a1b2"})


@pytest.mark.parametrize(
    ("email", "said"), [(EMAIL, f"{EMAIL} adresine yazın"), ("", "Onay’ı size sağlayana başvurun")]
)
def test_is_told_to_who_is_suspended(cast: Cast, owner: Client, settings: Settings, email: str, said: str) -> None:
    settings.SUPPORT_EMAIL = email
    cast.shop.suspended_at = timezone.now()
    cast.shop.save()

    assert f"askıyı kaldırmak için {said}." in _page(owner, "/")


@pytest.mark.parametrize(
    ("email", "foot", "reply_to"), [(EMAIL, f"\nYardım için: {EMAIL}", [EMAIL]), ("", "\nOnay", [])]
)
def test_ends_our_mails_and_takes_their_answers(
    cast: Cast, settings: Settings, mailoutbox: list[EmailMessage], email: str, foot: str, reply_to: list[str]
) -> None:
    settings.SUPPORT_EMAIL = email
    Client(headers={"accept-language": "tr"}).post("/accounts/password/reset/", {"email": cast.owner.email})
    (mail,) = mailoutbox

    assert (str(mail.body).rstrip().endswith(foot), mail.reply_to) == (True, reply_to)


def test_makes_the_handbook_anew_where_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUPPORT_EMAIL", raising=False)
    without = building.fingerprint()
    monkeypatch.setenv("SUPPORT_EMAIL", EMAIL)

    assert building.fingerprint() != without
