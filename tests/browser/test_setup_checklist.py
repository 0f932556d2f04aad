"""*Kurulum* in a browser: it looks when opened, fits a phone, and reads well without eyes and without script (R7)."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.core.cache import cache
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from integrations.ideasoft.models import SetupCheck, SetupItem, SetupState, Store, StoreErrand
from messaging.models import OutgoingMessage
from tests.browser.conftest import Visit
from tests.factories import AccountFactory, Cast, EventFactory, StoreFactory
from tests.sandboxes import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R7")]

OFFERED = {"before": {"on": False}, "after": {"on": True}, "mode": "store"}
AMONG = {"among": [{"key": "_A_", "value": "Metin bir (arg1)"}, {"key": "_B_", "value": "Metin iki (arg1)"}]}
MISSING = {"missing": [{"area": "Sipariş", "scope": "order_update"}], "unproven": []}


@pytest.fixture
def store(cast: Cast) -> Store:
    """A store with a line of every look."""
    cache.clear()
    store = StoreFactory.create(subscriber=cast.shop)
    EventFactory.create(subscriber=cast.shop, store=store, question_mode="store")
    AccountFactory.create(subscriber=cast.shop)
    lines = {
        SetupItem.PERMISSIONS: (SetupState.FAILED, "scope_missing", MISSING),
        SetupItem.WEBHOOKS: (SetupState.DONE, "", {}),
        SetupItem.ORDER_RECEIVED: (SetupState.OFFERED, "", OFFERED),
        SetupItem.STORE_ACCOUNT: (SetupState.BY_HAND, "differs", {}),
        SetupItem.QUESTION_TEXT: (SetupState.BY_HAND, "several_texts", AMONG),
    }
    for item, (state, reason, detail) in lines.items():
        kept = {"item": item, "state": state, "reason": reason, "detail": detail}
        SetupCheck.objects.create(subscriber=cast.shop, store=store, **kept)
    return store


@pytest.mark.parametrize("path", ["/ayarlar/kurulum/", "/ayarlar/kurulum/{code}/ayarla/"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_reads_well_and_fits_a_phone(visit: Visit, cast: Cast, store: Store, path: str, theme: str) -> None:
    visit.bring(cast.owner)
    visit.page.emulate_media(color_scheme=theme)
    visit.page.set_viewport_size({"width": 360, "height": 740})
    visit.open(path.format(code=store.code))
    visit.page.evaluate("document.querySelectorAll('main details').forEach((part) => { part.open = true; })")
    assert [rule["id"] for rule in Axe().run(visit.page).response["violations"]] == []
    assert visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert visit.complaints == []


def test_looks_when_it_is_opened(visit: Visit, cast: Cast, store: Store) -> None:
    visit.bring(cast.owner)
    visit.open("/ayarlar/kurulum/")
    wait_until(lambda: StoreErrand.objects.filter(store=store, kind="setup").exists())
    expect(visit.page.get_by_role("button", name="Bakılıyor…")).to_be_visible()
    assert visit.page.url.endswith("/ayarlar/kurulum/")


def test_agrees_without_script(cast: Cast, store: Store, browser: Browser, live_server: LiveServer) -> None:
    with browser.new_context(locale="tr-TR", java_script_enabled=False) as plain:
        visit = Visit(plain.new_page(), live_server.url)
        visit.sign_in(cast.owner.email)
        visit.open(f"/ayarlar/kurulum/{store.code}/ayarla/")
        visit.page.get_by_role("button", name="Onaylıyorum, mağazaya yaz").click()
        expect(visit.page.get_by_text("Mağazaya yazılıyor…")).to_be_visible()


def test_follows_the_test_sms_without_a_reload(visit: Visit, cast: Cast, store: Store) -> None:
    visit.bring(cast.owner)
    visit.open("/ayarlar/kurulum/")
    visit.page.get_by_label("Kendi cep telefonunuz").fill("0532 123 45 67")
    visit.page.get_by_role("button", name="Deneme SMS’i gönder").click()
    expect(visit.page.get_by_text("SMS operatöre veriliyor")).to_be_in_viewport()
    visit.page.evaluate("window.isSame = true")
    OutgoingMessage.objects.update(state="delivered")
    expect(visit.page.get_by_text("Telefonunuzdan DENEME yazıp")).to_be_in_viewport()
    expect(visit.page.get_by_label("Kendi cep telefonunuz")).to_be_in_viewport()
    assert (visit.page.evaluate("window.isSame"), visit.complaints) == (True, [])
