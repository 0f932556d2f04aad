"""Sesli yanıt with script: previewed while typing, listened to by a replaced `speechSynthesis` (R8)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.factories import Cast, OrderFactory

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R8")]
PAGE = "/olaylar/sesli-yanit/"
# A headless Chromium has no voice: what would be spoken is written down instead.
VOICE = """
window.spoken = [];
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [],
  cancel: () => window.spoken.push("(quiet)"),
  speak: (words) => window.spoken.push([words.lang, words.text]),
} });
"""
MUTE = "delete window.speechSynthesis; delete Window.prototype.speechSynthesis;"


@pytest.fixture
def page(visit: Visit, cast: Cast) -> Page:
    visit.bring(cast.owner)
    return visit.page


def test_reads_out_what_a_caller_would_hear_as_it_is_typed(visit: Visit, page: Page) -> None:
    page.add_init_script(VOICE)
    visit.open(PAGE)
    page.locator("summary", has_text="Metinler").click()
    page.fill("[name=text_nothing]", "Bulamadık efendim.")
    heard = page.locator("#heard-nothing")
    expect(heard).to_contain_text("Bulamadık efendim.")
    page.locator("#speak-heard-nothing").click()

    words = heard.inner_text()
    assert page.evaluate("window.spoken") == ["(quiet)", ["tr-TR", words]]
    assert words == "Örnek Ticaret sipariş hattına hoş geldiniz. Bulamadık efendim."
    assert visit.complaints == []


def test_offers_no_listening_where_the_browser_cannot_speak(visit: Visit, page: Page) -> None:
    page.add_init_script(MUTE)
    visit.open(PAGE)
    expect(page.locator("#heard-orders")).to_be_visible()
    expect(page.locator("[data-speak]:visible")).to_have_count(0)


def test_tries_a_call_in_place_and_reads_it_out(visit: Visit, page: Page, cast: Cast) -> None:
    OrderFactory.create(subscriber=cast.shop, reference="100245", store_status="approved")
    page.add_init_script(VOICE)
    visit.open(f"{PAGE}dene/")
    page.fill("[name=phone]", "0532 123 45 67")
    page.locator("#try").click()
    expect(page.locator("#attempt-said")).to_contain_text("Durumu söylendi.")
    page.locator("#speak-said").click()

    assert page.evaluate("window.spoken[1][1]").endswith("numarasının sonu 02, 45 olan siparişiniz onaylandı.")
    assert visit.complaints == []
