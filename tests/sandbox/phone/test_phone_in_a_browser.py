"""What only a browser shows: the page renews itself, and leaves alone what is being typed."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.browser import chromium

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(sandbox: Any) -> Iterator[Page]:
    path = chromium.executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(path), args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(10_000)
        page.goto(f"{sandbox.url}/phone/5321234567")
        yield page
        browser.close()


def test_shows_a_new_sms_and_keeps_what_is_typed(sandbox: Any, phone: Page) -> None:
    phone.fill("[name=text]", "Onay 123")
    sandbox.send("Yeni mesaj")
    phone.wait_for_selector("text=Yeni mesaj")
    phone.keyboard.type("45")
    assert phone.input_value("[name=text]") == "Onay 12345"


def test_turns_to_the_line_that_wrote_last_while_nothing_is_typed(sandbox: Any, phone: Page) -> None:
    sandbox.control("POST", "netgsm/accounts", usercode="8507654321", password="gizli")
    sandbox.answer("Merhaba", to="8507654321")
    phone.wait_for_selector("text=Merhaba")
    phone.wait_for_function("document.getElementById('to').value === '8507654321'")
