"""The handbook in a browser: found by Turkish letters, read in the dark and on a phone, under the strict policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import Visit
from tests.factories import Cast

pytestmark = pytest.mark.browser


@pytest.fixture
def reader(visit: Visit, handbook: Path) -> Iterator[Visit]:
    """Somebody who has not signed in; at the end the console has nothing to say."""
    yield visit
    assert visit.complaints == []


def _find(page: Page, words: str) -> None:
    page.get_by_role("searchbox").fill(words)


@pytest.mark.parametrize("typed", ["geri alma", "GERİ ALMA", "geri  alm", "geri almamızdan"])
def test_finds_a_section_and_goes_there(typed: str, reader: Visit) -> None:
    reader.open("/yardim/")
    _find(reader.page, typed)
    reader.page.locator("#found a").first.click()

    expect(reader.page).to_have_url(f"{reader.site}/yardim/siparisler/#geri-al")


def test_finds_whatever_the_keyboard_has(reader: Visit) -> None:
    reader.open("/yardim/kurulum/")
    for typed in ("sifre", "ŞİFRE", "şifre"):
        reader.page.keyboard.press("Escape")  # what was found for the words before is gone
        expect(reader.page.locator("#found")).to_be_hidden()
        _find(reader.page, typed)

        expect(reader.page.locator("#found a", has_text="SMS hesabını girin")).to_be_visible()


# What a shopkeeper types, and where it is answered.
SOUGHT = {
    "": {
        "iade": "sorular/#iade",
        "kargo": "sorular/#kargoya",
        "kargo ücreti": "hesap/#kargo",
        "ücret": "sorular/#fatura",
        "fatura": "sorular/#fatura",
        "iptal": "sorular/#iptal",
        "para": "sorular/#para",
        "kredi": "sorular/#kredi",
        "numara": "sorular/#numara",
        "telefon": "sorular/#numara",
        "personel": "sorular/#personel",
        "şifremi unuttum": "sorular/#sifre-unuttum",
    },
    "en/": {
        "return": "sorular/#iade",
        "refund": "sorular/#iade",
        "freight": "hesap/#kargo",
        "invoice": "sorular/#fatura",
        "price": "sorular/#fatura",
        "cancel": "sorular/#iptal",
        "money": "sorular/#para",
        "credit": "sorular/#kredi",
        "phone number": "sorular/#numara",
        "staff": "sorular/#personel",
        "forgot password": "sorular/#sifre-unuttum",
    },
}
FIRST = 4


@pytest.mark.parametrize("tree", SOUGHT)
def test_finds_what_a_shopkeeper_looks_for(tree: str, reader: Visit) -> None:
    reader.open(f"/yardim/{tree}")
    missed = {}
    for typed, place in SOUGHT[tree].items():
        reader.page.keyboard.press("Escape")  # what was found for the words before is gone
        expect(reader.page.locator("#found")).to_be_hidden()
        _find(reader.page, typed)
        found = reader.page.locator("#found a")
        expect(found.first).to_be_visible()
        places = [str(link.get_attribute("href")) for link in found.all()[:FIRST]]
        if not any(one.endswith(f"/{place}") for one in places):
            missed[typed] = places

    assert missed == {}


def test_finds_in_the_language_of_the_page(reader: Visit) -> None:
    reader.open("/yardim/en/kurulum/")
    _find(reader.page, "undoing")
    reader.page.keyboard.press("Enter")

    expect(reader.page).to_have_url(f"{reader.site}/yardim/en/siparisler/#geri-al")


def test_goes_to_the_first_found_though_the_key_came_before_the_index(reader: Visit) -> None:
    waiting: list[Route] = []
    reader.page.route("**/search_index.json*", lambda route: waiting.append(route))  # noqa: PLW0108 - a bound builtin is refused
    reader.open("/yardim/en/kurulum/")
    with reader.page.expect_request("**/search_index.json*"):
        _find(reader.page, "undoing")
    reader.page.keyboard.press("Enter")
    for route in waiting:
        route.continue_()

    expect(reader.page).to_have_url(f"{reader.site}/yardim/en/siparisler/#geri-al")


def test_says_that_nothing_was_found(reader: Visit) -> None:
    reader.open("/yardim/")
    _find(reader.page, "zürafa")

    expect(reader.page.locator("#found")).to_have_text("Sonuç yok; daha kısa yazmayı deneyin.")
    reader.page.keyboard.press("Escape")
    expect(reader.page.locator("#found")).to_be_hidden()


def test_is_searched_by_keyboard_alone(reader: Visit) -> None:
    reader.open("/yardim/")
    reader.page.keyboard.press("/")
    reader.page.keyboard.type("toplu")
    expect(reader.page.locator("#found a").first).to_be_visible()
    reader.page.keyboard.press("ArrowDown")
    reader.page.keyboard.press("Enter")

    expect(reader.page).to_have_url(f"{reader.site}/yardim/siparisler/#toplu")


def test_keeps_the_page_when_the_language_changes(reader: Visit) -> None:
    reader.open("/yardim/olaylar/")
    reader.page.get_by_role("link", name="English").click()

    expect(reader.page).to_have_url(f"{reader.site}/yardim/en/olaylar/")
    expect(reader.page.locator("h1")).to_contain_text("Events")


def test_remembers_the_theme_of_the_portal(reader: Visit) -> None:
    reader.open("/accounts/login/")
    reader.page.locator("[data-theme-switch]").click()
    reader.open("/yardim/")

    expect(reader.page.locator("html")).to_have_attribute("data-bs-theme", "dark")


@pytest.mark.parametrize("path", ["/yardim/", "/yardim/hatalar/", "/yardim/en/running/"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_reads_well_and_fits(path: str, theme: str, width: int, reader: Visit) -> None:
    reader.page.set_viewport_size({"width": width, "height": 800})
    reader.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    reader.open(path)

    assert reader.page.evaluate("document.documentElement.scrollWidth") <= width
    assert [found["id"] for found in Axe().run(reader.page).response["violations"]] == []


@pytest.mark.parametrize("width", [360, 821, 1440])
def test_is_reached_from_a_bar_that_holds_all_its_tools(width: int, visit: Visit, cast: Cast) -> None:
    visit.page.set_viewport_size({"width": width, "height": 800})
    visit.bring(cast.owner)
    visit.open("/")
    bar, last = visit.page.locator(".bar").bounding_box(), visit.page.locator(".bar-tools .tool").last.bounding_box()

    assert bar is not None
    assert last is not None
    assert last["x"] + last["width"] <= bar["x"] + bar["width"]
    visit.page.keyboard.press("g")
    visit.page.keyboard.press("y")
    expect(visit.page).to_have_url(f"{visit.site}/yardim/genel-bakis/")


def test_has_its_pages_without_script(browser: Browser, live_server: LiveServer, handbook: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 800})
    page = context.new_page()
    page.goto(f"{live_server.url}/yardim/")
    page.get_by_role("link", name="Hata metinleri").first.click()

    expect(page.locator("h1")).to_contain_text("Hata metinleri")
    expect(page.get_by_role("searchbox")).to_be_hidden()
    context.close()
