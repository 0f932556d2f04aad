"""The SMS account entered on its screen is checked against the operator at once (R2)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from integrations.netgsm.models import Account
from subscribers.models import Notice, Subscriber
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


LOOK = "/entegrasyonlar/netgsm/kredi/"


def test_looks_at_the_credit_while_the_merchant_waits(cast: Cast, sandbox: Sandbox) -> None:
    _save(cast, "dogru-parola")
    sandbox.control("POST", "netgsm/accounts", usercode=cast.shop.line, credit=4321)
    Account.objects.update(credit_at=timezone.now() - timedelta(seconds=11))
    answer = _client(cast).post(LOOK, {"back": "overview"}, follow=True)

    assert (answer.redirect_chain, Account.objects.get().credit) == ([("/", 302)], "4321")
    assert "Operatöre şimdi bakıldı; kalan kredi: 4321." in answer.content.decode()


def test_asks_the_operator_once_in_ten_seconds(cast: Cast, sandbox: Sandbox) -> None:
    _save(cast, "dogru-parola")
    sandbox.control("POST", "netgsm/accounts", usercode=cast.shop.line, credit=4321)
    _client(cast).post(LOOK, {"back": "overview"})

    assert Account.objects.get().credit == "1000"


@pytest.mark.parametrize("back", ["", "https://kotu.example", "account_logout"])
def test_leads_back_to_no_page_but_its_own(back: str, cast: Cast) -> None:
    answer = _client(cast).post(LOOK, {"back": back})

    assert answer.headers["Location"] == "/entegrasyonlar/"


def test_says_that_the_credit_could_not_be_looked_at(cast: Cast, sandbox: Sandbox) -> None:
    _save(cast, "dogru-parola")
    Account.objects.update(credit_at=None)
    sandbox.fault("netgsm", "status", status=503, path="/balance")
    page = _client(cast).post(LOOK, {"back": "integrations"}, follow=True).content.decode()

    assert "Krediye bakılamadı." in page
    assert Account.objects.get().credit == "1000"


def _balances(sandbox: Sandbox) -> int:
    return len([line for line in sandbox.ledger("request", "netgsm") if "/balance" in line["path"]])


def _look(cast: Cast) -> str:
    return _client(cast).post(LOOK, {"back": "integrations"}, follow=True).content.decode()


def test_a_top_up_that_was_seen_ends_what_was_told_of_the_credit(cast: Cast, sandbox: Sandbox) -> None:
    Subscriber.objects.filter(pk=cast.shop.pk).update(credit_least=1500)
    _save(cast, "dogru-parola")
    told = Notice.objects.filter(kind="credit_low", ended_at=None)
    before = told.count()
    sandbox.control("POST", "netgsm/accounts", usercode=cast.shop.line, credit=4321)
    Account.objects.update(credit_at=None)
    page = _look(cast)

    assert (before, told.count(), "SMS krediniz" in page) == (1, 0, False)


def test_asks_an_operator_that_refuses_once_however_often_somebody_looks(cast: Cast, sandbox: Sandbox) -> None:
    _save(cast, "dogru-parola")
    sandbox.control("POST", "netgsm/accounts", usercode=cast.shop.line, password="baska-parola")
    Account.objects.update(credit_at=None)
    before = _balances(sandbox)
    pages = [_look(cast) for _ in range(4)]

    assert (_balances(sandbox) - before, ["az önce soruldu" in page for page in pages]) == (1, [False, *[True] * 3])


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ({"refused_at": timezone.now()}, "Önce SMS hesabını düzeltin."),
        ({"paused_until": timezone.now() + timedelta(days=1)}, "Operatör beklememizi istedi"),
    ],
)
def test_asks_no_operator_that_holds_the_account_back(
    held: dict[str, datetime], words: str, cast: Cast, sandbox: Sandbox
) -> None:
    _save(cast, "dogru-parola")
    Account.objects.update(credit_at=None, **held)
    before = _balances(sandbox)
    page = _look(cast)

    assert (_balances(sandbox) - before, words in page) == (0, True)
