"""A store's permission: asked for, exchanged, renewed, refused."""

from urllib.parse import parse_qs, urlsplit

import pytest

from integrations.failures import CredentialsInvalid, Rejected, Unavailable, Unknown
from integrations.ideasoft import oauth

pytestmark = pytest.mark.usefixtures("loopback")

GRANTED = {
    "access_token": "canary-access",
    "expires_in": 86400,
    "token_type": "bearer",
    "scope": "order_read order_update",
    "refresh_token": "canary-refresh",
}


def exchange(url, **options):
    known = {
        "client_id": "1_abc",
        "client_secret": "s&=ş",
        "code": "c+d",
        "redirect_uri": "https://onay.example/allow",
    }
    return oauth.exchange(url, **{**known, **options})


def refresh(url):
    return oauth.refresh(url, client_id="1_abc", client_secret="s&=ş", refresh_token="old")


def test_builds_the_address_that_asks_for_permission():
    address = urlsplit(
        oauth.authorization_address(
            "https://ornek.myideasoft.com",
            client_id="1_abc",
            redirect_uri="https://onay.example/allow",
            state="s&t",
        )
    )
    assert (address.scheme, address.netloc, address.path) == ("https", "ornek.myideasoft.com", "/panel/auth")
    assert parse_qs(address.query) == {
        "response_type": ["code"],
        "client_id": ["1_abc"],
        "redirect_uri": ["https://onay.example/allow"],
        "state": ["s&t"],
    }


def test_exchanges_a_code_by_form(stubs):
    stub = stubs.answering(GRANTED)
    exchange(stub.url)
    assert (stub.last.method, stub.last.target) == ("POST", "/oauth/v2/token")
    assert stub.last.form == {
        "grant_type": "authorization_code",
        "client_id": "1_abc",
        "client_secret": "s&=ş",
        "code": "c+d",
        "redirect_uri": "https://onay.example/allow",
    }


def test_refreshes_by_form_without_a_redirect_address(stubs):
    stub = stubs.answering(GRANTED)
    refresh(stub.url)
    assert stub.last.form == {
        "grant_type": "refresh_token",
        "client_id": "1_abc",
        "client_secret": "s&=ş",
        "refresh_token": "old",
    }


@pytest.mark.parametrize("ask", [exchange, refresh])
def test_reads_the_tokens(stubs, ask):
    tokens = ask(stubs.answering(GRANTED).url)
    assert (tokens.access_token, tokens.refresh_token) == ("canary-access", "canary-refresh")
    assert (tokens.expires_in, tokens.scope) == (86400, "order_read order_update")


def test_keeps_no_secret_beside_the_tokens(stubs):
    tokens = exchange(stubs.answering(GRANTED).url)
    assert "canary" not in repr(tokens)
    assert set(tokens.raw) == {"expires_in", "token_type", "scope"}


def test_keeps_the_old_refresh_token_where_no_new_one_came(stubs):
    assert refresh(stubs.answering({**GRANTED, "refresh_token": None}).url).refresh_token == "old"


@pytest.mark.parametrize(("told", "seconds"), [("21600", 21600), (None, 3600), (-5, 3600), ("x", 3600), (10**12, 3600)])
def test_reads_how_long_a_token_lives(stubs, told, seconds):
    assert exchange(stubs.answering({**GRANTED, "expires_in": told}).url).expires_in == seconds


@pytest.mark.case(22)
@pytest.mark.parametrize("ask", [exchange, refresh])
@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("invalid_grant", "permission_withdrawn"),
        ("invalid_client", "client_refused"),
        ("unauthorized_client", "client_refused"),
        ("redirect_uri_mismatch", "redirect_mismatch"),
    ],
)
@pytest.mark.parametrize("status", [400, 401, 200])
def test_tells_the_owner_what_to_mend(stubs, ask, error, reason, status):
    stub = stubs.answering((status, {"error": error, "error_description": "x"}))
    with pytest.raises(CredentialsInvalid) as caught:
        ask(stub.url)
    assert (caught.value.reason, caught.value.detail) == (reason, f"{error}: x")
    assert len(stub.requests) == 1


@pytest.mark.parametrize("answer", [(200, b"<html>"), (404, b"<html>"), (200, b""), (200, []), (404, b"")])
def test_knows_a_site_that_is_no_ideasoft_store(stubs, answer):
    with pytest.raises(Rejected, match="not_a_store"):
        exchange(stubs.answering(answer).url)


@pytest.mark.parametrize("ask", [exchange, refresh])
@pytest.mark.parametrize(
    ("answer", "failure", "reason"),
    [
        ((429, b"", {"Retry-After": "9"}), Unavailable, "busy"),
        ((503, b""), Unavailable, "busy"),
        ((500, b""), Unknown, "store_error"),
        ((502, b"<html>"), Unknown, "store_error"),
        ((200, {}), Unknown, "unreadable"),
        ((200, {"access_token": ""}), Unknown, "unreadable"),
        ((200, {"access_token": "a b"}), Unknown, "unreadable"),
        ((200, {"access_token": "a\r\nX: y"}), Unknown, "unreadable"),
        ((200, {"access_token": ["a"]}), Unknown, "unreadable"),
        ((400, {"error": "invalid_request"}), Rejected, "refused"),
        ((403, b"<html>"), Rejected, "refused"),
        ((302, b"", {"Location": "/panel"}), Rejected, "redirect"),
        ((401, b""), CredentialsInvalid, "client_refused"),
    ],
)
def test_tells_every_other_answer(stubs, ask, answer, failure, reason):
    with pytest.raises(failure) as caught:
        ask(stubs.answering(answer).url)
    assert (type(caught.value), caught.value.reason) == (failure, reason)


@pytest.mark.case(22)
def test_says_unknown_where_the_answer_to_a_refresh_is_lost(stubs):
    stub = stubs.answering((200, b"<html>"))
    with pytest.raises(Unknown):
        refresh(stub.url)
    assert len(stub.requests) == 1


def test_says_unknown_where_a_store_hangs(stubs):
    with pytest.raises(Unknown, match="timeout"):
        exchange(stubs.start(lambda connection, request: None).url, deadline=0.3)
