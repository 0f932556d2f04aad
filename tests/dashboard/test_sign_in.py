"""The doors tell nobody which addresses have an account (59), and shut for a while where tried too often (36)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from tests.factories import PASSWORD, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]

UNKNOWN = "kimse@example.com"
SIGN_UP = {"name": "Kuzey Ayakkabı", "line": "8507654321", "password1": "bambaska-parola-2"}
# What a door shows and does not say: the visitor's own address, and what differs by itself from page to page.
_OWN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


@pytest.fixture(autouse=True)
def _no_limit_reached() -> None:
    cache.clear()


def _seen(client: Client, address: str, typed: dict[str, str], email: str) -> list[tuple[int, str, str]]:
    """Status, place and text of the answer and of the pages it leads to."""
    answer: Any = client.post(address, typed, follow=True)
    steps = [(status, place, "") for place, status in answer.redirect_chain]
    return [*steps, (answer.status_code, "", _OWN.sub("", answer.content.decode()).replace(email, "…"))]


@pytest.mark.case(59)
@pytest.mark.parametrize(
    ("address", "field", "more"),
    [
        ("/accounts/login/", "login", {"password": "yanlis-parola-1"}),
        ("/accounts/password/reset/", "email", {}),
        ("/accounts/signup/", "email", SIGN_UP),
    ],
)
def test_answers_a_known_address_as_an_unknown_one(cast: Cast, address: str, field: str, more: dict[str, str]) -> None:
    known, unknown = (_seen(Client(), address, {**more, field: email}, email) for email in (cast.owner.email, UNKNOWN))

    assert known == unknown


@pytest.mark.case(59)
@pytest.mark.parametrize("action", [{"code": "AAAA-AAAA"}, {"action": "resend"}])
def test_waits_for_a_code_alike_after_either_sign_up(cast: Cast, action: dict[str, str]) -> None:
    seen = []
    for email in (cast.owner.email, UNKNOWN):
        client = Client()
        client.post("/accounts/signup/", {**SIGN_UP, "email": email})
        cache.clear()
        seen.append(_seen(client, "/accounts/confirm-email/", action, email))

    assert seen[0] == seen[1]


@pytest.mark.case(59)
@pytest.mark.parametrize(
    "page", ["/accounts/signup/", "/accounts/login/", "/accounts/confirm-email/", "/accounts/logout/"]
)
def test_goes_on_alike_from_either_sign_up(cast: Cast, page: str) -> None:
    seen = []
    for email in (cast.owner.email, UNKNOWN):
        client = Client()
        client.post("/accounts/signup/", {**SIGN_UP, "email": email})
        answer = client.get(page)
        left = client.post("/accounts/logout/", {"next": "/accounts/signup/"}, follow=True)
        after = client.get(page)
        seen += [
            [
                (
                    each.status_code,
                    each.headers.get("Location"),
                    _OWN.sub("", each.content.decode()).replace(email, "…"),
                )
                for each in (answer, left, after)
            ]
        ]

    assert seen[0] == seen[1]


@pytest.mark.case(59)
def test_mails_either_address_after_a_reset(cast: Cast, mailoutbox: list[EmailMessage]) -> None:
    for email in (cast.owner.email, UNKNOWN):
        Client().post("/accounts/password/reset/", {"email": email})

    assert [mail.to for mail in mailoutbox] == [[cast.owner.email], [UNKNOWN]]


def _fail(email: str, *, machine: str = "198.51.100.7") -> int:
    client = Client(REMOTE_ADDR=machine)
    return client.post("/accounts/login/", {"login": email, "password": "yanlis-parola-1"}).status_code


@pytest.mark.case(36)
@pytest.mark.parametrize("known", [True, False])
def test_shuts_an_accounts_door_at_the_sixth_failure_from_wherever(cast: Cast, known: bool) -> None:
    email = cast.owner.email if known else UNKNOWN
    answers = [_fail(email, machine=f"198.51.100.{n}") for n in range(6)]

    assert answers == [200] * 5 + [429]


@pytest.mark.case(36)
def test_says_when_it_opens_again_and_lets_not_even_the_right_password_in(cast: Cast) -> None:
    for _ in range(5):
        _fail(cast.owner.email)
    client = Client()
    answer = client.post("/accounts/login/", {"login": cast.owner.email, "password": PASSWORD})

    assert answer.status_code == 429
    assert "5 dakika sonra yeniden deneyin" in answer.content.decode()
    assert client.get("/").status_code == 302


@pytest.mark.case(36)
def test_shuts_a_machines_door_at_the_eleventh_failure_in_a_minute(cast: Cast) -> None:
    answers = [_fail(f"kisi.{n}@example.com") for n in range(11)]

    assert answers == [200] * 10 + [429]
    assert _fail(UNKNOWN, machine="203.0.113.9") == 200


@pytest.mark.case(36)
def test_counts_no_success(cast: Cast) -> None:
    for _ in range(7):
        answer = Client().post("/accounts/login/", {"login": cast.owner.email, "password": PASSWORD})
        assert answer.status_code == 302


@pytest.mark.case(36)
@pytest.mark.case(64)
def test_counts_the_tries_of_a_machine_whatever_it_says_it_is() -> None:
    tried = []
    for number in range(31):
        client = Client(REMOTE_ADDR="198.51.100.77", headers={"x-forwarded-for": f"203.0.113.{number}"})
        typed = {"login": f"biri{number}@example.com", "password": "yanlış-parola"}
        tried.append(client.post("/accounts/login/", typed).status_code)

    assert tried[-1] == 429


@pytest.mark.case(64)
def test_links_a_mail_to_this_site_whatever_host_was_asked(
    cast: Cast, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    Client().post("/accounts/password/reset/", {"email": cast.owner.email}, headers={"host": "evil.example"})

    (mail,) = mailoutbox
    assert ("http://localhost:8000/accounts/" in str(mail.body), "evil.example" in str(mail.body)) == (True, False)


def test_leads_to_a_new_password_once() -> None:
    page = Client().get("/accounts/login/").content.decode()

    assert page.count('href="/accounts/password/reset/"') == 1
