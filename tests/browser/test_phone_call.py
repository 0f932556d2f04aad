"""A buyer confirms by SMS, phones the line, and hears how the order stands (R8)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests import sandboxes, shops
from tests.browser.test_voice import VOICE
from tests.shops import BUYER, Shop

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R8")]


@pytest.fixture
def shop(transactional_db: None, live_server: LiveServer, settings: Settings) -> Iterator[Shop]:
    """A merchant whose switchboard asks the live server."""
    with sandboxes.running() as sandbox:
        settings.SITE_URL = live_server.url
        settings.NETGSM_API_URL = sandbox.url
        settings.OUTBOUND_ALLOW = ("127.0.0.0/8", "::1/128")
        shop = shops.open_shop(sandbox)
        shops.poll()
        address = shop.result["hooks"]["call"]
        sandbox.control("POST", "netgsm/accounts", usercode=shop.line, call_url=address)
        yield shop


def test_hears_the_status_of_the_order_that_was_just_approved(shop: Shop, browser: Browser) -> None:
    shop.place(transactionId="100245")
    shops.poll()
    shop.answer("Onay 100245")
    shops.poll()

    page = browser.new_page(locale="tr-TR")
    page.add_init_script(VOICE)
    page.goto(f"{shop.sandbox.url}/phone/{BUYER}")
    page.get_by_role("link", name="Bir hattı ara").click()
    page.get_by_role("button", name="Ara").click()
    heard = page.locator("#heard")
    expect(heard).to_contain_text("numarasının sonu 02, 45 olan siparişiniz onaylandı.")
    page.get_by_role("button", name="Dinle").click()

    assert page.evaluate("window.spoken[1]") == ["tr-TR", heard.inner_text()]
    page.close()
