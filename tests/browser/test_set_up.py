"""A shopkeeper alone in a browser: from the empty portal to the first confirmed order (R1-R6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from integrations.ideasoft.models import Store
from orders.confirmation import State
from orders.models import Confirmation
from tests import sandboxes, shops
from tests.browser.conftest import Visit
from tests.factories import PASSWORD
from tests.sandboxes import Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R1", "R2", "R3", "R4", "R5", "R6")]

LINE, SMS_PASSWORD, BUYER = "8507654321", "sms-parola", "5321112233"


@pytest.fixture
def sandbox(transactional_db: None, live_server: LiveServer, settings: Settings) -> Iterator[Sandbox]:
    """A store and an SMS account that nobody has connected yet."""
    with sandboxes.running() as sandbox:
        settings.SITE_URL = live_server.url
        settings.NETGSM_API_URL = sandbox.url
        settings.OUTBOUND_ALLOW = ("127.0.0.0/8", "::1/128")
        account = {"usercode": LINE, "password": SMS_PASSWORD, "line": LINE, "headers": ["KUZEY"]}
        sandbox.control("POST", "netgsm/accounts", **account, delivery={"status": 1, "after_seconds": 0})
        sandbox.control("POST", "stores", name="kuzey", title="Kuzey", redirect_uri=f"{live_server.url}/allow")
        cache.clear()
        yield sandbox


def _sign_up(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/signup/")
    page.fill("[name=name]", "Kuzey Ayakkabı")
    page.fill("[name=line]", LINE)
    page.fill("[name=email]", "kuzey@example.com")
    page.fill("[name=password1]", PASSWORD)
    page.get_by_role("button", name="Hesap aç").click()
    page.locator("[name=code]").wait_for()
    found = re.search(r"doğrulama kodunuz: (\S+)", mail.outbox[-1].subject)
    assert found is not None
    page.fill("[name=code]", found[1])
    page.get_by_role("button", name="Doğrula").click()


def _save_store(page: Page, sandbox: Sandbox) -> None:
    (store,) = sandbox.control("GET", "stores")
    for name in ("url", "client_id", "client_secret"):
        page.fill(f"[name={name}]", store[name])
    page.get_by_role("button", name="Kaydet", exact=True).click()


def _accept_in_the_panel(page: Page) -> None:
    page.fill("[name=username]", "yonetici")
    page.fill("[name=password]", "yonetici")
    page.get_by_role("button").first.click()
    page.get_by_role("button", name="Kabul Et").click()


def _enter_account(page: Page) -> None:
    page.fill("[name=password]", SMS_PASSWORD)
    page.get_by_role("button", name="Kaydet ve dene").click()
    expect(page.get_by_text("Operatör hesabı kabul etti.")).to_be_visible()


def _turn_the_event_on(page: Page) -> None:
    page.get_by_role("button", name="Aktif et").click()
    expect(page.get_by_text("Kaydedildi. Olay şu andan başlayarak geçerli.")).to_be_visible()


def _confirm_an_order(sandbox: Sandbox) -> None:
    sandbox.control("POST", "stores/kuzey/orders", cod=True, phone=BUYER, webhook=False)
    shops.poll()
    (question,) = sandbox.texts_to(BUYER)
    assert "Onay" in question
    sandbox.control("POST", "phone/sms", **{"from": BUYER, "to": LINE, "text": "Onay", "push": False})
    shops.poll()


@pytest.mark.parametrize("with_script", [True, False])
@pytest.mark.parametrize("wrong", ["yanlış adres", "http://localhost:9"])
def test_a_secret_typed_beside_a_wrong_address_is_typed_once(
    with_script: bool, wrong: str, browser: Browser, live_server: LiveServer, sandbox: Sandbox
) -> None:
    context = browser.new_context(locale="tr-TR", java_script_enabled=with_script)
    page = context.new_page()
    (store,) = sandbox.control("GET", "stores")
    _sign_up(page, live_server.url)
    for name, value in {"url": wrong, "client_id": store["client_id"], "client_secret": store["client_secret"]}.items():
        page.fill(f"[name={name}]", value)
    page.get_by_role("button", name="Kaydet", exact=True).click()
    if wrong.startswith("http"):  # it may be a store's: what it would be asked is shown first
        page.get_by_role("link", name="Vazgeç").click()
    expect(page.locator("[name=client_secret]")).to_have_attribute(
        "placeholder", "kayıtlı; değiştirmek için yenisini yazın"
    )
    page.fill("[name=url]", store["url"])
    page.get_by_role("button", name="Kaydet", exact=True).click()
    expect(page.get_by_role("link", name="İzin ver")).to_be_visible()
    context.close()

    assert Store.objects.get().reveal("client_secret") == store["client_secret"]


def test_sets_up_alone_and_sees_the_first_order_confirmed(visit: Visit, sandbox: Sandbox) -> None:
    page = visit.page
    _sign_up(page, visit.site)
    _save_store(page, sandbox)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="İzin ver").click()
    popup = opened.value
    with popup.expect_event("close", timeout=10_000):
        _accept_in_the_panel(popup)
    # The page behind goes on to the next step by itself.
    _enter_account(page)
    _turn_the_event_on(page)
    _confirm_an_order(sandbox)
    visit.open("/")

    expect(page.locator("#tile-confirmed .tile-count")).to_have_text("1")
    assert Confirmation.objects.get().state == State.APPROVED
    assert visit.complaints == []


def test_a_refused_secret_is_mended_on_the_page_behind(visit: Visit, sandbox: Sandbox) -> None:
    page = visit.page
    _sign_up(page, visit.site)
    (store,) = sandbox.control("GET", "stores")
    for name, value in {"url": store["url"], "client_id": store["client_id"], "client_secret": "yanlış"}.items():
        page.fill(f"[name={name}]", value)
    page.get_by_role("button", name="Kaydet", exact=True).click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="İzin ver").click()
    popup = opened.value
    _accept_in_the_panel(popup)
    with popup.expect_event("close", timeout=10_000):
        popup.get_by_role("link", name="Pencereyi kapat").click()
    page.get_by_role("link", name="Bilgileri düzelt").click()
    expect(page.locator("[name=client_secret]")).to_be_focused()
    page.fill("[name=client_secret]", store["client_secret"])
    page.get_by_role("button", name="Kaydet", exact=True).click()

    expect(page.get_by_role("link", name="İzin ver")).to_be_visible()
    assert visit.complaints == []


def test_what_the_store_does_not_grant_is_granted_from_the_page_behind(visit: Visit, sandbox: Sandbox) -> None:
    page = visit.page
    sandbox.control("POST", "stores", name="kuzey", scopes=[])
    _sign_up(page, visit.site)
    _save_store(page, sandbox)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="İzin ver").click()
    popup = opened.value
    _accept_in_the_panel(popup)
    expect(popup.get_by_text("Sonra arkadaki sayfada İzni yenile’ye basın.")).to_be_visible()
    with popup.expect_event("close", timeout=10_000):
        popup.get_by_role("link", name="Pencereyi kapat").click()

    expect(page.get_by_role("button", name="İzni yenile")).to_be_visible()
    expect(page.get_by_role("button", name="Mağazayı kaldır")).to_have_count(0)
    assert visit.complaints == []


def test_sets_up_without_script_in_one_window(browser: Browser, live_server: LiveServer, sandbox: Sandbox) -> None:
    context = browser.new_context(locale="tr-TR", java_script_enabled=False)
    page = context.new_page()
    _sign_up(page, live_server.url)
    _save_store(page, sandbox)
    page.get_by_role("link", name="İzin ver").click()
    _accept_in_the_panel(page)
    page.get_by_role("link", name="Devam et").click()
    page.get_by_role("link", name="Sıradaki adım: Hesap").click()
    _enter_account(page)
    _turn_the_event_on(page)
    _confirm_an_order(sandbox)
    context.close()

    assert Confirmation.objects.get().state == State.APPROVED
