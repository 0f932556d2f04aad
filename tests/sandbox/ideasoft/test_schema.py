"""Every answer of the API against the platform's own description, and proof that the check has teeth."""

from typing import Any

import pytest

from sandbox.ideasoft.schema import find_fault

CALLS = [
    ("GET", "/admin-api/orders"),
    ("GET", "/admin-api/orders/1001"),
    ("PUT", "/admin-api/orders/1001"),
    ("GET", "/admin-api/order_user_notes"),
    ("POST", "/admin-api/order_user_notes"),
    ("GET", "/admin-api/client_webhooks"),
    ("POST", "/admin-api/client_webhooks"),
    ("GET", "/admin-api/languages"),
    ("PUT", "/admin-api/languages"),
    ("GET", "/admin-api/net_gsm"),
    ("PUT", "/admin-api/net_gsm"),
    ("GET", "/admin-api/net_gsm_logs"),
    ("GET", "/admin-api/sms_config"),
    ("PUT", "/admin-api/sms_config"),
]
BODIES = {
    "/admin-api/orders/1001": {"status": "approved"},
    "/admin-api/order_user_notes": {"note": "x", "order": {"id": 1001}},
    "/admin-api/client_webhooks": {
        "topic": "order/create",
        "address": "https://ornek.example/hook",
        "status": 1,
    },
    "/admin-api/languages": {"key": "_AddToCart_", "value": "x"},
    "/admin-api/net_gsm": {"username": "8501234567", "password": "gizli", "msgHeader": "ORNEK"},
    "/admin-api/sms_config": {"orderReceived": 1},
}


def fill(store: Any) -> None:
    for path in ("net_gsm", "sms_config"):
        store.call("PUT", f"admin-api/{path}", json=BODIES[f"/admin-api/{path}"])
    store.control("POST", "orders", count=10)
    for path in ("order_user_notes", "client_webhooks"):
        store.call("POST", f"admin-api/{path}", json=BODIES[f"/admin-api/{path}"])


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_answers_as_described(store: Any, method: str, path: str) -> None:
    fill(store)
    answer = store.call(method, path[1:], json=BODIES.get(path))
    assert answer.json()
    assert find_fault(method, path, answer.status_code, answer.json()) is None


@pytest.mark.parametrize(
    ("field", "value"), [("status", "sold"), ("finalAmount", "12"), ("id", None), ("deviceType", "fridge")]
)
def test_finds_a_wrong_value(store: Any, field: str, value: Any) -> None:
    order = {**store.order(), field: value}
    assert field in str(find_fault("GET", "/admin-api/orders/1001", 200, order))


def test_finds_a_missing_field(store: Any) -> None:
    order = store.order()
    del order["transactionId"]
    assert "transactionId" in str(find_fault("GET", "/admin-api/orders", 200, [order]))


def test_turns_a_wrong_answer_into_a_500_when_validating(store: Any) -> None:
    order = store.order(deviceType="fridge")
    assert store.call("GET", f"admin-api/orders/{order['id']}").status_code == 500
    assert "deviceType" in store.sandbox.ledger("invalid_answer")[0]["reason"]
