"""A store that is left: our webhooks go out of it, its tokens out of our rows (R1)."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.ideasoft.models import Connection, ErrandKind, Store, StoreErrand
from portal import closing
from tests import shops
from tests.shops import Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R1")]


def _webhooks(shop: Shop) -> list[Any]:
    return list(shop.sandbox.control("GET", f"stores/{shop.name}/webhooks"))


@pytest.fixture
def left(shop: Shop) -> Shop:
    shops.poll()
    assert len(_webhooks(shop)) == 2
    closing.delete_account(shop.subscriber_owner())
    return shop


def test_takes_the_webhooks_out_and_forgets_the_tokens(left: Shop) -> None:
    shops.work_off()
    store = Store.objects.get()

    assert _webhooks(left) == []
    assert (store.connection, store.access_token, store.refresh_token) == (Connection.WITHDRAWN, "", "")
    assert list(StoreErrand.objects.filter(due_at__isnull=False)) == []


def test_asks_a_store_that_is_away_again(left: Shop) -> None:
    left.sandbox.fault("store:ornek", "status", status=503, times=None)
    shops.work_off()
    errand = StoreErrand.objects.get(kind=ErrandKind.FAREWELL)

    assert errand.due_at is not None
    assert Store.objects.get().access_token
