"""What a person does at an address before a screen is there: a form sent wrong, a permission asked, a return."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone, translation

from integrations.ideasoft import authorization
from integrations.ideasoft.models import Authorization, Store
from portal.onboarding import results
from subscribers import api_keys
from subscribers.models import ApiKey
from tests.factories import PASSWORD
from tests.screens import day
from tests.screens.window import Window

Way = Callable[[Window], None]
SUBMIT = "main form:has(input:not([type=hidden])) button[type=submit]"


def _send(window: Window, **fields: str) -> None:
    """Fills the page's own form and sends it as it is."""
    for name, value in fields.items():
        window.page.fill(f"main [name={name}]", value)
    with window.page.expect_navigation():
        window.page.locator(SUBMIT).first.click()


def wrong_password(window: Window) -> None:
    _send(window, login="esnaf@example.com", password="yanlış şifre")


def wrong_phone(window: Window) -> None:
    _send(window, phone="0532 12", note="Uydurma sipariş")


def weak_sign_up(window: Window) -> None:
    _send(window, name="Yeni Mağaza", line="850", email="yeni", password1="12345")


def sign_up(window: Window) -> None:
    """To the page that waits for the code."""
    email = f"yeni-{window.language}@example.com"
    _send(window, name="Yeni Mağaza", line="8509998877", email=email, password1="kapıda-ödeme-9")


def reset_link(window: Window) -> None:
    user = window.stage.merchants.people["member"]
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    window.open(f"/accounts/password/reset/key/{key}/")


def weak_reset(window: Window) -> None:
    reset_link(window)
    _send(window, password1="12345", password2="12345")


def second_step(window: Window) -> None:
    """As far as the password of somebody who has a second step."""
    _send(window, login="titiz@example.com", password=PASSWORD)


def wrong_code(window: Window) -> None:
    second_step(window)
    _send(window, code="000000")


def proven(path: str) -> Way:
    """A page that asks for the password once more first."""

    def show(window: Window) -> None:
        window.open(path)
        if "/reauthenticate/" in window.page.url:
            _send(window, password=PASSWORD)

    return show


def weak_joining(window: Window) -> None:
    _send(window, name="Yeni Üye", password="12345")


def weak_password(window: Window) -> None:
    _send(window, oldpassword="yanlış", password1="12345", password2="12345")


def make_key(window: Window) -> None:
    for earlier in ApiKey.objects.filter(name="Muhasebe programı", ended_at=None):  # of another look of this screen
        api_keys.end(earlier, by=window.stage.merchants.people["owner"])
    _send(window, name="Muhasebe programı", password=PASSWORD)


def empty_reply(window: Window) -> None:
    _send(window, keyword="onay", reply_text="")


def teach_word(window: Window) -> None:
    """A word that refuses, and what it would catch."""
    window.page.fill("main [name=word]", "ne zaman gelir")
    window.page.check("main [name=meaning][value=refuses]")
    with window.page.expect_navigation():
        window.page.locator("main button[name=preview]").click()


def teach_wrong_word(window: Window) -> None:
    """One that refuses can confirm nothing."""
    window.page.fill("main [name=word]", "iptal")
    with window.page.expect_navigation():
        window.page.locator("main button[name=preview]").click()


def wrong_voice(window: Window) -> None:
    """A text with a placeholder that is none, among those that are folded away."""
    window.page.locator("main summary").click()
    _send(window, extension="102", text_greeting="Merhaba (arg2)")


def wrong_news(window: Window) -> None:
    """A placeholder that is none, and a code where there is none."""
    _send(window, text="Siparişiniz (arg2) kargoda", text_without_code="Takip no: (takipno)")


def wrong_hours(window: Window) -> None:
    """As long as the day, and a wait longer than any parcel's."""
    window.page.select_option("main [name=quiet_until]", "22:00")
    _send(window, waits_hours="99")


def wrong_carrier(window: Window) -> None:
    _send(window, name="Mahalle Kuryesi", address="takip.example.com/(takipno)")


def wrong_store(window: Window) -> None:
    _send(window, url="mağaza adresim", client_id="", client_secret="")


