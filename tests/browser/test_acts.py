"""Deciding about orders in a browser: ticked, counted, taken back; and nothing for axe to complain about."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect
from pytest_django import Settings

from messaging.models import OutgoingState
from orders import acts, notes
from orders.models import Act, HandAct, Order
from tests import scenes
from tests.browser.conftest import Visit
from tests.factories import Cast, OutgoingMessageFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def order(cast: Cast, settings: Settings) -> Order:
    settings.UNDO_SECONDS = 600
    order = scenes.busy_shop(cast.shop)
    notes.add(order, "Kapıyı iki kez çalın.", by=cast.owner)
    return order


@pytest.fixture
def at_work(visit: Visit, cast: Cast, order: Order) -> Visit:
    visit.bring(cast.owner)
    visit.open("/siparisler/?durum=waiting")
    return visit


def test_ticks_all_decides_and_takes_back(at_work: Visit) -> None:
    page = at_work.page
    page.locator('[name="order"]').first.check()
    expect(page.locator("#many-tools [data-tick-count]")).to_have_text("(1)")
    page.locator("#tick-all").check()
    expect(page.locator("#many-tools [data-tick-count]")).to_have_text("(2)")
    page.locator("#many button[value=decline]").click()
    expect(page.locator(".undo")).to_contain_text("Reddedilecek · 2 sipariş")
    expect(page.locator(".undo time")).to_contain_text("sn içinde geri alınabilir")
    expect(page.locator(".cell-state .state-waiting").first).to_have_text(re.compile(r"^Reddedilecek, (600|5\d\d) sn$"))

    page.locator(".undo button").click()
    expect(page.locator(".said")).to_have_text("2 siparişteki işlem geri alındı.")
    assert (set(HandAct.objects.values_list("state", flat=True)), at_work.complaints) == ({"undone"}, [])


def test_offers_acts_for_many_while_something_is_ticked(at_work: Visit) -> None:
    page = at_work.page
    expect(page.locator("#many-tools")).to_be_hidden()
    page.locator('[name="order"]').first.check()
    expect(page.locator("#many button[value=approve]")).to_be_visible()
    page.locator('[name="order"]').first.uncheck()
    expect(page.locator("#many-tools")).to_be_hidden()


def test_ticks_stay_when_the_list_is_renewed(at_work: Visit, order: Order) -> None:
    page = at_work.page
    page.locator('[name="order"]').first.check()
    Order.objects.filter(reference="100246").update(buyer_name="Mehmet Yeni")
    expect(page.locator("#list")).to_contain_text("Mehmet Yeni", timeout=8000)
    expect(page.locator('[name="order"]').first).to_be_checked()


@pytest.mark.parametrize("path", ["order", "/siparisler/?enaz=x", "talk", "again"])
def test_is_accessible(path: str, at_work: Visit, order: Order, cast: Cast) -> None:
    lost = OutgoingMessageFactory.create(subscriber=cast.shop, phone=order.phone, state=OutgoingState.UNKNOWN)
    acts.want(cast.shop, [Order.objects.get(reference="100246").pk], Act.APPROVE, by=cast.owner)
    talk = f"/mesajlar/{lost.pk}/"
    at_work.open({"order": f"/siparisler/{order.code}/", "talk": talk, "again": f"{talk}yeniden/"}.get(path, path))

    found = Axe().run(at_work.page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found] == []
