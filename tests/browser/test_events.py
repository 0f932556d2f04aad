"""Olaylar with script: dragged into order, previewed while typing, an answer tried in place (R4, R6)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from messaging.models import InteractiveEvent
from subscribers.models import Subscriber
from tests.browser.conftest import Visit
from tests.factories import AccountFactory, Cast, EventFactory, OrderFactory, StoreFactory

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R4", "R6")]


@pytest.fixture
def shop(cast: Cast) -> Subscriber:
    """Three stores, the first two with the same word."""
    shop = cast.shop
    AccountFactory.create(subscriber=shop, headers=["ORNEK", "KUZEY"], credit="57,860")
    for priority, (name, keyword) in enumerate((("Kuzey", "evet"), ("Güney", "evet"), ("Doğu", "")), start=1):
        store = StoreFactory.create(subscriber=shop, name=name)
        event = EventFactory.create(subscriber=shop, store=store, priority=priority, keyword=keyword)
    OrderFactory.create(subscriber=shop, store=event.store, reference="990011", reference_keys=["990011"])
    return shop


def _row(page: Page, store: str) -> Locator:
    return page.locator(f'.event:has(.event-store:text-is("{store}"))')


def _stores(page: Page) -> list[str]:
    return page.locator(".event-store").all_text_contents()


def _drag_to_top(page: Page, store: str, onto: str) -> None:
    """Takes a row by its handle, and lets it go where it has taken the first one's place."""
    _row(page, store).locator("[data-handle]").hover()
    target = _row(page, onto).bounding_box()
    assert target is not None
    page.mouse.down()
    page.mouse.move(target["x"] + 30, target["y"] + 6, steps=8)
    page.wait_for_function(f"""document.querySelector(".event-store").textContent === "{store}" """)
    page.mouse.up()


def _saved() -> list[str]:
    return [str(event.store) for event in InteractiveEvent.objects.select_related("store").order_by("priority")]


@pytest.fixture
def page(visit: Visit, cast: Cast, shop: Subscriber) -> Page:
    visit.bring(cast.owner)
    return visit.page


def test_drags_an_event_to_the_top_and_keeps_the_order(visit: Visit, page: Page) -> None:
    visit.open("/olaylar/")
    _drag_to_top(page, "Doğu", "Kuzey")
    expect(page.locator("#events-said")).to_have_text("Sıra kaydedildi.")

    assert _stores(page) == _saved() == ["Doğu", "Kuzey", "Güney"]
    assert visit.complaints == []


def test_drags_with_a_finger(visit: Visit, page: Page) -> None:
    visit.open("/olaylar/")
    handle, target = _row(page, "Güney").locator("[data-handle]").bounding_box(), _row(page, "Kuzey").bounding_box()
    assert handle is not None
    assert target is not None
    finger = page.context.new_cdp_session(page)
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    x, y, top = handle["x"] + 20, handle["y"] + 20, target["y"] + 6
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        at = {"x": x, "y": y + (top - y) * step / 8}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator("#events-said")).to_have_text("Sıra kaydedildi.")

    assert _saved() == ["Güney", "Kuzey", "Doğu"]


def test_leaves_the_order_where_escape_ends_the_drag(visit: Visit, page: Page) -> None:
    visit.open("/olaylar/")
    _row(page, "Doğu").locator("[data-handle]").hover()
    page.mouse.down()
    page.mouse.move(100, 100, steps=4)
    page.keyboard.press("Escape")
    page.mouse.up()

    assert _stores(page) == _saved() == ["Kuzey", "Güney", "Doğu"]


def test_moves_by_keyboard_and_stays_on_the_button(visit: Visit, page: Page) -> None:
    visit.open("/olaylar/")
    button = _row(page, "Doğu").get_by_role("button", name="Öne al")
    button.press("Enter")
    expect(page.locator("#events-said")).to_have_text("Sıra kaydedildi.")

    assert _saved() == ["Kuzey", "Doğu", "Güney"]
    expect(button).to_be_focused()


def test_puts_the_rows_back_where_the_order_cannot_be_kept(visit: Visit, page: Page) -> None:
    visit.open("/olaylar/")
    page.route("**/olaylar/sira/", lambda route: route.abort())
    _drag_to_top(page, "Doğu", "Kuzey")
    expect(page.locator("#order-failed")).to_be_visible()

    assert _stores(page) == ["Kuzey", "Güney", "Doğu"]


def test_shows_and_counts_what_is_typed_and_warns_before_saving(visit: Visit, page: Page) -> None:
    visit.open("/olaylar/")
    _row(page, "Doğu").get_by_role("link", name="Düzenle").click()
    page.fill("[name=reply_text]", "Sayin ")
    page.locator("[data-into=id_reply_text]").first.click()
    expect(page.locator("#phone")).to_contain_text("Sayin Ayşe Yılmaz")
    expect(page.locator("[name=reply_text]")).to_have_value("Sayin (arg0)")
    page.fill("[name=keyword]", "Evet")
    expect(page.locator("#doubts")).to_contain_text(
        "Bu olayın kelimesini Kuzey mağazasının olayı ve 1 olay daha yakalar."
    )

    assert visit.complaints == []


def test_tries_an_answer_in_place(visit: Visit, page: Page) -> None:
    visit.open("/olaylar/dene/")
    page.fill("[name=text]", "onay 990011")
    page.get_by_role("button", name="Dene").click()
    expect(page.locator(".verdict")).to_contain_text("Onaylar")

    assert page.locator("[name=text]").input_value() == "onay 990011"
    assert visit.complaints == []


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/olaylar/{event}/", "id_confirming_words"),
        ("/olaylar/{event}/", "id_refusal_words"),
        ("/entegrasyonlar/netgsm/", "id_password"),
    ],
)
def test_a_field_that_is_jumped_to_shows_its_label_on_a_phone(
    visit: Visit, page: Page, address: str, field: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 420})
    visit.open(f"{address.format(event=InteractiveEvent.objects.order_by('priority')[0].pk)}#{field}")
    page.wait_for_function("window.scrollY > 0")
    label, foot = page.locator(f"label[for={field}]").bounding_box(), page.locator(".bar-nav").bounding_box()
    box = page.locator(f"#{field}").bounding_box()

    assert label is not None
    assert foot is not None
    assert box is not None
    assert (label["y"] >= 0, box["y"] + box["height"] <= foot["y"]) == (True, True)
