"""A secret that opens with no key stops its store or account where the merchant sees it, and no worker (case 28)."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from integrations.ideasoft.models import Connection, Store
from integrations.netgsm.models import Account
from messaging.models import OutgoingState
from subscribers.models import Notice
from tests import shops
from tests.shops import Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.case(28)]


def _lose_key(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]


def _notices() -> list[tuple[str, str]]:
    return sorted((notice.kind, notice.detail["reason"]) for notice in Notice.objects.filter(ended_at=None))


def test_marks_the_store_so_that_it_asks_for_permission_again(shop: Shop, settings: Settings) -> None:
    _lose_key(settings)
    shops.poll(everything=True)

    assert shop.store.connection == Connection.WITHDRAWN
    assert shop.store.refused_at is not None


def test_gives_one_notice_for_the_store_and_one_for_the_account(shop: Shop, settings: Settings) -> None:
    _lose_key(settings)
    for _ in range(3):
        shops.poll(everything=True)

    assert _notices() == [("refused", "secret_unreadable"), ("refused", "secret_unreadable")]


def test_counts_no_crash_against_any_row(shop: Shop, settings: Settings) -> None:
    _lose_key(settings)
    shops.poll(everything=True)

    assert set(shop.store.errands.values_list("crashes", flat=True)) == {0}
    assert set(shop.account.errands.values_list("crashes", flat=True)) == {0}


def test_asks_nobody_with_a_secret_it_cannot_read(shop: Shop, settings: Settings) -> None:
    _lose_key(settings)
    before = len(shop.sandbox.ledger("request"))
    shops.poll(everything=True)

    assert len(shop.sandbox.ledger("request")) == before


def test_holds_a_message_in_the_queue_instead_of_calling_it_unknown(shop: Shop) -> None:
    Account.objects.update(password="verfälscht")
    shop.place()
    shops.poll(everything=True)

    (message,) = shop.outgoing()
    assert (message.state, message.sent_at) == (OutgoingState.QUEUED, None)


def test_sends_the_held_message_once_the_password_is_given_again(shop: Shop) -> None:
    Account.objects.update(password="verfälscht")
    shop.place()
    shops.poll(everything=True)
    shop.sandbox.control("POST", "netgsm/accounts", usercode=shop.line, password="yeni-parola")
    shop.provision(netgsm={"usercode": shop.line, "password": "yeni-parola"})
    Account.objects.get().outgoing.update(due_at="2026-01-01T00:00Z")
    shops.poll(everything=True)

    assert len(shop.texts()) == 1


def test_takes_password_and_secret_from_the_same_file_again_where_the_kept_ones_open_no_more(shop: Shop) -> None:
    Account.objects.update(password="verfälscht")
    Store.objects.update(client_secret="verfälscht")
    shop.provision()

    assert shop.account.reveal("password") == shop.document["netgsm"]["password"]
    assert shop.store.reveal("client_secret") == shop.document["stores"][0]["client_secret"]


def test_lets_the_store_of_another_work_on(shop: Shop) -> None:
    other = shops.open_shop(shop.sandbox, name="komsu", line="8507654321")
    Store.objects.filter(pk=shop.store.pk).update(access_token="verfälscht")
    placed = other.place()
    shops.poll(everything=True)

    assert other.order(placed).is_cod
    assert other.store.connection == Connection.CONNECTED


def test_makes_a_new_webhook_address_where_the_old_one_opens_no_more(shop: Shop) -> None:
    Store.objects.update(hook_token="verfälscht")
    shops.poll(everything=True)

    hooks = shop.sandbox.control("GET", f"stores/{shop.name}/webhooks")
    assert {hook["address"].split("/")[-2] for hook in hooks[-2:]} == {shop.store.reveal("hook_token")}
