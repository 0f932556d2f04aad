"""Every refusal of the API is a problem document, and a key opens what it may and nothing more."""

from __future__ import annotations

import io
import logging
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from openapi_schema_validator import OAS31Validator
from pytest_django import Settings
from redis.exceptions import ConnectionError as Away
from structlog.testing import capture_logs

from portal import limits, logs
from portal.api import callers, rates, site
from portal.api.problems import CODES
from subscribers import api_keys
from subscribers.models import ApiKey, Subscriber
from tests.api.conftest import Program, program
from tests.factories import Cast, OrderFactory

pytestmark = pytest.mark.django_db
PROBLEM = {**site.document()["components"]["schemas"]["ProblemDocument"], "components": site.document()["components"]}


def _refused(answer: Any) -> tuple[int, str]:
    """Status and code of a problem document that is whole."""
    told = answer.json()
    OAS31Validator({**PROBLEM, "$defs": {}}).validate({**told, "errors": []})
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert told["status"] == answer.status_code == CODES[told["code"]][0].value
    assert told["type"] == f"{configured.SITE_URL}/api/v1/docs#{told['code']}"
    assert (answer.headers["Cache-Control"], answer.cookies) == ("no-store", {})
    return answer.status_code, told["code"]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "key_missing"),
        ("", "key_missing"),
        ("Bearer", "key_missing"),
        ("Bearer ", "key_missing"),
        ("Basic onay_live_x", "key_missing"),
        ("Bearer onay_live_x", "key_unknown"),
        ("Bearer " + "x" * 5000, "key_unknown"),
        ("Bearer \xff\xfe", "key_unknown"),
    ],
)
@pytest.mark.case(58)
def test_lets_nobody_in_without_a_key(api: Program, header: str | None, code: str) -> None:
    given = {} if header is None else {"Authorization": header}
    answer = Client().get("/api/v1/me", headers=given)

    assert _refused(answer) == (401, code)
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="Onay API"')


@pytest.mark.case(58)
def test_lets_a_key_in_until_it_is_revoked_or_its_shop_closed(api: Program, cast: Cast) -> None:
    assert api.get("/me").status_code == 200
    api_keys.end(ApiKey.objects.get(), by=cast.owner)
    assert _refused(api.get("/me")) == (401, "key_unknown")
    other = program(cast.other_shop, cast.other_owner)
    Subscriber.objects.update(closed_at=timezone.now())
    assert _refused(other.get("/me")) == (401, "key_unknown")


