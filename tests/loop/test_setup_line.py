"""*Kurulum*: the store is asked for its own lines alone; those about our own line are looked at without it (R7)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from integrations.ideasoft.models import SetupCheck, SetupItem, Store, StoreErrand
from orders import checklist, line_setup
from subscribers.models import Notice
from tests import keeping, shops
from tests.loop.test_setup_check import ALL, allow, look, push
from tests.sandboxes import Sandbox
from tests.shops import Shop
from work import claims, wake

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R7")]


@pytest.fixture
def shop(sandbox: Sandbox) -> Shop:
    """The portal asks."""
    shop = keeping.polled_shop(sandbox)
    allow(shop, ALL)
    return shop


@pytest.mark.parametrize(
    ("lines", "hours"),
    [
        ({"permissions": "done", "webhooks": "not_needed"}, 24),
        ({"permissions": "at_first_use", "webhooks": "done"}, 24),
        ({"permissions": "done", "account": "failed", "address": "by_hand", "test": "by_hand"}, 24),
        ({"permissions": "failed", "test": "done"}, 1),
        ({"order_received": "offered"}, 1),
    ],
)
def test_asks_the_store_soon_only_while_a_line_of_its_own_is_open(lines: dict[str, str], hours: int) -> None:
    found = [checklist.Finding(item=SetupItem.TEST, state=checklist.SetupState.DONE)]
    assert checklist._again(found, lines).total_seconds() == hours * 3600


def test_finds_the_first_pushed_answer_without_asking_the_store(shop: Shop) -> None:
    look(shop)
    push(shop)
    shop.sandbox.control("POST", f"stores/{shop.name}/port", open=False)
    StoreErrand.objects.filter(kind="setup_line").update(due_at=timezone.now())
    shops.work_off("store.setup_line", rounds=1)
    shop.sandbox.control("POST", f"stores/{shop.name}/port", open=True)
    address = SetupCheck.objects.get(item="address")
    assert (address.state, minutes_to("setup_line")) == ("done", 60)


def test_looks_at_the_line_each_minute_while_a_test_waits(shop: Shop) -> None:
    look(shop)
    line_setup.send(shop.account, phone="+905321112233", by=shop.subscriber_owner())
    StoreErrand.objects.filter(kind="setup_line").update(due_at=timezone.now())
    shops.work_off("store.setup_line", rounds=1)
    assert minutes_to("setup_line") == 1


def test_looks_at_the_line_no_more_once_it_is_in_order(shop: Shop) -> None:
    look(shop)
    push(shop)
    line_setup.send(shop.account, phone="+905321112233", by=shop.subscriber_owner())
    push(shop, sender="+905321112233")
    StoreErrand.objects.filter(kind="setup_line").update(due_at=timezone.now())
    shops.work_off("store.setup_line", rounds=1)
    assert StoreErrand.objects.get(kind="setup_line").due_at is None


@pytest.mark.parametrize("held", [{"paused_until": timezone.now() + timedelta(days=1)}, {"refused_at": timezone.now()}])
def test_looks_at_the_line_while_the_store_is_left_in_peace(held: dict[str, datetime], shop: Shop) -> None:
    look(shop)
    push(shop)
    Store.objects.update(**held)
    StoreErrand.objects.filter(kind="setup_line").update(due_at=timezone.now())
    shops.work_off("store.setup_line", rounds=1)
    assert SetupCheck.objects.get(item="address").state == "done"


def test_a_look_at_the_line_that_is_given_up_comes_again_and_blames_no_store(shop: Shop) -> None:
    look(shop)
    errand = StoreErrand.objects.get(kind="setup_line")
    checklist.LINE_CHECK.give_up(errand, "crashed")
    assert (minutes_to("setup_line"), Notice.objects.filter(kind__startswith="poll_failed").count()) == (60, 0)


def test_rings_for_the_look_that_was_asked_for_during_another(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    StoreErrand.objects.filter(kind="setup").update(due_at=timezone.now())
    claim = claims.take(checklist.CHECK, shop.store.pk)
    assert claim is not None
    checklist.ask(shop.store)
    rung: list[str] = []
    monkeypatch.setattr(wake, "ring", rung.append)
    checklist.check(claim)
    assert "store.setup" in rung


def minutes_to(kind: str) -> int:
    due_at = StoreErrand.objects.get(kind=kind).due_at
    assert due_at is not None
    return round((due_at - timezone.now()).total_seconds() / 60)
