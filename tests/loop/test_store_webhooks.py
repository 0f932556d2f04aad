"""A store's webhooks: registered once, kept, and done without where the permission is missing (R2, R5)."""

from __future__ import annotations

import pytest

from integrations.ideasoft.models import Connection
from subscribers.models import Notice
from tests import shops
from tests.sandboxes import Sandbox
from tests.shops import Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R2")]


def _hooks(shop: Shop) -> list[str]:
    return sorted(hook["topic"] for hook in shop.sandbox.control("GET", f"stores/{shop.name}/webhooks"))


def test_registers_each_webhook_once(shop: Shop) -> None:
    for _ in range(2):
        shops.poll(everything=True)

    assert _hooks(shop) == ["order/create", "order/update"]


def test_registers_webhooks_again_that_the_store_dropped(shop: Shop) -> None:
    shop.sandbox.control("DELETE", f"stores/{shop.name}/webhooks")
    shops.poll(everything=True)

    assert _hooks(shop) == ["order/create", "order/update"]


def test_polls_on_and_tells_where_it_may_not_register_webhooks(sandbox: Sandbox) -> None:
    scopes = ["order_read", "order_update", "api_read"]
    shop = shops.open_shop(sandbox)
    sandbox.control("POST", "stores", name=shop.name, scopes=scopes)
    placed = shop.place()
    for _ in range(2):
        shops.poll(everything=True)

    assert (_hooks(shop), shop.order(placed).is_cod) == ([], True)
    assert [notice.kind for notice in Notice.objects.filter(ended_at=None)] == ["permission_missing:webhooks"]
    assert shop.store.connection == Connection.CONNECTED


def test_ends_that_notice_once_the_permission_is_there(sandbox: Sandbox) -> None:
    shop = shops.open_shop(sandbox)
    everything = sandbox.control("GET", f"stores/{shop.name}")["scopes"]
    for scopes in (["order_read", "api_read"], everything):
        sandbox.control("POST", "stores", name=shop.name, scopes=scopes)
        shops.poll(everything=True)

    assert (list(Notice.objects.filter(ended_at=None)), len(_hooks(shop))) == ([], 2)
