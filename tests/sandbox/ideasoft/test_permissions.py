from typing import Any

import pytest
import requests


def test_refuses_without_a_token(store: Any) -> None:
    answer = requests.get(f"{store.url}/admin-api/orders", timeout=5)
    body = {"error": "access_denied", "error_description": "OAuth2 authentication required"}
    assert (answer.status_code, answer.json()) == (401, body)
    assert answer.headers["WWW-Authenticate"] == (
        'Bearer realm="Service", error="access_denied", error_description="OAuth2 authentication required"'
    )


def test_refuses_an_unknown_token(store: Any) -> None:
    answer = store.call("GET", "admin-api/orders", token="x")
    body = {"error": "invalid_grant", "error_description": "The access token provided is invalid."}
    assert (answer.status_code, answer.json()) == (401, body)


def test_refuses_an_expired_token(store: Any) -> None:
    store.control("POST", "expire", what="access")
    answer = store.call("GET", "admin-api/orders")
    assert answer.json()["error_description"] == "The access token provided has expired."


@pytest.mark.parametrize(("what", "access", "refresh"), [("access", 401, 200), ("refresh", 200, 400)])
def test_forgets_what_is_revoked(store: Any, what: str, access: int, refresh: int) -> None:
    store.control("POST", "revoke", what=what)
    assert store.call("GET", "admin-api/orders").status_code == access
    token = store.tokens["refresh_token"]
    assert store.token(grant_type="refresh_token", refresh_token=token).status_code == refresh


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "admin-api/orders", "order_read"),
        ("PUT", "admin-api/orders/1001", "order_update"),
        ("DELETE", "admin-api/orders/1001", "order_delete"),
        ("PUT", "api/orders/1001", "order_update"),
        ("GET", "admin-api/client_webhooks", "api_read"),
        ("POST", "admin-api/client_webhooks", "api_create"),
        ("GET", "admin-api/languages", "language_read"),
        ("PUT", "admin-api/languages", "language_update"),
        ("GET", "admin-api/net_gsm", "net_gsm_read"),
        ("PUT", "admin-api/net_gsm", "net_gsm_update"),
        ("GET", "admin-api/sms_config", "sms_setting_read"),
        ("PUT", "admin-api/sms_config", "sms_setting_update"),
    ],
)
def test_refuses_with_403_where_the_permission_lacks(store: Any, method: str, path: str, scope: str) -> None:
    others = [one for one in store.sandbox.control("GET", "stores/ornek")["scopes"] if one != scope]
    store.set(scopes=others)
    assert store.call(method, path, json={}).status_code == 403


def test_refuses_in_the_oauth_shape_where_the_store_is_set_so(store: Any) -> None:
    store.set(scopes=[], forbidden_shape="oauth")
    assert store.call("GET", "admin-api/orders").json()["error"] == "insufficient_scope"
