"""The hand counts what it does, and nothing goes round it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.walk.hand import Hand, Place, Uncounted

pytestmark = pytest.mark.browser

SITE, PANEL = "http://localhost:1", "http://localhost:2"
FORM = """<!doctype html><title>Sayfa</title><label>Ad <input></label><label>Kod <input></label>
<label for="level">Düzey</label> <select id="level"><option>Yok</option><option>Okuma</option></select>
<label><input type="checkbox"> Açık</label> <code id="value">1_abc</code>
<a href="/next">İleri</a><a href="http://localhost:2/panel" target="_blank">Panel</a>"""


@pytest.fixture
def hand(browser: Browser) -> Iterator[Hand]:
    with browser.new_context() as context:
        context.set_default_timeout(5_000)
        context.route("**/*", lambda route: route.fulfill(body=FORM, content_type="text/html; charset=utf-8"))
        hand = Hand(context=context, site=SITE)
        hand.begin("/")
        yield hand


def test_counts_each_action_by_step_place_and_kind(hand: Hand) -> None:
    hand.step = "Form"
    hand.type("Ad", "Onay")
    hand.copy("Değer", "#value")
    hand.paste("Kod")
    hand.choose("Düzey", "Okuma")
    hand.tick("Açık")
    hand.click_to_new_window("Panel", role="link")
    hand.step = "Panel"
    hand.click("İleri", role="link")
    hand.check()
    assert [(each.step, each.place.value, each.kind) for each in hand.actions] == [
        *(("Form", "portal", kind) for kind in ("type", "copy", "paste", "choose", "tick", "click")),
        ("Panel", "panel", "click"),
    ]
    assert (hand.count(), hand.count(Place.PANEL)) == (7, 1)


def test_pastes_what_it_copied(hand: Hand) -> None:
    hand.copy("Değer", "#value")
    hand.paste("Kod")
    assert hand.context.pages[0].get_by_label("Kod").input_value() == "1_abc"


@pytest.mark.parametrize("way", ["goto", "reload", "go_back", "set_content"])
def test_lets_no_window_be_sent_to_an_address(hand: Hand, way: str) -> None:
    with pytest.raises(Uncounted, match="without a click"):
        getattr(hand.context.pages[0], way)(SITE)


def test_lets_no_new_window_be_sent_either(hand: Hand) -> None:
    with pytest.raises(Uncounted, match="without a click"):
        hand.context.new_page().goto(SITE)


@pytest.mark.parametrize("kind", ["click", "input", "change"])
def test_is_void_by_an_act_of_another_hand(hand: Hand, kind: str) -> None:
    page = hand.context.pages[0]
    acts = {
        "click": page.locator("#value").click,
        "input": lambda: page.get_by_label("Ad").fill("x"),
        "change": lambda: page.get_by_label("Düzey").select_option("Okuma"),
    }
    acts[kind]()
    with pytest.raises(Uncounted, match=kind):
        hand.click("İleri", role="link")


def test_is_void_by_what_was_done_after_its_own_act(hand: Hand) -> None:
    hand.type("Ad", "Onay")
    hand.context.pages[0].get_by_label("Kod").press("a")
    with pytest.raises(Uncounted, match="input at /"):
        hand.check()