def test_counts_no_session(cast: Cast, client: Client) -> None:
    client.force_login(cast.owner, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert _refused(client.get("/api/v1/me")) == (401, "key_missing")


def test_lets_a_reading_key_change_nothing(cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    reads = program(cast.shop, cast.owner, scope="read")

    assert reads.get(f"/orders/{order.code}").status_code == 200
    assert _refused(reads.post(f"/orders/{order.code}/acts", {"act": "approve"})) == (403, "read_only_key")


def test_answers_a_suspended_shop_and_changes_nothing_for_it(api: Program, cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    Subscriber.objects.update(suspended_at=timezone.now())

    assert api.get("/me").json()["subscriber"]["suspended"] is True
    assert api.get(f"/orders/{order.code}").json()["possible_acts"] == []
    assert _refused(api.post(f"/orders/{order.code}/notes", {"text": "x"})) == (403, "suspended")


def test_marks_a_key_as_used_once_a_minute(api: Program) -> None:
    api.get("/me")
    first = ApiKey.objects.get().last_used_at
    api.get("/me")
    assert ApiKey.objects.get().last_used_at == first
    ApiKey.objects.update(last_used_at=timezone.now() - api_keys.USED_EVERY)
    api.get("/me")
    assert ApiKey.objects.get().last_used_at > first


@pytest.mark.parametrize("path", ["/", "/yok", "/orders/", "/orders/x/y", "/acts/x", "/%00", "/docs/", "/../x"])
def test_knows_no_other_address(api: Program, path: str) -> None:
    assert _refused(api.get(path)) == (404, "unknown_address")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "YOK"])
def test_names_the_methods_that_an_address_takes(api: Program, method: str) -> None:
    answer = api.send(method, "/orders")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
    assert method == "HEAD" or _refused(answer) == (405, "wrong_method")
    assert api.get("/acts/0d0cbdc2-2f0c-4d5e-8f3c-2b4f5c8f1a11").status_code == 404
    assert api.send("PUT", "/acts/0d0cbdc2-2f0c-4d5e-8f3c-2b4f5c8f1a11").headers["Allow"] == "DELETE, GET"


def test_reads_no_body_that_is_too_large_or_none_of_json(api: Program, cast: Cast) -> None:
    path = f"/orders/{OrderFactory.create(subscriber=cast.shop).code}/notes"

    assert _refused(api.send("POST", path, b'{"text": "' + b"a" * 65_536 + b'"}')) == (413, "too_large")
    answer = api.client.post(f"/api/v1{path}", {"text": "x"}, headers={"Authorization": f"Bearer {api.key}"})
    assert _refused(answer) == (415, "wrong_type")


def test_reads_no_body_where_nothing_is_written(api: Program) -> None:
    answer = api.client.generic("GET", "/api/v1/me", "x", "text/plain", headers={"Authorization": f"Bearer {api.key}"})

    assert answer.status_code == 200


def test_reads_no_query_of_a_thousand_names(api: Program) -> None:
    answer = api.get("/orders", **{f"n{number}": "" for number in range(1001)})

    assert _refused(answer) == (422, "invalid")
    assert answer.json()["errors"][0]["in"] == "query"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "YOK"])
def test_gives_the_reference_to_readers_alone(api: Program, method: str) -> None:
    answer = api.send(method, "/docs")

    assert _refused(answer) == (405, "wrong_method")
    assert answer.headers["Allow"] == "GET, HEAD"
    assert (api.get("/docs").status_code, api.send("HEAD", "/docs").status_code) == (200, 200)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/api", "/api/v1"])
def test_knows_no_address_above_its_own(db: None, method: str, path: str) -> None:
    assert _refused(Client().generic(method, path)) == (404, "unknown_address")


