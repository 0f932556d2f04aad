"""The SMS account entered on its screen is checked against the operator at once (R2)."""

from __future__ import annotations

import pytest
from django.test import Client

from integrations.netgsm.models import Account
from tests import factories
from tests.factories import Cast
from tests.sandboxes import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R2")]


@pytest.fixture
def cast(sandbox: Sandbox) -> Cast:
    made = factories.cast()
    sandbox.control("POST", "netgsm/accounts", usercode=made.shop.line, password="dogru-parola", headers=["KUZEY"])
    return made


def _client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _save(cast: Cast, password: str) -> str:
    typed = {"usercode": cast.shop.line, "password": password}
    return _client(cast).post("/entegrasyonlar/netgsm/", typed, follow=True).content.decode()


def test_reads_the_headers_of_an_account_that_the_operator_accepts(cast: Cast) -> None:
    page = _save(cast, "dogru-parola")

    assert Account.objects.get(subscriber=cast.shop).headers == ["KUZEY"]
    assert "Operatör hesabı kabul etti." in page


def test_shows_the_headers_that_the_operator_has_registered(cast: Cast) -> None:
    _save(cast, "dogru-parola")

    assert "KUZEY" in _client(cast).get("/entegrasyonlar/netgsm/").content.decode()


def test_proves_the_line_by_its_own_account(cast: Cast) -> None:
    _save(cast, "dogru-parola")
    cast.shop.refresh_from_db()

    assert cast.shop.line_proven_at is not None


def test_says_why_the_operator_refuses_and_keeps_what_was_typed(cast: Cast) -> None:
    page = _save(cast, "yanlis")

    assert 'role="alert"' in page
    assert "IP" in page
    assert Account.objects.get(subscriber=cast.shop).reveal("password") == "yanlis"
    assert "yanlis" not in page


def test_accepts_the_right_password_after_a_wrong_one(cast: Cast) -> None:
    _save(cast, "yanlis")
    _save(cast, "dogru-parola")
    account = Account.objects.get(subscriber=cast.shop)

    assert (account.refused_at, account.headers) == (None, ["KUZEY"])
