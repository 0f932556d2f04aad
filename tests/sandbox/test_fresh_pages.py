"""What only a browser shows: pages renew themselves, and leave alone what a person is doing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Opens an address in a window of the test's own."""
    context = browser.new_context()
    context.set_default_timeout(10_000)

    def visit(address: str) -> Page:
        page = context.new_page()
        page.goto(address)
        return page

    yield visit
    context.close()


def test_shows_a_new_sms_and_keeps_what_is_typed(sandbox: Any, visit: Callable[[str], Page]) -> None:
    phone = visit(f"{sandbox.url}/phone/5321234567")
    phone.fill("[name=text]", "Onay 123")
    sandbox.send("Yeni mesaj")
    phone.wait_for_selector("text=Yeni mesaj")
    phone.keyboard.type("45")
    assert phone.input_value("[name=text]") == "Onay 12345"


def test_answers_to_the_line_that_wrote_last(sandbox: Any, visit: Callable[[str], Page]) -> None:
    phone = visit(f"{sandbox.url}/phone/5321234567")
    sandbox.control("POST", "netgsm/accounts", usercode="8507654321", password="gizli")
    sandbox.answer("Merhaba", to="8507654321")
    phone.wait_for_function("document.getElementById('to').value === '8507654321'")


def test_keeps_the_line_while_an_answer_is_typed(sandbox: Any, visit: Callable[[str], Page]) -> None:
    phone = visit(f"{sandbox.url}/phone/5321234567")
    phone.fill("[name=text]", "Onay")
    sandbox.control("POST", "netgsm/accounts", usercode="8507654321", password="gizli")
    sandbox.answer("Merhaba", to="8507654321")
    phone.wait_for_selector("text=Merhaba")
    assert phone.input_value("[name=to]") == "8501234567"


def test_shows_in_the_panel_what_the_portal_approves(store: Any, visit: Callable[[str], Page]) -> None:
    order = store.order()
    panel = visit(f"{store.url}/panel/orders/{order['id']}")
    panel.fill("[name=username]", "yonetici")
    panel.fill("[name=password]", "yonetici")
    panel.click("button")
    store.call("PUT", f"admin-api/orders/{order['id']}", json={"status": "approved"})
    panel.wait_for_selector(".status.approved")
    panel.wait_for_function("document.getElementById('status').value === 'approved'")
