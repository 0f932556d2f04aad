"""A buyer confirms by SMS, phones the line and hears how the order stands, and learns where the parcel is (R8, R9)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from orders.models import When
from tests import sandboxes, shops
from tests.browser.test_voice import VOICE
from tests.loop import news
from tests.shops import BUYER, Shop

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R8", "R9")]


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


def test_hears_of_the_approved_order_and_then_gets_where_its_parcel_is(shop: Shop, browser: Browser) -> None:
    news.turn_on(shop, When.SHIPPED, text="(arg1) kargoda: (kargo) (takipno) (takiplinki)")
    placed = shop.place(transactionId="100245")
    shops.poll()
    shop.answer("Onay 100245")
    shops.poll()

    page = browser.new_page(locale="tr-TR")
    page.add_init_script(VOICE)
    _phone(page, shop)
    heard = page.locator("#heard")
    expect(heard).to_contain_text("numarasının sonu 02, 45 olan siparişiniz onaylandı.")
    page.get_by_role("button", name="Dinle").click()
    assert page.evaluate("window.spoken[1]") == ["tr-TR", heard.inner_text()]

    _ship(page, shop, placed)
    for _ in range(2):  # told again, it goes once
        shops.poll()
        news.let_pass()
    page.goto(f"{shop.sandbox.url}/phone/{BUYER}")
    link = "https://kargotakip.araskargo.com.tr/mainpage.aspx?code=7301234567"
    expect(page.locator("#talk li", has_text="kargoda")).to_have_text(
        [_starts(f"100245 kargoda: Aras Kargo 7301234567 {link}")]
    )
    page.close()


def _phone(page: Page, shop: Shop) -> None:
    page.goto(f"{shop.sandbox.url}/phone/{BUYER}")
    page.get_by_role("link", name="Bir hattı ara").click()
    page.get_by_role("button", name="Ara").click()


def _ship(page: Page, shop: Shop, placed: dict[str, Any]) -> None:
    page.goto(f"{shop.store.url}/panel/orders/{placed['id']}")
    page.fill("[name=username]", "yonetici")
    page.fill("[name=password]", "yonetici")
    page.press("[name=password]", "Enter")
    page.get_by_label("Sipariş durumu").select_option("fulfilled")
    page.get_by_label("Kargo firması").select_option("Aras Kargo")
    page.get_by_label("Kargo takip kodu").fill("7301234567")
    page.get_by_role("button", name="Kaydet").click()


def _starts(text: str) -> re.Pattern[str]:
    """The phone shows the minute behind a message."""
    return re.compile(re.escape(text))
