"""What is left of the SMS credit, when that was read, and a look at it now (R7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from integrations.ideasoft.models import Store
from integrations.netgsm.models import Account
from messaging import credit_watch
from subscribers.models import Subscriber
from tests.factories import AccountFactory, Cast, EventFactory

pytestmark = pytest.mark.requirement("R7")
LOOK = "/entegrasyonlar/netgsm/kredi/"


@pytest.fixture
def account(cast: Cast) -> Account:
    """Read at noon of a day long past, and lower than the merchant wants."""
    Subscriber.objects.filter(pk=cast.shop.pk).update(credit_least=500)
    read_at = datetime.fromisoformat("2020-03-05T12:34:00+03:00")
    account: Account = AccountFactory.create(subscriber=cast.shop, credit="120", credit_at=read_at)
    credit_watch.judge(account.pk, cast.shop.pk)
    return account


@pytest.fixture
def store(cast: Cast, account: Account) -> Store:
    event = EventFactory.create(subscriber=cast.shop)
    store: Store = event.store
    return store


def seen(owner: Client, path: str) -> str:
    return " ".join(owner.get(path).content.decode().split())


@pytest.mark.parametrize("path", ["/", "/entegrasyonlar/", "/ayarlar/kurulum/", "/olaylar/{event}/"])
def test_says_when_the_credit_was_read(path: str, owner: Client, store: Store) -> None:
    assert "5 Mart 2020 12:34" in seen(owner, path.format(event=store.events.get().pk))


@pytest.mark.parametrize("path", ["/", "/entegrasyonlar/"])
def test_offers_a_look_where_the_credit_is_told_to_be_low(path: str, owner: Client, account: Account) -> None:
    assert f'action="{LOOK}"' in seen(owner, path)


def test_offers_a_look_where_the_credit_is_gone(owner: Client, store: Store) -> None:
    Account.objects.update(credit="0")
    assert f'action="{LOOK}"' in seen(owner, "/ayarlar/kurulum/")


def test_offers_no_look_where_nobody_warns(owner: Client, account: Account) -> None:
    Account.objects.update(credit="12000")
    credit_watch.judge(account.pk, account.subscriber_id)
    assert LOOK not in seen(owner, "/")


@pytest.mark.parametrize("path", ["/", "/siparisler/", "/entegrasyonlar/"])
def test_says_on_every_page_what_is_left_and_of_how_much(path: str, owner: Client, account: Account) -> None:
    page = seen(owner, path)
    assert ("SMS krediniz 120 kaldı; sizin koyduğunuz sınır 500." in page, f'action="{LOOK}"' in page) == (True, True)


@pytest.mark.parametrize("path", ["/", "/siparisler/"])
def test_judges_the_credit_once_its_owner_names_another_limit(
    path: str, owner: Client, account: Account, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        credit_watch.choose_least(subscriber=account.subscriber, least=100, by=None)
    assert "SMS krediniz" not in seen(owner, path)
