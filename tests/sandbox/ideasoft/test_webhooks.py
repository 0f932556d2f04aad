import base64
import hashlib
import hmac
import json
from typing import Any

import pytest


def cancelled(store: Any) -> dict[str, Any]:
    order: dict[str, Any] = store.order()
    store.control("PATCH", f"orders/{order['id']}", status="cancelled")
    return order


def test_signs_the_raw_body_with_the_client_secret(store: Any, listener: Any) -> None:
    store.subscribe(listener.url)
    cancelled(store)
    store.sandbox.wait_for("webhook_delivered")
    _, headers, body = listener.posts[0]
    expected = hmac.new(store.client["client_secret"].encode(), body, hashlib.sha256).digest()
    assert headers["X-Ideashop-Hmac-Sha256"] == base64.b64encode(expected).decode()


def test_tells_only_the_id_and_what_changed(store: Any, listener: Any) -> None:
    store.subscribe(listener.url)
    order = cancelled(store)
    store.sandbox.wait_for("webhook_delivered")
    body = json.loads(listener.posts[0][2])
    assert (body["id"], body["status"]) == (order["id"], "cancelled")
    assert set(body) == {"id", "status", "updatedAt"}


def test_tells_of_a_new_order(store: Any, listener: Any) -> None:
    store.subscribe(listener.url, "order/create")
    order = store.order()
    store.sandbox.wait_for("webhook_delivered")
    body = json.loads(listener.posts[0][2])
    assert (body["id"], body["transactionId"]) == (order["id"], order["transactionId"])


def test_tells_of_changes_by_api(store: Any, listener: Any) -> None:
    store.subscribe(listener.url)
    order = store.order()
    store.call("PUT", f"admin-api/orders/{order['id']}", json={"status": "approved"})
    store.sandbox.wait_for("webhook_delivered")
    assert json.loads(listener.posts[0][2])["status"] == "approved"


def test_stays_silent_when_asked_to(store: Any, listener: Any) -> None:
    store.subscribe(listener.url, "order/create")
    store.order(webhook=False)
    store.order()
    store.sandbox.wait_for("webhook_delivered")
    assert len(listener.posts) == 1


@pytest.mark.parametrize("status", [500, 201, 302])
def test_tries_again_until_exactly_200(store: Any, listener: Any, status: int) -> None:
    store.set(webhook_spacing_seconds=0.01)
    listener.statuses = [status]
    store.subscribe(listener.url)
    cancelled(store)
    (line,) = store.sandbox.wait_for("webhook_delivered")
    assert (line["attempt"], len(listener.posts)) == (2, 2)


def test_deletes_the_subscription_after_the_last_try(store: Any, listener: Any) -> None:
    store.set(webhook_spacing_seconds=0.01)
    listener.statuses = [500] * 3
    store.subscribe(listener.url)
    cancelled(store)
    (line,) = store.sandbox.wait_for("webhook_dropped")
    assert (line["address"], len(store.sandbox.ledger("webhook_failed"))) == (listener.url, 3)
    assert store.call("GET", "admin-api/client_webhooks").json() == []


def test_repeats_where_a_fault_says_so(store: Any, listener: Any) -> None:
    store.sandbox.control("POST", "faults", system="store:*", kind="repeat", copies=3)
    store.subscribe(listener.url)
    cancelled(store)
    store.sandbox.wait_for("webhook_repeated", 2)
    assert len({body for _, _, body in listener.posts}) == 1
    assert len(listener.posts) == 3


def test_keeps_subscriptions(store: Any) -> None:
    made = store.subscribe("https://ornek.example/hook").json()
    path = f"admin-api/client_webhooks/{made['id']}"
    assert store.call("PUT", path, json={"status": 0}).json()["status"] == 0
    assert store.call("GET", "admin-api/client_webhooks/count").json() == {"count": 1}
    assert store.call("DELETE", path).status_code == 204
    assert store.call("GET", path).status_code == 404


@pytest.mark.parametrize("wrong", [{"topic": "order/eaten"}, {"address": "ftp://x"}, {"status": "on"}])
def test_refuses_what_it_does_not_know(store: Any, wrong: dict[str, Any]) -> None:
    body = {"topic": "order/create", "address": "https://ornek.example/hook", **wrong}
    assert store.call("POST", "admin-api/client_webhooks", json=body).status_code == 400


def test_refuses_a_subscription_without_an_address(store: Any) -> None:
    assert store.call("POST", "admin-api/client_webhooks", json={"topic": "order/create"}).status_code == 400


def test_loses_subscriptions_when_the_control_says_so(store: Any) -> None:
    store.subscribe("https://ornek.example/hook")
    assert [one["topic"] for one in store.control("GET", "webhooks")] == ["order/update"]
    store.control("DELETE", "webhooks")
    assert store.control("GET", "webhooks") == []
