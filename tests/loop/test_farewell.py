"""A store that is left: our webhooks go out of it, its tokens out of our rows; one that is not left after all stays."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.ideasoft import connection, farewell, oauth
from integrations.ideasoft.models import Connection, ErrandKind, Store, StoreErrand
from integrations.netgsm import errands
from messaging.models import IncomingMessage
from portal import closing
from portal.dashboard import notices
from subscribers import reach
from subscribers.models import Notice
from tests import shops
from tests.factories import UserFactory
from tests.shops import Shop
from work import claims, queues

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R1")]


def _webhooks(shop: Shop) -> list[Any]:
    return list(shop.sandbox.control("GET", f"stores/{shop.name}/webhooks"))


def _allow(shop: Shop) -> None:
    """The merchant permits the store anew."""
    given = shop.sandbox.control("POST", f"stores/{shop.name}/tokens")
    access, refresh = given["access_token"], given["refresh_token"]
    tokens = oauth.Tokens(access_token=access, refresh_token=refresh, expires_in=3600, scope="", raw={})
    connection.connect(shop.store, tokens)


def _open_again(shop: Shop) -> None:
    subscriber = shop.subscriber
    with reach.nothing(), reach.of(subscriber.pk):
        closing.resume(subscriber, by=UserFactory.create(is_staff=True), reason="Vazgeçti.")


@pytest.fixture
def left(shop: Shop) -> Shop:
    shops.poll(everything=True)
    assert len(_webhooks(shop)) == 2
    closing.delete_account(shop.subscriber_owner(), confirmed=[shop.subscriber.pk])
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


def test_stops_what_is_just_being_asked_of_the_store(shop: Shop) -> None:
    shops.poll(everything=True)
    StoreErrand.objects.update(due_at="2026-01-01T00:00Z")
    claim = claims.take(queues.get("store.new_orders"), shop.store.pk)
    closing.delete_account(shop.subscriber_owner(), confirmed=[shop.subscriber.pk])

    assert claim is not None
    assert claim.reschedule(claim.rows[0], at="2026-01-01T00:00Z") is False
    assert [errand.kind for errand in StoreErrand.objects.filter(due_at__isnull=False)] == [ErrandKind.FAREWELL]


def test_leaves_a_store_alone_that_was_permitted_anew(left: Shop) -> None:
    _open_again(left)
    _allow(left)
    shops.work_off()

    assert (left.store.connection, len(_webhooks(left))) == (Connection.CONNECTED, 2)
    assert not StoreErrand.objects.filter(kind=ErrandKind.FAREWELL, due_at__isnull=False).exists()


def test_forgets_no_store_that_was_permitted_while_it_took_leave(left: Shop) -> None:
    claim = claims.take(farewell.FAREWELL, left.store.pk)
    assert claim is not None
    assert claim.rows[0].store.connection == Connection.CONNECTED
    _open_again(left)
    _allow(left)
    farewell.say(claim)

    assert (left.store.connection, bool(left.store.access_token)) == (Connection.CONNECTED, True)


def test_forgets_no_tokens_but_those_in_hand(left: Shop) -> None:
    in_hand = left.store
    connection.refresh(left.store, seen=in_hand.token_version)

    assert farewell.forget(in_hand) is False
    assert (left.store.connection, bool(left.store.access_token)) == (Connection.CONNECTED, True)


def test_forgets_a_store_whose_token_it_had_to_refresh(left: Shop) -> None:
    Store.objects.update(token_expires_at="2026-01-01T00:00Z")
    shops.work_off()

    assert (left.store.connection, left.store.access_token, _webhooks(left)) == (Connection.WITHDRAWN, "", [])


def test_goes_on_with_a_store_that_was_not_left_yet(left: Shop) -> None:
    left.sandbox.fault("store:ornek", "status", status=503, times=1)
    shops.work_off("store.farewell", rounds=1)
    _open_again(left)
    shops.work_off()

    assert (left.store.connection, left.store.refused_at, len(_webhooks(left))) == (Connection.CONNECTED, None, 2)
    assert not Notice.objects.filter(kind="refused", ended_at=None).exists()


def test_asks_for_the_permission_of_a_store_that_was_left(left: Shop) -> None:
    shops.work_off()
    _open_again(left)
    asked = [each.title for each in notices.open_notices(left.subscriber)]
    assert asked == [f"{left.store} bağlantısı kesildi. Firma kapatılırken mağazadan ayrıldık."]

    _allow(left)
    assert notices.open_notices(left.subscriber) == []


def test_is_not_called_back_by_an_account_that_is_well(left: Shop) -> None:
    errands.check(left.account)

    assert left.account.pause_reason == "left"


def test_finds_what_came_while_it_was_closed(left: Shop) -> None:
    left.answer("Onay 12345")
    shops.work_off()
    assert not IncomingMessage.objects.exists()
    _open_again(left)
    shops.work_off()

    assert [message.text for message in left.incoming()] == ["Onay 12345"]
