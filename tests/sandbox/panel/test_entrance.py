from typing import Any

import pytest
import requests

FORMS = ["/orders/1001", "/netgsm", "/sms", "/languages/2815", "/api/client", "/api/permissions/user"]
PAGES = ["", "/orders", "/languages", "/api", "/api/permissions", *FORMS]
SIGN_IN = {"username": "yonetici", "password": "yonetici"}


@pytest.mark.parametrize("path", PAGES)
def test_asks_to_sign_in_before_any_page(store: Any, path: str) -> None:
    store.order()
    answer = requests.get(f"{store.url}/panel{path}", timeout=5)
    assert answer.url.startswith(f"{store.url}/panel/sign-in?next=")
    assert "Giriş Yap" in answer.text


@pytest.mark.parametrize("path", FORMS)
def test_changes_nothing_without_signing_in(store: Any, path: str) -> None:
    store.order()
    before = store.sandbox.control("GET", "stores/ornek")
    form = {
        "status": "cancelled",
        "value": "x",
        "client_name": "x",
        "redirect_uri": "http://x",
        "user": "Yonetici",
        "order": "none",
    }
    answer = requests.post(f"{store.url}/panel{path}", data={**form, "username": "x"}, timeout=5)
    assert "Giriş Yap" in answer.text
    assert store.sandbox.control("GET", "stores/ornek") == before
    assert {line["kind"] for line in store.sandbox.control("GET", "ledger")} == {"order_placed"}


@pytest.mark.parametrize("path", PAGES)
def test_shows_every_page_once_signed_in(store: Any, panel: Any, path: str) -> None:
    store.order()
    text = panel.show(path)
    assert "Çıkış yap" in text
    assert "Giriş Yap" not in text


@pytest.mark.parametrize(
    ("wanted", "place"),
    [("/panel/languages", "/panel/languages"), ("//ornek.example", "/panel"), ("/panel/\r\nX: y", "/panel")],
)
def test_goes_on_to_the_page_that_was_asked_for_and_to_no_stranger(store: Any, wanted: str, place: str) -> None:
    sign_in = f"{store.url}/panel/sign-in"
    answer = requests.post(sign_in, params={"next": wanted}, data=SIGN_IN, allow_redirects=False, timeout=5)
    assert (answer.status_code, answer.headers["Location"]) == (303, place)


def test_refuses_a_wrong_password(store: Any) -> None:
    answer = requests.post(f"{store.url}/panel/sign-in", data={**SIGN_IN, "password": "x"}, timeout=5)
    assert (answer.status_code, "Kullanıcı adı veya parola hatalı" in answer.text) == (403, True)


def test_takes_the_user_as_the_help_page_writes_it(store: Any) -> None:
    answer = requests.post(f"{store.url}/panel/sign-in", data={**SIGN_IN, "username": "Yonetici"}, timeout=5)
    assert "Çıkış yap" in answer.text


def test_is_one_sign_in_with_the_consent_page(store: Any, panel: Any) -> None:
    query = {"client_id": store.client["client_id"], "redirect_uri": store.redirect_uri}
    answer = panel.browser.get(f"{store.url}/panel/auth", params=query, timeout=5)
    assert "Kabul Et" in answer.text


def test_lets_nobody_in_after_signing_out(panel: Any) -> None:
    panel.save("/sign-out")
    assert "Giriş Yap" in panel.show("/orders")


def test_leaves_ledger_and_faults_to_the_systems(store: Any, panel: Any) -> None:
    store.sandbox.control("DELETE", "ledger")
    store.sandbox.control("POST", "faults", system="store:ornek", kind="status", status=500)
    panel.show("/orders")
    assert store.sandbox.ledger("request") == []
    assert store.call("GET", "admin-api/orders").status_code == 500
