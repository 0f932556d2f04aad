"""The SMS that a store sends by itself: read with its other settings, turned off on consent, taken back (R9)."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.ideasoft.models import ChangeState, SetupChange, StoreErrand
from orders import checklist, own_sms, setup_changes
from orders.models import When
from orders.own_sms import CarriesQuestion, Own
from subscribers.models import AuditEntry
from tests import keeping, shops
from tests.sandboxes import Sandbox
from tests.shops import Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R9")]


@pytest.fixture
def shop(sandbox: Sandbox) -> Shop:
    shop = keeping.polled_shop(sandbox)
    set_store(shop, sms_config={"shipmentSent": 1, "orderApproved": 1})
    return shop


def set_store(shop: Shop, **wish: Any) -> None:
    shop.sandbox.control("POST", "stores", name=shop.name, **wish)
    StoreErrand.objects.filter(kind="setup").delete()
    checklist.ask(shop.store)
    shops.work_off("store.setup", rounds=1)


def own(shop: Shop, when: When = When.SHIPPED) -> Own:
    (sender,) = own_sms.senders(shop.subscriber)
    return sender.own(when)


def turn_off(shop: Shop, when: When = When.SHIPPED) -> Own:
    own_sms.turn(shop.store, when, on=False, by=shop.subscriber_owner())
    shops.work_off("store.settings", rounds=1)
    return own(shop, when)


def held(shop: Shop) -> Any:
    from integrations.ideasoft import client, connection

    return connection.call(shop.store, lambda api: client.read(api, "/admin-api/sms_config", {}))


def test_knows_what_the_store_sends_by_itself(shop: Shop) -> None:
    found = {when: own(shop, when).is_on for when in When}
    assert [when for when, is_on in found.items() if is_on] == [When.APPROVED, When.SHIPPED]
    assert None not in found.values()


def test_turns_one_off_and_leaves_the_others_as_they_are(shop: Shop) -> None:
    before = held(shop)
    assert turn_off(shop).is_on is False
    assert held(shop) == {**before, "shipmentSent": 0}


def test_shows_what_was_written_before_the_store_is_looked_at_again(shop: Shop) -> None:
    found = turn_off(shop)
    assert (shop.store.own_sms["shipmentSent"], found.is_on, found.can_undo) == (True, False, True)


def test_turns_two_off_that_were_asked_for_at_once(shop: Shop) -> None:
    for when in (When.SHIPPED, When.APPROVED):
        own_sms.turn(shop.store, when, on=False, by=shop.subscriber_owner())
    shops.work_off("store.settings")
    assert (held(shop)["shipmentSent"], held(shop)["orderApproved"]) == (0, 0)


def test_takes_it_back(shop: Shop) -> None:
    turn_off(shop)
    own_sms.undo(shop.store, When.SHIPPED, by=shop.subscriber_owner())
    shops.work_off("store.settings", rounds=1)
    assert (held(shop)["shipmentSent"], own(shop).is_on) == (1, True)


def test_asks_once_in_two_windows(shop: Shop) -> None:
    own_sms.turn(shop.store, When.SHIPPED, on=False, by=shop.subscriber_owner())
    with pytest.raises(setup_changes.NotAsShown):
        own_sms.turn(shop.store, When.SHIPPED, on=False, by=shop.subscriber_owner())


@pytest.mark.parametrize(("writes", "reason"), [("refused", "refused"), ("ignored", "change_not_kept")])
def test_says_why_the_store_did_not_take_it(shop: Shop, writes: str, reason: str) -> None:
    set_store(shop, settings_writes=writes)
    found = turn_off(shop)
    assert (found.is_on, found.refused, SetupChange.objects.get().state) == (True, reason, ChangeState.REFUSED)


def test_says_why_it_cannot_be_read(shop: Shop) -> None:
    set_store(shop, scopes=["order_read", "api_read"])
    assert (own(shop).is_on, shop.store.own_sms_failure) == (None, "permission_missing")


def test_keeps_what_it_knew_where_the_store_is_away(shop: Shop) -> None:
    shop.sandbox.fault(f"store:{shop.name}", "status", status=500, path="/admin-api/sms_config")
    set_store(shop)
    assert (own(shop).is_on, shop.store.own_sms_failure) == (True, "")


def test_leaves_order_received_on_where_it_carries_the_question(sandbox: Sandbox) -> None:
    asking = shops.open_shop(sandbox, question_mode="store")
    with pytest.raises(CarriesQuestion):
        own_sms.turn(asking.store, When.RECEIVED, on=False, by=asking.subscriber_owner())
    assert (own(asking, When.RECEIVED).carries_question, SetupChange.objects.count()) == (True, 0)


def test_takes_nothing_back_that_would_leave_the_question_unsaid(sandbox: Sandbox) -> None:
    asking = shops.open_shop(sandbox, question_mode="store")
    set_store(asking, sms_config={"orderReceived": 0})
    own_sms.turn(asking.store, When.RECEIVED, on=True, by=asking.subscriber_owner())
    shops.work_off("store.settings", rounds=1)
    with pytest.raises(CarriesQuestion):
        own_sms.undo(asking.store, When.RECEIVED, by=asking.subscriber_owner())
    shops.work_off("store.settings", rounds=1)
    assert held(asking)["orderReceived"] == 1


def test_leaves_order_received_on_where_the_store_was_made_to_ask_before_that_was_written(shop: Shop) -> None:
    set_store(shop, sms_config={"orderReceived": 1})
    own_sms.turn(shop.store, When.RECEIVED, on=False, by=shop.subscriber_owner())
    shop.change_event(question_mode="store")
    shops.work_off("store.settings", rounds=1)
    change = SetupChange.objects.get()
    assert (change.state, change.reason) == (ChangeState.REFUSED, "changed_meanwhile")
    assert held(shop)["orderReceived"] == 1


def test_turns_order_received_off_as_the_line_of_the_set_up_where_the_portal_asks(shop: Shop) -> None:
    set_store(shop, sms_config={"orderReceived": 1})
    assert turn_off(shop, When.RECEIVED).is_on is False
    assert (SetupChange.objects.get().item, held(shop)["orderReceived"]) == ("order_received", 0)


def test_writes_down_who_agreed(shop: Shop) -> None:
    turn_off(shop)
    acts = AuditEntry.objects.filter(action__startswith="setting_").order_by("at")
    assert [(act.action, act.actor, act.detail["item"]) for act in acts] == [
        ("setting_agreed", shop.subscriber_owner(), "shipmentSent"),
        ("setting_written", shop.subscriber_owner(), "shipmentSent"),
    ]


def test_looks_again_only_at_what_was_read_half_an_hour_ago(shop: Shop) -> None:
    StoreErrand.objects.filter(kind="setup").delete()
    own_sms.look(shop.subscriber)
    assert not StoreErrand.objects.filter(kind="setup").exists()
    shop_store = shop.store
    type(shop_store).objects.update(own_sms_at=shop_store.created_at - own_sms.OLD)
    own_sms.look(shop.subscriber)
    assert own_sms.senders(shop.subscriber)[0].is_looked_at
