"""Deleting the account takes the second step where there is one, shown for it and not minutes ago (R1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from subscribers.models import User
from tests import factories, second_step
from tests.factories import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]
ADDRESS, ASKS = "/accounts/delete/", "/accounts/2fa/reauthenticate/?next=%2Faccounts%2Fdelete%2F"


@pytest.fixture
def careful(db: None) -> User:
    """A member with a second step."""
    cache.clear()
    return second_step.give(factories.cast().member)


@pytest.fixture
def entered(careful: User) -> Client:
    """Signed in by the password and a recovery code."""
    client = Client(headers={"accept-language": "tr"})
    client.post("/accounts/login/", {"login": careful.email, "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": second_step.recovery_codes(careful)[0]})
    return client


def _show(client: Client, user: User) -> None:
    answer = client.post(ASKS, {"code": second_step.recovery_codes(user)[0]})
    assert answer.headers["Location"] == ADDRESS


def test_asks_for_the_second_step_first(careful: User, entered: Client) -> None:
    assert entered.get(ADDRESS).headers["Location"] == ASKS
    _show(entered, careful)

    assert "Hesabımı sil" in entered.get(ADDRESS).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_deletes_nothing_by_the_password_alone(careful: User, entered: Client, method: str) -> None:
    entered.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = getattr(entered, method)(ADDRESS, {"password": PASSWORD})

    assert answer.headers["Location"] == ASKS
    assert User.objects.get(pk=careful.pk).is_active


def test_offers_no_password_in_its_place(entered: Client) -> None:
    assert "Bunun yerine şifremi yazayım" not in entered.get(ASKS).content.decode()
    assert "Bunun yerine şifremi yazayım" in entered.get("/accounts/2fa/reauthenticate/").content.decode()


def test_deletes_by_both(careful: User, entered: Client) -> None:
    _show(entered, careful)
    answer = entered.post(ADDRESS, {"password": PASSWORD})

    assert answer.headers["Location"] == "/accounts/login/"
    assert not User.objects.get(pk=careful.pk).is_active


def test_asks_anew_after_some_minutes(careful: User, entered: Client) -> None:
    _show(entered, careful)
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        assert entered.post(ADDRESS, {"password": PASSWORD}).headers["Location"] == ASKS


def test_asks_for_the_passkey_where_there_is_no_app(db: None) -> None:
    person = factories.cast().member
    second_step.give_passkey(person)
    client = Client()
    client.force_login(person)

    assert client.get(ADDRESS).headers["Location"].startswith("/accounts/2fa/webauthn/reauthenticate/?next=")
