"""One more owner, and another in one's place, take the second step of who has one: a stolen password is not enough."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client

from subscribers.models import Membership, Role
from tests import second_step
from tests.factories import PASSWORD, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1")]


@pytest.fixture
def careful(cast: Cast) -> Client:
    """The owner, signed in by the password and a recovery code."""
    cache.clear()
    second_step.give(cast.owner)
    client = Client(headers={"accept-language": "tr"})
    client.post("/accounts/login/", {"login": cast.owner.email, "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": second_step.recovery_codes(cast.owner)[0]})
    return client


def _member(cast: Cast) -> Membership:
    return Membership.objects.get(user=cast.member)


def _asks(address: str) -> str:
    return f"/accounts/2fa/reauthenticate/?{urlencode({'next': address})}"


@pytest.mark.parametrize("act", ["sahip", "devret"])
def test_changes_no_owner_by_the_password_alone(cast: Cast, careful: Client, act: str) -> None:
    address = f"/ayarlar/ekip/{_member(cast).pk}/{act}/"
    careful.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = careful.post(address, {"password": PASSWORD})

    assert (answer.headers["Location"], _member(cast).role) == (_asks(address), Role.MEMBER)
    assert "Bunun yerine şifremi yazayım" not in careful.get(_asks(address)).content.decode()


@pytest.mark.parametrize("act", ["sahip", "devret"])
def test_changes_the_owner_by_both(cast: Cast, careful: Client, act: str) -> None:
    address = f"/ayarlar/ekip/{_member(cast).pk}/{act}/"
    shown = careful.post(_asks(address), {"code": second_step.recovery_codes(cast.owner)[0]})
    careful.post(shown.headers["Location"], {"password": PASSWORD})

    assert (shown.headers["Location"], _member(cast).role) == (address, Role.OWNER)
