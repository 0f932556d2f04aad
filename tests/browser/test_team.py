"""A team in browsers: an invited person joins from the mail, and a member of two works for one at a time (R1)."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from subscribers import invitations
from tests.browser.conftest import Visit
from tests.factories import PASSWORD, Cast, MembershipFactory, OrderFactory
from work import drain

pytestmark = [pytest.mark.browser, pytest.mark.requirement("R1")]

PAGES = [
    "/ayarlar/",
    "/ayarlar/firma/",
    "/ayarlar/ekip/",
    "/ayarlar/guvenlik/",
    "/ayarlar/bildirimler/",
    "/ayarlar/dil/",
]
ENTRY = ["/accounts/password/change/", "/accounts/email/", "/accounts/reauthenticate/", "/accounts/sessions/"]


@pytest.fixture(autouse=True)
def _no_limit_reached() -> None:
    cache.clear()


def _link() -> str:
    drain.drain("mail.team")
    found = re.search(r"/davet/[\w-]+/", str(mail.outbox[-1].body))
    assert found is not None
    return found[0]


def _violations(visit: Visit) -> list[str]:
    return [rule["id"] for rule in Axe().run(visit.page).response["violations"]]


def _fits(visit: Visit) -> bool:
    return bool(visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_invites_and_joins_from_the_mail(visit: Visit, cast: Cast, browser: Browser, live_server: LiveServer) -> None:
    visit.sign_in(cast.owner.email)
    visit.open("/ayarlar/ekip/")
    visit.page.fill("[name=email]", "yeni@example.com")
    visit.page.get_by_role("button", name="Davet gönder").click()
    expect(visit.page.get_by_text("Davet yeni@example.com adresine gönderiliyor")).to_be_visible()

    with browser.new_context(locale="tr-TR") as elsewhere:
        invited = Visit(elsewhere.new_page(), live_server.url)
        invited.open(_link())
        assert _violations(invited) == []
        invited.page.fill("[name=name]", "Mehmet Demir")
        invited.page.fill("[name=password]", PASSWORD)
        invited.page.get_by_role("button", name="Hesap aç ve katıl").click()
        expect(invited.page.get_by_text("Örnek Ticaret ekibindesiniz.")).to_be_visible()
        assert invited.complaints == []
    visit.open("/ayarlar/ekip/")
    expect(visit.page.get_by_text("Mehmet Demir")).to_be_visible()


def test_joins_and_switches_without_javascript(cast: Cast, browser: Browser, live_server: LiveServer) -> None:
    made = invitations.invite(subscriber=cast.shop, email=cast.other_owner.email, by=cast.owner)
    with browser.new_context(locale="tr-TR", java_script_enabled=False) as context:
        plain = Visit(context.new_page(), live_server.url)
        plain.sign_in(cast.other_owner.email)
        plain.open(f"/davet/{made[1]}/")
        plain.page.get_by_role("button", name="Katıl").click()
        expect(plain.page.locator(".switcher summary")).to_contain_text("Örnek Ticaret")
        plain.page.locator(".switcher summary").click()
        plain.page.get_by_role("button", name="Öteki Ticaret").click()
        expect(plain.page.locator(".switcher summary")).to_contain_text("Öteki Ticaret")


def test_a_switch_in_one_window_turns_the_other_too(
    visit: Visit, cast: Cast, context: BrowserContext, live_server: LiveServer
) -> None:
    MembershipFactory.create(subscriber=cast.other_shop, user=cast.owner)
    OrderFactory.create(subscriber=cast.shop, reference="110011")
    OrderFactory.create(subscriber=cast.other_shop, reference="220022")
    visit.bring(cast.owner)
    visit.open("/siparisler/")
    other = Visit(context.new_page(), live_server.url)
    other.open("/")
    other.page.locator(".switcher summary").click()
    other.page.get_by_role("button", name="Öteki Ticaret").click()
    other.open("/siparisler/")
    expect(other.page.get_by_role("link", name="220022")).to_be_visible()

    visit.page.bring_to_front()
    expect(visit.page.locator(".switcher summary")).to_contain_text("Öteki Ticaret")
    expect(visit.page.get_by_role("link", name="110011")).to_have_count(0)
    assert visit.complaints == []


@pytest.mark.parametrize("width", [360, 1440])
def test_pages_are_accessible_and_fit(visit: Visit, cast: Cast, width: int) -> None:
    MembershipFactory.create(subscriber=cast.other_shop, user=cast.owner)
    for name in ("bekleyen", "uzun-adresli-bir-calisan.magaza-muhasebesi"):
        invitations.invite(subscriber=cast.shop, email=f"{name}@ornek-ticaret.example.com", by=cast.owner)
    visit.page.set_viewport_size({"width": width, "height": 800})
    visit.bring(cast.owner)
    found = {}
    for path in [*PAGES, *ENTRY]:
        visit.open(path)
        found[path] = (_violations(visit), _fits(visit))

    assert found == dict.fromkeys([*PAGES, *ENTRY], ([], True))
    assert visit.complaints == []
