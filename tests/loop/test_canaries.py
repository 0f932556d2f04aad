"""No secret lies about: not in a log, a page, a dump, the cache, a mail, a traceback, a process list (R10)."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from integrations.ideasoft import oauth
from portal import logs, tree
from tests import shops
from tests.loop import canaries
from tests.sandboxes import Sandbox
from tests.shops import Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.case(26), pytest.mark.requirement("R10")]

PAGES = ["/", "/siparisler/", "/mesajlar/", "/olaylar/", "/entegrasyonlar/", "/metrics", "/health/ready"]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the portal's own handler writes, from DEBUG up."""
    logs.configure(django_settings.LOGGING)
    root = logging.getLogger()
    (handler,) = [one for one in root.handlers if type(one) is logging.StreamHandler]
    stream = io.StringIO()
    handler.setStream(stream)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(logging.INFO)
    logs.configure(django_settings.LOGGING)


@pytest.fixture
def shop(log: io.StringIO, sandbox: Sandbox) -> Shop:
    """Opened here, under the eyes of the log."""
    shop = shops.open_shop(sandbox)
    shops.poll(everything=True)
    return shop


@pytest.fixture
def worked(log: io.StringIO, shop: Shop, settings: Settings) -> Shop:
    """A shop that did the main job, and met every refusal of the outside once."""
    settings.WHITENOISE_AUTOREFRESH = True
    shop.place(transactionId="12345")
    shops.poll(everything=True)
    shop.answer("Onay 12345")
    shops.poll(everything=True)
    for system, kind in (
        ("netgsm", "garbage"),
        ("netgsm", "status"),
        ("store:ornek", "garbage"),
        ("store:ornek", "status"),
    ):
        shop.sandbox.fault(system, kind, times=1, **({"status": 500} if kind == "status" else {}))
        shops.poll(everything=True)
    return shop


@pytest.fixture
def owner(worked: Shop) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(worked.subscriber_owner())
    return client


def test_none_is_in_the_logs(worked: Shop, owner: Client, log: io.StringIO) -> None:
    hook = worked.result["hooks"]["sms"].partition("8000")[2]
    for path in (hook, f"{hook}/x", *PAGES):
        owner.get(path)
        owner.post(path, {"password": "x"})
    assert len(log.getvalue()) > 500
    assert canaries.found(canaries.planted(worked), log.getvalue()) == []


def test_none_is_on_a_page(worked: Shop, owner: Client) -> None:
    store, order = worked.store, worked.subscriber
    forms = [f"/entegrasyonlar/ideasoft/{store.code}/", f"/olaylar/{worked.event.pk}/", f"/siparisler/{order}/"]
    text = "".join(owner.get(path).content.decode() for path in (*PAGES, *forms))
    assert canaries.found(canaries.planted(worked), text) == []


def test_only_the_address_to_copy_is_on_the_page_of_the_account(worked: Shop, owner: Client) -> None:
    text = owner.get("/entegrasyonlar/netgsm/").content.decode()
    assert canaries.found(canaries.planted(worked), text) == ["hook token"]


def test_none_is_in_the_database_but_as_ciphertext(worked: Shop) -> None:
    dump = canaries.database_dump()
    assert str(worked.subscriber.pk) in dump
    assert canaries.found(canaries.planted(worked), dump) == []


def test_none_is_in_the_cache_or_a_hint(worked: Shop, owner: Client) -> None:
    owner.post("/accounts/login/", {"login": "ornek@example.com", "password": "yanlış-parola"})
    assert canaries.found(canaries.planted(worked), canaries.valkey_dump()) == []


def test_none_is_in_a_mail(worked: Shop, mailoutbox: list[EmailMessage]) -> None:
    Client().post("/accounts/password/reset/", {"email": "ornek@example.com"})
    assert len(mailoutbox) == 1
    assert canaries.found(canaries.planted(worked), str(mailoutbox[0].message())) == []


@pytest.mark.parametrize("debug", [True, False])
def test_none_is_on_the_page_of_a_failure(
    debug: bool, worked: Shop, owner: Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    back = shops.accept(worked, shops.ask_permission(owner, worked))
    secrets = {**canaries.planted(worked), "session cookie": str(owner.session.session_key)}

    def fail(*_args: object, **_known: object) -> None:
        raise RuntimeError("broke with the secret opened")

    monkeypatch.setattr(oauth, "exchange", fail)
    settings.DEBUG = debug
    page = owner.get("/allow", back)
    assert page.status_code == 500
    assert canaries.found(secrets, page.content.decode() + log.getvalue()) == []


def test_none_is_in_the_repr_of_a_row(worked: Shop) -> None:
    rows = [worked.store, worked.account, worked.subscriber, worked.event, *worked.store.errands.all()]
    told = "".join(f"{row!r} {row} {row.__dict__}" for row in rows)
    assert canaries.found(canaries.planted(worked), told) == []


def test_none_is_in_the_process_list(worked: Shop, tmp_path_factory: pytest.TempPathFactory) -> None:
    children = tree.roles(var=tmp_path_factory.mktemp("var"), port=8000)
    assert canaries.found(canaries.planted(worked), " ".join(" ".join(child.argv) for child in children)) == []
