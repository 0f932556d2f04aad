"""A store can begin with a past: believable, in order, and told to nobody (R9)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from sandbox.clock import now
from sandbox.ideasoft.examples import PAYMENTS
from sandbox.ideasoft.orders import STATUSES


@pytest.fixture
def past(store: Any) -> list[dict[str, Any]]:
    assert store.control("POST", "past", count=120)["placed"] == 120
    found = [store.call("GET", f"admin-api/orders?sort=id&limit=100&page={page}").json() for page in (1, 2)]
    return [order for page in found for order in page]


def created(order: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(order["createdAt"])


def test_spreads_them_over_sixty_days_by_rising_ids(past: list[dict[str, Any]]) -> None:
    moments = [created(order) for order in past]
    assert moments == sorted(moments)
    assert timedelta(days=59) < now() - moments[0] < timedelta(days=60)
    assert now() - moments[-1] < timedelta(days=1)


def test_are_of_all_payment_types_and_statuses(past: list[dict[str, Any]]) -> None:
    assert {order["paymentTypeName"] for order in past} == set(PAYMENTS)
    assert {order["status"] for order in past} == set(STATUSES) - {"deleted"}


def test_have_a_carrier_and_a_code_once_they_were_shipped(past: list[dict[str, Any]]) -> None:
    shipped = {order["shippingTrackingCode"] != "" for order in past if order["status"] in ("fulfilled", "delivered")}
    waiting = {order["shippingTrackingCode"] != "" for order in past if order["status"] == "waiting_for_approval"}
    assert (shipped, waiting) == ({True}, {False})


def test_changed_last_when_they_were_young(store: Any, past: list[dict[str, Any]]) -> None:
    since = (now() - timedelta(days=5)).strftime("%Y-%m-%d %H:%M:%S")
    found = store.call("GET", f"api/orders?sort=id&limit=100&startUpdatedAt={since}").json()
    assert 0 < len(found) < 20
    assert {order["id"] for order in found} <= {order["id"] for order in past[-20:]}


def test_are_told_to_nobody(store: Any, past: list[dict[str, Any]]) -> None:
    assert store.sandbox.ledger("order_placed") == store.sandbox.ledger("webhook_delivered") == []
    assert [line["count"] for line in store.sandbox.ledger("past_filled")] == [120]


@pytest.mark.parametrize("wish", [{"count": 0}, {"count": 10**6}, {"count": 3, "days": 0}, {}])
def test_refuses_what_makes_no_sense(store: Any, wish: dict[str, Any]) -> None:
    answer = requests.post(f"{store.sandbox.url}/_control/stores/ornek/past", json=wish or None, timeout=5)
    assert answer.status_code == 400