def wrong_account(window: Window) -> None:
    _send(window, usercode="8502223344", password="yanlış")


def ask_permission(window: Window) -> None:
    """In the same window, as where no pop-up may open."""
    form = "form[data-popup]"
    window.page.locator(form).evaluate("form => form.removeAttribute('data-popup')")
    with window.page.expect_navigation():
        window.page.locator(f"{form}, form[action$='/izin/']").locator("button").click()


def _asked(window: Window) -> str:
    """The state of a permission just asked for in this very browser."""
    store = Store.objects.get(subscriber=window.stage.merchants.beginner)
    assert window.person is not None
    address = authorization.begin(store, user=window.person, session_key=window.session_key())
    (state,) = parse_qs(urlsplit(address).query)["state"]
    return state


def back_refused(window: Window) -> None:
    window.open(f"/allow?state={_asked(window)}&error=access_denied")


def back_twice(window: Window) -> None:
    state = _asked(window)
    for _ in range(2):
        window.open(f"/allow?state={state}&error=access_denied")


def back_late(window: Window) -> None:
    state = _asked(window)
    Authorization.objects.filter(used_at=None).update(created_at=timezone.now() - timedelta(hours=1))
    window.open(f"/allow?state={state}&code=x")


def came_back(result: str) -> Way:
    """The answer of `/allow` to what only a certain store says."""

    def show(window: Window) -> None:
        store = Store.objects.get(subscriber=window.stage.merchants.beginner)
        with translation.override(window.language):
            facts = {"result": result, "said": results.said(result), "store": store}
        rendered("onboarding/allow.html", **facts, connected=result == "connected", next_page="/entegrasyonlar/")(
            window
        )

    return show


def rendered(template: str, **context: Any) -> Way:
    """A page that no plain request brings about, as its template has it."""

    def show(window: Window) -> None:
        request = RequestFactory().get("/")
        request.user = AnonymousUser()
        with translation.override(window.language):
            text = render_to_string(template, context, request)
        address = f"{window.stage.site}/_rendered/"
        window.page.route(address, lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8"))
        window.open("/_rendered/")
        window.page.unroute(address)

    return show


def enter_panel(window: Window) -> None:
    """Past the sign-in of the store's panel, where it asks."""
    if window.page.locator("[name=password]").count() and "sign-in" in window.page.url:
        at = urlsplit(window.page.url)
        window.page.fill("[name=username]", "yonetici")
        window.page.fill("[name=password]", "yonetici")
        with window.page.expect_navigation():
            window.page.locator("main button").first.click()
        assert "sign-in" not in window.page.url, at


def open_order(window: Window) -> None:
    enter_panel(window)
    window.page.locator("main a[href*='/panel/orders/']").first.click()


def open_line(window: Window) -> None:
    window.page.locator("main a[href*='/webportal/']").first.click()


def place_an_order(window: Window) -> None:
    buyer = {
        "first_name": "Fatma",
        "last_name": "Şahin",
        "phone": "0532 111 22 99",
        "street": "Çınar Sok. 8",
        "city": "İzmir",
    }
    for name, value in buyer.items():
        window.page.fill(f"[name={name}]", value)
    with window.page.expect_navigation():
        window.page.locator("main form button").last.click()
    assert "/thanks/" in window.page.url, window.page.locator("main").inner_text()[:150]


def consent(window: Window) -> None:
    """The store's own page that asks whether to let the portal in."""
    store = Store.objects.get(code=window.stage.places["store"])
    owner = window.stage.merchants.people["owner"]
    window.open(authorization.begin(store, user=owner, session_key="x"))
    enter_panel(window)


def try_call(window: Window) -> None:
    """Answered in place, so there is no navigation to wait for."""
    window.page.fill("main [name=phone]", day.BUYERS[0].phone)
    window.page.locator("#try").click()
    window.page.locator(".verdict").wait_for()


def try_answer(window: Window) -> None:
    """Answered in place, so there is no navigation to wait for."""
    window.page.fill("main [name=text]", "hayır istemiyorum")
    window.page.locator("#try").click()
    window.page.locator(".verdict").wait_for()
