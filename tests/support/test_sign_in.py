"""Staff comes in by the door of everybody, with the same limits, and lands in the admin (R10)."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache, caches
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings
from structlog.testing import capture_logs

from portal.limits import OpenCache
from subscribers.models import User
from tests import second_step
from tests.factories import PASSWORD, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R10")]
SECOND = "/accounts/2fa/authenticate/"


@pytest.fixture(autouse=True)
def _no_limit_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OpenCache, "down_until", 0.0)
    cache.clear()


@pytest.fixture
def valkey_away(settings: Settings) -> Iterator[None]:
    with _away(settings):
        yield


@contextmanager
def _away(settings: Settings) -> Iterator[None]:
    """The cache's address is one where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"redis://127.0.0.1:{taken.getsockname()[1]}/0"
        settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": address}}
        yield
    caches.close_all()


def _sign_in(client: Client, email: str, password: str = PASSWORD, door: str = "/admin/login/") -> tuple[int, str]:
    """Follows the door to the one sign-in, types, and gives back the status and the address it ends at."""
    shown = client.get(door, {"next": "/admin/orders/order/"}, follow=True)
    wanted = re.findall(r'name="next" value="([^"]+)"', shown.content.decode())[-1]
    answer = client.post("/accounts/login/", {"login": email, "password": password, "next": wanted})
    assert shown.request["PATH_INFO"] == "/accounts/login/"
    return answer.status_code, answer.headers.get("Location", "")


def test_lets_staff_without_a_subscriber_in_to_where_it_wanted(staff: User) -> None:
    client = Client()
    assert _sign_in(client, staff.email) == (302, SECOND)
    answer = client.post(SECOND, {"code": second_step.code()})

    assert answer.headers["Location"] == "/admin/orders/order/"
    assert client.get("/admin/orders/order/").status_code == 200


def test_takes_no_code_of_staff_while_nobody_counts_the_tries(staff: User, settings: Settings) -> None:
    client = Client()
    _sign_in(client, staff.email)
    with _away(settings):
        client.post(SECOND, {"code": second_step.code()})

    assert client.get("/admin/").status_code == 302


def test_uses_up_no_recovery_code_of_staff_that_it_does_not_take(staff: User, settings: Settings) -> None:
    client, codes = Client(), second_step.recovery_codes(staff)
    _sign_in(client, staff.email)
    with _away(settings):
        client.post(SECOND, {"code": codes[0]})

    assert second_step.recovery_codes(staff) == codes


def test_proves_the_address_of_the_first_staff_by_a_code(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="ilk@example.com", interactive=False, verbosity=0)
    client = Client()
    assert _sign_in(client, "ilk@example.com") == (302, "/accounts/confirm-email/")
    code = re.search(r"^[0-9A-Z][0-9A-Z-]{4,}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert code is not None
    client.post("/accounts/confirm-email/", {"code": code[0]})

    assert client.get("/admin/").headers["Location"] == "/ayarlar/guvenlik/"


def test_leads_staff_without_a_subscriber_from_the_dashboard_to_the_admin(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/admin/"


def test_shows_signed_in_staff_the_admin_instead_of_the_door(client: Client) -> None:
    assert client.get("/admin/login/").headers["Location"] == "/admin/"
    assert client.post("/admin/login/", {"username": "x", "password": "y"}).headers["Location"] == "/admin/"


def test_lets_a_merchant_in_at_the_admins_door_no_further_than_the_door(cast: Cast) -> None:
    client = Client()
    _sign_in(client, cast.owner.email)

    assert client.get("/admin/orders/order/").status_code == 403


def test_signs_nobody_in_by_the_admins_own_form(staff: User) -> None:
    client = Client()
    client.post("/admin/login/", {"username": staff.email, "password": PASSWORD})

    assert client.get("/admin/").status_code == 302


@pytest.mark.case(36)
def test_stops_the_sixth_wrong_password_for_an_account_in_five_minutes(staff: User) -> None:
    tried = [_sign_in(Client(), staff.email, "yanlış-parola")[0] for _ in range(6)]

    assert (tried[:5], _sign_in(Client(), staff.email)[0]) == ([200] * 5, 429)
    page = Client().post("/accounts/login/", {"login": staff.email, "password": PASSWORD}).content.decode()
    assert "5 dakika sonra" in page


@pytest.mark.case(36)
def test_answers_429_to_too_many_tries_from_one_address(staff: User) -> None:
    tried = [_sign_in(Client(), f"biri{n}@example.com", "yanlış-parola")[0] for n in range(31)]

    assert tried[-1] == 429


def test_keeps_staff_out_while_nobody_counts_the_tries(staff: User, valkey_away: None) -> None:
    with capture_logs() as logs:
        status, _ = _sign_in(Client(), staff.email)

    assert status == 200
    assert [line["event"] for line in logs if line["event"] in ("limits_not_kept", "staff_sign_in_closed")] == [
        "limits_not_kept",
        "staff_sign_in_closed",
    ]


def test_keeps_staff_out_by_an_address_that_is_not_proven_yet(staff: User, valkey_away: None) -> None:
    EmailAddress.objects.create(user=staff, email="yeni@example.com")
    with capture_logs() as logs:
        status, _ = _sign_in(Client(), "Yeni@example.com")

    assert (status, "staff_sign_in_closed" in {line["event"] for line in logs}) == (200, True)


def test_lets_merchants_in_while_nobody_counts_the_tries(cast: Cast, valkey_away: None) -> None:
    with capture_logs() as logs:
        status, address = _sign_in(Client(), cast.owner.email, door="/accounts/login/")

    assert (status, address) == (302, "/admin/orders/order/")
    assert "limits_not_kept" in {line["event"] for line in logs}


def test_keeps_staff_in_that_is_signed_in_already(client: Client, valkey_away: None) -> None:
    assert client.get("/admin/").status_code == 200
