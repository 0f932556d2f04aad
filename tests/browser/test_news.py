"""Sipariş haberleri with script: turned on in place, its text previewed while it is typed, on a phone's width (R9)."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from integrations.ideasoft.models import SetupChange
from orders.models import NewsRule
from tests.browser.conftest import Visit
from tests.factories import AccountFactory, Cast, StoreFactory
from tests.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R9")]
PAGE = "/olaylar/haberler/"
SWITCH = "#switch-kargoya-verildi"


@pytest.fixture
def page(visit: Visit, cast: Cast) -> Page:
    AccountFactory.create(subscriber=cast.shop)
    StoreFactory.create(subscriber=cast.shop, own_sms={"shipmentSent": True}, own_sms_at=timezone.now())
    visit.bring(cast.owner)
    return visit.page


def test_turns_shipped_on_in_place_and_the_stores_off(visit: Visit, page: Page) -> None:
    visit.open(PAGE)
    page.locator(SWITCH).click()
    expect(page.locator(SWITCH)).to_have_attribute("aria-checked", "true")
    expect(page.locator("#news-said")).to_have_text("“Kargoya verildi” haberi açıldı.")
    row = page.locator("#kargoya-verildi")
    expect(row).to_contain_text("alıcıya iki SMS gider")

    row.get_by_role("button", name="Mağazanınkini kapat").click()
    expect(row).to_contain_text("ayarı yazılıyor…")
    assert NewsRule.objects.get().is_on
    assert SetupChange.objects.get().item == "shipmentSent"
    assert visit.complaints == []


def test_turns_on_by_the_keyboard_and_keeps_the_focus_there(visit: Visit, page: Page) -> None:
    visit.open(PAGE)
    page.locator(SWITCH).focus()
    page.keyboard.press("Space")
    expect(page.locator(SWITCH)).to_have_attribute("aria-checked", "true")
    expect(page.locator(SWITCH)).to_be_focused()


def test_previews_the_text_while_it_is_typed(visit: Visit, page: Page) -> None:
    visit.open(f"{PAGE}kargoya-verildi/")
    page.fill("[name=text]", "Yolda: ")
    page.get_by_role("group", name="SMS metni alanına ekle").get_by_role("button", name="takip numarası").click()
    expect(page.locator("#phone .sms").first).to_have_text("Yolda: 7301234567")
    expect(page.locator("#count-text")).to_contain_text("1 SMS · 17 karakter, en çok 917 karakter · düz harfler")

    page.fill("[name=text]", "Yolda: (takpno)")
    expect(page.locator("#phone")).to_contain_text("(takpno) tanınmıyor.")
    page.fill("[name=text]", "Yolda: (takipno)")
    expect(page.locator("#phone")).not_to_contain_text("tanınmıyor")
    page.get_by_role("button", name="Kaydet ve aç").click()
    page.wait_for_url(re.compile(f"{PAGE}#kargoya-verildi$"))
    wait_for(lambda: NewsRule.objects.filter(text="Yolda: (takipno)", is_on=True).exists())
    assert visit.complaints == []


@pytest.mark.parametrize("path", ["", "kargoya-verildi/", "saatler/", "kargo/"])
def test_fits_a_phone(path: str, visit: Visit, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    visit.open(f"{PAGE}{path}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_works_without_script(visit: Visit, page: Page) -> None:
    context = page.context.browser.new_context(java_script_enabled=False, locale="tr-TR")  # type: ignore[union-attr]
    context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    plain = context.new_page()
    plain.goto(f"{visit.site}{PAGE}")
    plain.locator(SWITCH).click()
    expect(plain.locator(SWITCH)).to_have_attribute("aria-checked", "true")
    expect(plain.locator("main")).to_contain_text("“Kargoya verildi” haberi açıldı.")
    context.close()


def test_lists_what_may_be_typed_where_no_button_can_insert_it(visit: Visit, page: Page) -> None:
    context = page.context.browser.new_context(java_script_enabled=False, locale="tr-TR")  # type: ignore[union-attr]
    context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    plain = context.new_page()
    plain.goto(f"{visit.site}{PAGE}kargoya-verildi/")
    first = plain.locator(".inserts button").first
    expect(first).to_have_text("(arg0) alıcının adı")
    expect(first).to_have_css("pointer-events", "none")
    expect(first).to_have_css("border-top-width", "0px")
    context.close()
