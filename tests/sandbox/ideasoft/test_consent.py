from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

SIGN_IN = {"username": "yonetici", "password": "yonetici"}


def ask(store: Any, **changes: str) -> dict[str, str]:
    given = {"client_id": store.client["client_id"], "response_type": "code", "state": "s 1"}
    return {**given, "redirect_uri": store.redirect_uri, **changes}


def decide(store: Any, decision: str) -> dict[str, str]:
    """The whole way through the pages; what the browser is sent back with."""
    with requests.Session() as browser:
        page, query = f"{store.url}/panel/auth", ask(store)
        browser.post(page, params=query, data=SIGN_IN, timeout=5)
        answer = browser.post(page, params=query, data={"decision": decision}, allow_redirects=False, timeout=5)
    target = urlsplit(answer.headers["Location"])
    assert (answer.status_code, f"{target.scheme}://{target.netloc}{target.path}") == (
        302,
        store.redirect_uri,
    )
    return dict(parse_qsl(target.query))


def test_comes_back_with_code_and_state_when_allowed(store: Any) -> None:
    back = decide(store, "allow")
    assert back["state"] == "s 1"
    given = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": store.redirect_uri}
    assert store.token(**given).status_code == 200


@pytest.mark.case(24)
def test_comes_back_with_the_refusal_when_denied(store: Any) -> None:
    assert decide(store, "deny") == {
        "error": "access_denied",
        "error_description": "The user denied access to your application",
        "state": "s 1",
    }


@pytest.mark.parametrize("path", ["panel/auth", "admin/user/auth"])
def test_asks_to_sign_in_first(store: Any, path: str) -> None:
    answer = requests.get(f"{store.url}/{path}", params=ask(store), timeout=5)
    assert "Giriş Yap" in answer.text
    assert "Kabul Et" not in answer.text


def test_asks_for_consent_once_signed_in(store: Any) -> None:
    with requests.Session() as browser:
        page = browser.post(f"{store.url}/panel/auth", params=ask(store), data=SIGN_IN, timeout=5)
    assert "Kabul Et" in page.text
    assert "Reddet" in page.text


def test_refuses_a_wrong_password(store: Any) -> None:
    form = {**SIGN_IN, "password": "x"}
    answer = requests.post(f"{store.url}/panel/auth", params=ask(store), data=form, timeout=5)
    assert (answer.status_code, "Kullanıcı adı veya parola hatalı" in answer.text) == (403, True)


def test_gives_no_code_without_signing_in(store: Any) -> None:
    form = {"decision": "allow"}
    answer = requests.post(f"{store.url}/panel/auth", params=ask(store), data=form, timeout=5)
    assert (answer.status_code, answer.history) == (200, [])


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "1_x"}, "invalid_client"),
        ({"redirect_uri": "http://localhost:8000/allow/"}, "redirect_uri_mismatch"),
    ],
)
def test_never_redirects_to_a_stranger(store: Any, changes: dict[str, str], error: str) -> None:
    answer = requests.get(f"{store.url}/panel/auth", params=ask(store, **changes), timeout=5)
    assert (answer.status_code, answer.json()["error"], answer.history) == (400, error, [])
