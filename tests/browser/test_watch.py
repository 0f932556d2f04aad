"""Watching the job in a browser: sign in, find the order, read its story, in both languages and on a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.utils import timezone
from playwright.sync_api import expect

from integrations.ideasoft.models import Connection
from tests import scenes
from tests.browser.conftest import Visit
from tests.factories import Cast, OrderFactory, StoreFactory

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/siparisler/",
    "/mesajlar/",
    "/olaylar/",
    "/entegrasyonlar/",
    "/entegrasyonlar/ideasoft/",
    "/entegrasyonlar/netgsm/",
]
OUTSIDE = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]


@pytest.fixture
def at_work(visit: Visit, cast: Cast) -> Visit:
    """The owner, signed in, of a shop where much is going on."""
    scenes.busy_shop(cast.shop)
    visit.bring(cast.owner)
    visit.open("/siparisler/")
    return visit


def violations(visit: Visit) -> list[str]:
    return [rule["id"] for rule in Axe().run(visit.page).response["violations"]]


@pytest.mark.requirement("R1")
def test_signs_in_and_reads_an_orders_story(visit: Visit, cast: Cast) -> None:
    scenes.busy_shop(cast.shop)
    visit.sign_in(cast.owner.email)
    visit.open("/siparisler/")
    visit.page.get_by_role("link", name="100245").click()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("100245")
    titles = visit.page.locator(".timeline strong").all_inner_texts()
    assert titles[3:6] == ["Alıcıdan SMS geldi", "Alıcı onayladı", "Mağazada onaylandı"]
    assert visit.complaints == []


def test_a_wrong_password_says_so_and_keeps_the_address(visit: Visit, cast: Cast) -> None:
    visit.open("/accounts/login/")
    visit.page.fill("[name=login]", cast.owner.email)
    visit.page.fill("[name=password]", "yanlış")
    visit.page.press("[name=password]", "Enter")
    expect(visit.page.get_by_role("alert")).to_be_visible()
    expect(visit.page.locator("[name=login]")).to_have_value(cast.owner.email)


def test_a_new_order_appears_by_itself(at_work: Visit, cast: Cast) -> None:
    OrderFactory.create(subscriber=cast.shop, reference="990011")
    expect(at_work.page.get_by_role("link", name="990011")).to_be_visible()


def test_a_refresh_keeps_the_focus(at_work: Visit, cast: Cast) -> None:
    at_work.page.get_by_role("link", name="100246").focus()
    OrderFactory.create(subscriber=cast.shop, reference="990011")
    expect(at_work.page.get_by_role("link", name="990011")).to_be_visible()
    expect(at_work.page.get_by_role("link", name="100246")).to_be_focused()


def test_searches_while_typing(at_work: Visit) -> None:
    at_work.page.keyboard.press("/")
    at_work.page.keyboard.type("isik")
    expect(at_work.page.locator(".row-link")).to_have_text(["100198"])


def test_an_order_opens_by_keyboard_alone(at_work: Visit) -> None:
    at_work.page.locator(".row-link").first.focus()
    at_work.page.keyboard.press("Enter")
    expect(at_work.page.locator(".timeline")).to_be_visible()


def test_letters_lead_to_the_messages(at_work: Visit) -> None:
    at_work.page.keyboard.press("g")
    at_work.page.keyboard.press("m")
    at_work.page.wait_for_url("**/mesajlar/")


def test_switches_to_english_and_back(at_work: Visit) -> None:
    at_work.page.get_by_role("button", name="English").click()
    expect(at_work.page.get_by_role("heading", level=1)).to_have_text("Orders")
    at_work.page.get_by_role("button", name="Türkçe").click()
    expect(at_work.page.get_by_role("heading", level=1)).to_have_text("Siparişler")


def test_the_theme_is_remembered(at_work: Visit) -> None:
    at_work.page.locator("[data-theme-switch]").click()
    at_work.open("/mesajlar/")
    expect(at_work.page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_signs_out(at_work: Visit) -> None:
    at_work.page.get_by_role("button", name="Çıkış yap").click()
    at_work.open("/")
    expect(at_work.page).to_have_url(f"{at_work.site}/accounts/login/?next=/")


def test_copies_the_redirect_address(at_work: Visit) -> None:
    at_work.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    at_work.open("/entegrasyonlar/")
    at_work.page.locator("[data-copy]").first.click()
    expect(at_work.page.locator("[data-copy]").first).to_contain_text("Kopyalandı")
    assert at_work.page.evaluate("navigator.clipboard.readText()").endswith("/allow")


def test_a_store_connected_elsewhere_shows_without_a_reload(at_work: Visit, cast: Cast) -> None:
    store = StoreFactory.create(subscriber=cast.shop, name="Yeni Mağaza", connection=Connection.WAITING)
    at_work.open("/entegrasyonlar/")
    store.connection, store.connected_at = Connection.CONNECTED, timezone.now()
    store.save()
    other = at_work.page.context.new_page()
    other.goto(f"{at_work.site}/accounts/password/reset/")
    other.evaluate("new BroadcastChannel('onay').postMessage('store-connected')")
    panel = at_work.page.locator("section", has_text="Yeni Mağaza")
    expect(panel.locator(".state")).to_have_text("Bağlı")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_is_open_to_everybody(at_work: Visit, theme: str, width: int) -> None:
    at_work.page.set_viewport_size({"width": width, "height": 800})
    order = at_work.page.locator(".row-link").first.get_attribute("href")
    at_work.page.evaluate("theme => localStorage.setItem('theme', theme)", theme)
    for path in [*PAGES, str(order)]:
        at_work.open(path)
        assert (path, violations(at_work)) == (path, [])
        assert at_work.page.evaluate("document.documentElement.scrollWidth") <= width
    assert at_work.complaints == []


@pytest.mark.parametrize("path", OUTSIDE)
def test_pages_outside_are_open_to_everybody(visit: Visit, path: str) -> None:
    visit.open(path)
    assert (violations(visit), visit.complaints) == ([], [])


def test_a_question_mark_shows_the_keys(at_work: Visit) -> None:
    at_work.page.keyboard.press("?")
    expect(at_work.page.get_by_role("dialog", name="Klavye kısayolları")).to_be_visible()
    assert violations(at_work) == []
    at_work.page.keyboard.press("Escape")
    expect(at_work.page.get_by_role("dialog")).to_be_hidden()
    assert at_work.complaints == []


def test_letters_typed_into_the_search_lead_nowhere(at_work: Visit) -> None:
    at_work.page.keyboard.press("/")
    at_work.page.keyboard.type("g?m")
    expect(at_work.page.locator("[data-search]")).to_have_value("g?m")
    expect(at_work.page.get_by_role("dialog")).to_be_hidden()


def test_what_needs_the_merchant_is_one_line_beside_other_work(at_work: Visit) -> None:
    asked = at_work.page.locator(".asks")
    expect(asked.get_by_role("link").first).to_be_hidden()
    asked.locator("summary").click()
    expect(asked.get_by_role("link").first).to_be_visible()


def test_a_wrong_field_takes_the_focus(visit: Visit) -> None:
    visit.open("/accounts/signup/")
    visit.page.fill("[name=name]", "Kuzey Ayakkabı")
    visit.page.fill("[name=line]", "850")
    visit.page.get_by_role("button", name="Hesap aç").click()
    expect(visit.page.locator("[name=line]")).to_be_focused()