@pytest.mark.case(58)
def test_limits_a_shop_whatever_keys_it_uses(api: Program, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "READS", 3)
    monkeypatch.setattr(rates.time, "time", lambda: 1_800_000_030.0)
    second = program(cast.shop, cast.owner, key="onay_live_second")
    answers = [each.get("/me") for each in (api, second, api, second)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert _refused(answers[3]) == (429, "too_many")
    assert (answers[3].headers["Retry-After"], answers[3].headers["RateLimit-Limit"]) == ("31", "3")
    assert program(cast.other_shop, cast.other_owner).get("/me").status_code == 200
    assert api.post("/orders/x/notes", {"text": "x"}).headers["RateLimit-Limit"] == "60"
    monkeypatch.setattr(rates.time, "time", lambda: 1_800_000_061.0)
    assert api.get("/me").status_code == 200


@pytest.mark.case(58)
def test_lets_nobody_try_keys_without_end(api: Program, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    monkeypatch.setattr(rates, "WRONG_KEYS", 3)
    monkeypatch.setattr(rates.time, "time", lambda: 1_800_000_030.0)
    wrong, here = Program(key="onay_live_wrong"), {"X_Forwarded_For": "198.51.100.7, 203.0.113.5"}
    answers = [wrong.send("GET", "/me", **here) for _ in range(4)]

    assert [_refused(answer) for answer in answers] == [(401, "key_unknown")] * 3 + [(429, "too_many_wrong_keys")]
    assert answers[3].headers["Retry-After"] == "31"
    wrong.key = "x" * 5000
    assert _refused(wrong.send("GET", "/me", **here)) == (429, "too_many_wrong_keys")
    assert _refused(wrong.send("GET", "/me", X_Forwarded_For="198.51.100.7")) == (401, "key_unknown")
    assert api.send("GET", "/me", **here).status_code == 200
    monkeypatch.setattr(rates.time, "time", lambda: 1_800_000_061.0)
    assert _refused(wrong.send("GET", "/me", **here)) == (401, "key_unknown")


@pytest.mark.parametrize(
    ("addresses", "status"),
    [
        (["2001:db8:1:2::1", "2001:db8:1:2:ffff::7"], 429),
        (["2001:db8:1:2::1", "2001:db8:1:3::1"], 401),
        (["::ffff:203.0.113.5", "203.0.113.5"], 429),
        (["::ffff:203.0.113.5", "::ffff:203.0.113.6"], 401),
    ],
)
def test_counts_wrong_keys_by_what_one_customer_has_of_addresses(
    db: None, monkeypatch: pytest.MonkeyPatch, settings: Settings, addresses: list[str], status: int
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    monkeypatch.setattr(rates, "WRONG_KEYS", 1)
    wrong = Program(key="onay_live_wrong")
    answers = [wrong.send("GET", "/me", X_Forwarded_For=address) for address in addresses]

    assert [answer.status_code for answer in answers] == [401, status]


@pytest.mark.parametrize("place", [{"REMOTE_ADDR": ""}, {"HTTP_X_FORWARDED_FOR": "203.0.113.5"}])
def test_goes_by_the_key_alone_where_nobody_can_tell_the_address(
    api: Program, monkeypatch: pytest.MonkeyPatch, settings: Settings, place: dict[str, str]
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    monkeypatch.setattr(rates, "WRONG_KEYS", 1)
    callers._say_untold.cache_clear()
    told = [{"Authorization": f"Bearer {key}"} for key in (api.key, *["onay_live_wrong"] * 3)]
    with capture_logs() as logged:
        answers = [api.client.get("/api/v1/me", headers=each, **place) for each in told]

    assert [answer.status_code for answer in answers] == [200, 401, 401, 401]
    assert [entry["event"] for entry in logged].count("api_address_untold") == 1


def test_counts_no_key_that_opens(api: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "WRONG_KEYS", 1)
    answers = [api.get("/me") for _ in range(3)]
    answers += [Client().get("/api/v1/me") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200] * 3 + [401] * 3
    assert api.get("/me").status_code == 200


def test_answers_while_nobody_can_count(api: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise Away("gone")

    monkeypatch.setattr(limits.RedisCache, "add", away)
    monkeypatch.setattr(limits.RedisCache, "get", away)
    monkeypatch.setattr(limits.OpenCache, "down_until", 0.0)
    answer, wrong = api.get("/me"), Program(key="onay_live_wrong").get("/me")
    limits.OpenCache.down_until = 0.0

    assert (answer.status_code, "RateLimit-Limit" in answer.headers, wrong.status_code) == (200, False, 401)


@pytest.mark.parametrize("place", ["subscribers.api_keys.find", "orders.queries.Orders.after"])
def test_asks_to_come_again_while_the_database_is_away(
    api: Program, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(place, away)
    answer = api.get("/orders")

    assert _refused(answer) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "30"


@pytest.mark.case(26)
@pytest.mark.parametrize("form", ["json", "console"])
def test_writes_a_key_into_no_log(cast: Cast, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    key = "onay_live_CANARY0123456789abcdefghijklmnopqrstuvwxyz-_"
    api = program(cast.shop, cast.owner, key=key)
    logs.configure({"format": form})
    (handler,) = [one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler]
    stream = io.StringIO()
    handler.setStream(stream)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"with {key}")

    try:
        monkeypatch.setattr("orders.queries.Orders.after", broken)
        assert _refused(api.get("/orders")) == (500, "failed")
        api.get(f"/yok/{key}", q=key)
        api.get("/me", q=key)
        logging.getLogger("granian.access").error('"GET /api/v1/orders?key=%s HTTP/1.1"', key)
    finally:
        logs.configure(configured.LOGGING)

    assert "api_failed" in stream.getvalue()
    assert "CANARY" not in stream.getvalue()
