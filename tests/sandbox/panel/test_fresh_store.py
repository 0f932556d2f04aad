"""A store on its first day: nothing is set, so every step of the operator's help page is to be done by hand."""

from typing import Any

import pytest
import requests

REDIRECT = "https://onay.example/allow"


@pytest.fixture
def fresh(store: Any) -> Any:
    store.set(fresh=True)
    return store


def sign_in(store: Any) -> requests.Session:
    browser = requests.Session()
    browser.post(f"{store.url}/panel/sign-in", data={"username": "yonetici", "password": "yonetici"}, timeout=5)
    return browser


def show(store: Any, path: str) -> str:
    with sign_in(store) as browser:
        return browser.get(f"{store.url}/panel{path}", timeout=5).text


def save(store: Any, path: str, **fields: str) -> requests.Response:
    with sign_in(store) as browser:
        return browser.post(f"{store.url}/panel{path}", data=fields, timeout=5)


def ask(store: Any) -> requests.Response:
    query = {"client_id": store.client["client_id"], "redirect_uri": REDIRECT, "response_type": "code"}
    return requests.get(f"{store.url}/panel/auth", params=query, timeout=5)


def test_has_no_api_client_until_it_is_made(fresh: Any) -> None:
    before = show(fresh, "/api")
    save(fresh, "/api/client", client_name="Onay", redirect_uri=REDIRECT)
    after = show(fresh, "/api")
    assert (fresh.client["client_id"] in before, fresh.client["client_id"] in after) == (False, True)
    assert ("Ekle" in before, "İzin Yönetimi" in before, "İzin Yönetimi" in after) == (True, False, True)


def test_asks_for_name_and_redirect_address(fresh: Any) -> None:
    text = show(fresh, "/api/client")
    assert (text.count('value=""'), text.count("<input")) == (2, 2)


def test_lets_nobody_ask_for_permission_before_there_is_a_client(fresh: Any) -> None:
    fresh.set(redirect_uri=REDIRECT)
    answer = ask(fresh)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")
    save(fresh, "/api/client", client_name="Onay", redirect_uri=REDIRECT)
    assert "Giriş Yap" in ask(fresh).text


def test_gives_no_permission_until_a_user_has_it(fresh: Any) -> None:
    save(fresh, "/api/client", client_name="Onay", redirect_uri=REDIRECT)
    assert "henüz izin verilmemiş" in show(fresh, "/api/permissions")
    assert '<option value="none" selected>Yok</option>' in show(fresh, "/api/permissions/user")
    save(fresh, "/api/permissions/user", user="Yonetici", catalog="write", order="write", other="read")
    scopes = fresh.sandbox.control("GET", "stores/ornek")["scopes"]
    assert ("order_update" in scopes, "api_read" in scopes, "api_create" in scopes) == (True, True, False)


def test_wants_to_know_whom_the_permissions_are_for(fresh: Any) -> None:
    save(fresh, "/api/client", client_name="Onay", redirect_uri=REDIRECT)
    answer = save(fresh, "/api/permissions/user", user="", order="write")
    assert (answer.status_code, "Kullanıcı adını seçin." in answer.text) == (422, True)
    assert fresh.sandbox.control("GET", "stores/ornek")["scopes"] == []


def test_leads_back_from_permissions_where_there_is_no_client(fresh: Any) -> None:
    assert "Henüz API tanımı yok." in show(fresh, "/api/permissions/user")


def test_has_signed_everybody_out_and_forgotten_what_was_set(store: Any, panel: Any) -> None:
    panel.save("/sms", orderReceived="on")
    panel.save("/netgsm", username="8501234567", password="gizli", msgHeader="ORNEK")
    store.set(fresh=True)
    assert "Giriş Yap" in panel.show("/api")
    assert "checked" not in show(store, "/sms")
    assert "8501234567" not in show(store, "/netgsm")


def test_folds_its_menu_but_for_the_place_one_is_at(fresh: Any) -> None:
    assert (show(fresh, "/orders").count("<details>"), show(fresh, "/api").count("<details open>")) == (3, 1)
