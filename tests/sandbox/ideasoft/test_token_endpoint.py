"""The answers of FOSOAuthServerBundle (facts, section 1.1), one by one."""

import re
from typing import Any

import pytest
import requests


def refusal(answer: requests.Response) -> tuple[int, str, str]:
    body = answer.json()
    return answer.status_code, body["error"], body["error_description"]


def exchange(store: Any, **fields: str) -> requests.Response:
    given = {"grant_type": "authorization_code", "code": store.code(), "redirect_uri": store.redirect_uri}
    answer: requests.Response = store.token(**{**given, **fields})
    return answer


def refresh(store: Any, token: str) -> requests.Response:
    answer: requests.Response = store.token(grant_type="refresh_token", refresh_token=token)
    return answer


def test_spells_the_client_as_the_platform_does(store: Any) -> None:
    assert re.fullmatch(r"1_[0-9a-z]{50}", store.client["client_id"])
    assert re.fullmatch(r"[0-9a-z]{50}", store.client["client_secret"])


def test_gives_tokens_for_a_code(store: Any) -> None:
    answer = exchange(store)
    assert list(answer.json()) == ["access_token", "expires_in", "token_type", "scope", "refresh_token"]
    assert (answer.json()["expires_in"], answer.json()["token_type"]) == (86400, "bearer")
    assert re.fullmatch(r"[A-Za-z0-9]{86}", answer.json()["access_token"])
    assert (answer.headers["Cache-Control"], answer.headers["Pragma"]) == ("no-store", "no-cache")


def test_takes_the_query_of_a_get(store: Any) -> None:
    given = {**store.client, "grant_type": "refresh_token", "refresh_token": store.tokens["refresh_token"]}
    answer = requests.get(f"{store.url}/oauth/v2/token", params=given, timeout=5)
    assert answer.status_code == 200


def test_takes_json(store: Any) -> None:
    given = {**store.client, "grant_type": "refresh_token", "refresh_token": store.tokens["refresh_token"]}
    assert requests.post(f"{store.url}/oauth/v2/token", json=given, timeout=5).status_code == 200


def test_takes_the_client_by_http_basic(store: Any) -> None:
    given = {"grant_type": "refresh_token", "refresh_token": store.tokens["refresh_token"]}
    client = (store.client["client_id"], store.client["client_secret"])
    answer = requests.post(f"{store.url}/oauth/v2/token", data=given, auth=client, timeout=5)
    assert answer.status_code == 200


@pytest.mark.parametrize("grant_type", ["", "magic"])
def test_refuses_an_unknown_grant_type(store: Any, grant_type: str) -> None:
    assert refusal(store.token(grant_type=grant_type)) == (
        400,
        "invalid_request",
        "Invalid grant_type parameter or parameter missing",
    )


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/x-www-form-urlencoded", "application/json"])
def test_refuses_a_body_it_cannot_read_as_a_missing_grant(store: Any, kind: str) -> None:
    headers = {"Content-Type": kind}
    answer = requests.post(f"{store.url}/oauth/v2/token", data=b"\xff\xfe", headers=headers, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_refuses_a_missing_client(store: Any) -> None:
    answer = requests.post(f"{store.url}/oauth/v2/token", data={"grant_type": "refresh_token"}, timeout=5)
    description = "Client id was not found in the headers or body"
    assert refusal(answer) == (400, "invalid_client", description)


@pytest.mark.parametrize("wrong", [{"client_id": "1_x"}, {"client_secret": "x"}])
def test_refuses_wrong_client_credentials_with_400(store: Any, wrong: dict[str, str]) -> None:
    answer = store.token(grant_type="refresh_token", **wrong)
    assert refusal(answer) == (400, "invalid_client", "The client credentials are invalid")


def test_refuses_a_grant_the_client_may_not_use(store: Any) -> None:
    description = "The grant type is unauthorized for this client_id"
    assert refusal(store.token(grant_type="client_credentials")) == (400, "unauthorized_client", description)


def test_refuses_a_missing_code(store: Any) -> None:
    answer = store.token(grant_type="authorization_code")
    assert refusal(answer) == (400, "invalid_request", 'Missing parameter. "code" is required')


@pytest.mark.case(24)
def test_refuses_a_used_code(store: Any) -> None:
    code = store.code()
    exchange(store, code=code)
    description = "Code doesn't exist or is invalid for the client"
    assert refusal(exchange(store, code=code)) == (400, "invalid_grant", description)


def test_refuses_an_expired_code(store: Any) -> None:
    code = store.code()
    store.control("POST", "expire", what="code")
    answer = store.token(grant_type="authorization_code", code=code, redirect_uri=store.redirect_uri)
    assert refusal(answer) == (400, "invalid_grant", "The authorization code has expired")


def test_looks_at_the_redirect_before_the_expiry(store: Any) -> None:
    code = store.code()
    store.control("POST", "expire", what="code")
    answer = store.token(grant_type="authorization_code", code=code, redirect_uri=store.redirect_uri + "/")
    description = "The redirect URI is missing or do not match"
    assert refusal(answer) == (400, "redirect_uri_mismatch", description)


def test_refuses_a_missing_refresh_token(store: Any) -> None:
    answer = store.token(grant_type="refresh_token")
    assert refusal(answer) == (400, "invalid_request", 'No "refresh_token" parameter found')


@pytest.mark.case(22)
def test_rotates_refresh_tokens(store: Any) -> None:
    first = store.tokens["refresh_token"]
    second = refresh(store, first).json()["refresh_token"]
    assert refusal(refresh(store, first)) == (400, "invalid_grant", "Invalid refresh token")
    assert refresh(store, second).status_code == 200
    assert len(store.sandbox.ledger("token_refreshed")) == 2


def test_keeps_the_old_access_token_alive_after_a_refresh(store: Any) -> None:
    refresh(store, store.tokens["refresh_token"])
    assert store.call("GET", "admin-api/orders").status_code == 200


def test_refuses_an_expired_refresh_token(store: Any) -> None:
    store.control("POST", "expire", what="refresh")
    answer = refresh(store, store.tokens["refresh_token"])
    assert refusal(answer) == (400, "invalid_grant", "Refresh token has expired")


def test_keeps_secrets_out_of_the_ledger(store: Any) -> None:
    given = {**store.client, "grant_type": "refresh_token", "refresh_token": store.tokens["refresh_token"]}
    requests.get(f"{store.url}/oauth/v2/token", params=given, timeout=5)
    assert store.client["client_secret"] not in str(store.sandbox.control("GET", "ledger"))
