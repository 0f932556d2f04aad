"""A passkey in a real browser, by its own virtual authenticator: added, used alone and after the password (R1)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.core.cache import cache
from playwright.sync_api import expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import Visit
from tests.factories import PASSWORD, Cast

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R1")]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(autouse=True)
def _no_limit_reached() -> None:
    cache.clear()


@pytest.fixture
def visit(visit: Visit, live_server: LiveServer, settings: Settings) -> Iterator[Visit]:
    """At `localhost`, which browsers trust without https, with a device that says yes."""
    visit.site = live_server.url.replace("127.0.0.1", "localhost")
    settings.SITE_URL = visit.site
    session = visit.page.context.new_cdp_session(visit.page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    yield visit
    session.detach()


def _add(visit: Visit, cast: Cast, *, alone: bool) -> None:
    visit.sign_in(cast.owner.email)
    visit.open("/accounts/2fa/webauthn/add/")
    visit.page.fill("[name=password]", PASSWORD)
    visit.page.press("[name=password]", "Enter")
    visit.page.fill("[name=name]", "Tezgâhtaki telefon")
    visit.page.set_checked("[name=passwordless]", alone)
    assert [rule["id"] for rule in Axe().run(visit.page).response["violations"]] == []
    visit.page.get_by_role("button", name="Anahtarı oluştur").click()
    expect(visit.page.get_by_role("heading", name="Kurtarma kodları")).to_be_visible()
    visit.page.get_by_role("link", name="Sakladım, devam et").click()
    expect(visit.page.get_by_text("Tezgâhtaki telefon").first).to_be_visible()
    visit.page.context.clear_cookies()


def test_signs_in_by_a_passkey_alone(visit: Visit, cast: Cast) -> None:
    _add(visit, cast, alone=True)
    visit.open("/accounts/login/?next=/siparisler/")
    visit.page.get_by_role("button", name="Geçiş anahtarıyla gir").click()
    visit.page.wait_for_url(f"{visit.site}/siparisler/")

    assert visit.complaints == []


def test_asks_for_the_passkey_after_the_password(visit: Visit, cast: Cast) -> None:
    _add(visit, cast, alone=False)
    visit.open("/accounts/login/")
    visit.page.fill("[name=login]", cast.owner.email)
    visit.page.fill("[name=password]", PASSWORD)
    visit.page.press("[name=password]", "Enter")
    visit.page.get_by_role("button", name="Geçiş anahtarını kullan").click()
    visit.page.wait_for_url(f"{visit.site}/")

    assert visit.complaints == []


def test_says_so_where_the_device_knows_no_passkey_of_the_site(visit: Visit, cast: Cast) -> None:
    visit.open("/accounts/login/")
    visit.page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"
    )
    visit.page.get_by_role("button", name="Geçiş anahtarıyla gir").click()

    expect(visit.page.get_by_text("Tarayıcı geçiş anahtarını vermedi")).to_be_visible()


def test_removes_a_passkey(visit: Visit, cast: Cast) -> None:
    _add(visit, cast, alone=True)
    visit.open("/accounts/login/")
    visit.page.get_by_role("button", name="Geçiş anahtarıyla gir").click()
    visit.page.wait_for_url(f"{visit.site}/")
    visit.open("/ayarlar/guvenlik/")
    visit.page.get_by_role("link", name="Kaldır Tezgâhtaki telefon").click()
    if "/reauthenticate/" in visit.page.url:
        visit.page.fill("[name=password]", PASSWORD)
        visit.page.press("[name=password]", "Enter")
    visit.page.get_by_role("button", name="Kaldır").click()
    expect(visit.page.get_by_text("Geçiş anahtarı kaldırıldı.")).to_be_visible()

    assert not Authenticator.objects.exists()
