import re
from typing import Any

import pytest


def numbers(store: Any, path: str) -> list[int]:
    answer = store.call("GET", path)
    assert answer.status_code == 200, answer.text
    return [order["id"] for order in answer.json()]


def test_lists_in_rising_order_after_an_id(store: Any) -> None:
    store.control("POST", "orders", count=5)
    assert numbers(store, "admin-api/orders?sort=id&limit=2&sinceId=1002") == [1003, 1004]


def test_lists_in_falling_order_and_by_pages(store: Any) -> None:
    store.control("POST", "orders", count=5)
    assert numbers(store, "admin-api/orders?sort=-id&limit=2&page=2") == [1003, 1002]


def test_gives_20_unless_asked_otherwise(store: Any) -> None:
    store.control("POST", "orders", count=21)
    assert len(numbers(store, "admin-api/orders?sort=id")) == 20


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "page=0", "startCreatedAt=1.2.2026"])
def test_refuses_parameters_out_of_range(store: Any, query: str) -> None:
    assert store.call("GET", f"admin-api/orders?{query}").status_code == 400


def test_finds_by_ids(store: Any) -> None:
    store.control("POST", "orders", count=4)
    assert numbers(store, "admin-api/orders?sort=id&ids=1003,1001,9") == [1001, 1003]


@pytest.mark.parametrize("query", ["api/orders?transactionId=", "admin-api/orders?s="])
def test_finds_by_number(store: Any, query: str) -> None:
    store.order()
    order = store.order(transactionId="c88728ce28151")
    assert numbers(store, query + "c88728ce28151") == [order["id"]]


def test_filters_by_status_and_payment(store: Any) -> None:
    store.order(status="approved")
    wanted = store.order(paymentTypeName="Kapıda Ödeme Kredi Kartı")["id"]
    query = "status=waiting_for_approval&paymentTypeName=Kapıda Ödeme Kredi Kartı"
    assert numbers(store, f"admin-api/orders?sort=id&{query}") == [wanted]


def test_filters_by_day_of_creation_in_turkish_time(store: Any) -> None:
    store.order(createdAt="2026-11-01T23:59:59+03:00")
    wanted = store.order(createdAt="2026-11-02T00:00:00+03:00")["id"]
    query = "startCreatedAt=2026-11-02&endCreatedAt=2026-11-02"
    assert numbers(store, f"admin-api/orders?sort=id&{query}") == [wanted]


def test_finds_what_changed_since(store: Any) -> None:
    changed = store.control("POST", "orders", count=3)[1]
    stamp = changed["updatedAt"][:19].replace("T", " ")
    store.control("PATCH", f"orders/{changed['id']}", status="cancelled")
    query = f"sort=id&status=cancelled&startUpdatedAt={stamp}"
    assert numbers(store, f"api/orders?{query}") == [changed["id"]]
    assert numbers(store, "api/orders?sort=id&startUpdatedAt=2099-01-01 00:00:00") == []


def test_counts(store: Any) -> None:
    store.control("POST", "orders", count=3)
    assert store.call("GET", "admin-api/orders/count").json() == {"count": 3}


@pytest.mark.parametrize("prefix", ["admin-api", "api"])
def test_changes_one_field_and_notes_who(store: Any, prefix: str) -> None:
    order = store.order()
    answer = store.call("PUT", f"{prefix}/orders/{order['id']}", json={"status": "approved"})
    assert (answer.status_code, answer.json()["status"]) == (200, "approved")
    (line,) = store.sandbox.ledger("order_changed")
    facts = {key: line[key] for key in ("id", "field", "from", "to", "by")}
    assert list(facts.values()) == [order["id"], "status", "waiting_for_approval", "approved", "api"]


def test_notes_nothing_where_nothing_changes(store: Any) -> None:
    order = store.order()
    store.call("PUT", f"admin-api/orders/{order['id']}", json={"status": order["status"]})
    assert store.sandbox.ledger("order_changed") == []


def test_ignores_fields_it_does_not_know(store: Any) -> None:
    order = store.order()
    answer = store.call("PUT", f"admin-api/orders/{order['id']}", json={"colour": "red"})
    assert (answer.status_code, "colour" in answer.json()) == (200, False)


def test_refuses_a_part_where_the_store_wants_the_whole(store: Any) -> None:
    store.set(partial_put=False)
    order = store.order()
    path = f"admin-api/orders/{order['id']}"
    assert store.call("PUT", path, json={"status": "approved"}).status_code == 422
    assert store.call("PUT", path, json={**order, "status": "approved"}).json()["status"] == "approved"


@pytest.mark.parametrize(
    "body", ['{"status": "onaylandı"}', '{"status": []}', '{"transactionId": 5}', '{"customerFirstname": {}}']
)
def test_refuses_values_it_does_not_know(store: Any, body: str) -> None:
    order = store.order()
    answer = store.call("PUT", f"admin-api/orders/{order['id']}", data=body.encode())
    assert (answer.status_code, answer.json()["code"]) == (422, 422)


@pytest.mark.parametrize("body", ["", "{", "[]"])
def test_refuses_a_body_it_cannot_read(store: Any, body: str) -> None:
    order = store.order()
    assert store.call("PUT", f"admin-api/orders/{order['id']}", data=body).status_code == 400


def test_says_404_for_an_unknown_order(store: Any) -> None:
    answer = store.call("GET", "admin-api/orders/7")
    assert (answer.status_code, answer.json()["code"]) == (404, 404)


@pytest.mark.parametrize(("style", "zone"), [("colon", "+03:00"), ("nocolon", "+0300")])
def test_writes_dates_as_the_store_is_set(store: Any, style: str, zone: str) -> None:
    order = store.order(createdAt="2026-11-02T09:05:07+03:00")
    store.set(date_style=style)
    answer = store.call("GET", f"admin-api/orders/{order['id']}").json()
    assert answer["createdAt"] == f"2026-11-02T09:05:07{zone}"


def test_mixes_payments_phones_and_the_cargo_trap(store: Any) -> None:
    orders = store.control("POST", "orders", count=10)
    assert {order["paymentTypeName"] for order in orders} >= {
        "Kapıda Ödeme Nakit",
        "Kapıda Ödeme Kredi Kartı",
    }
    trapped = [order for order in orders if order["shippingPaymentType"] == "cash_on_delivery"]
    assert trapped
    assert not any(order["paymentTypeName"].startswith("Kapıda") for order in trapped)
    shapes = {re.sub(r"\d", "5", order["customerPhone"]) for order in orders}
    assert shapes == {"+55 (555) 555 55 55", "55555555555", "5555555555"}


def test_takes_the_shorthands_of_the_control(store: Any) -> None:
    order = store.order(phone="5321234567", first_name="Ali", last_name="Ak", transactionId="100245")
    digits = re.sub(r"\D", "", order["customerPhone"])
    assert digits.endswith("5321234567")
    assert (order["customerFirstname"], order["customerSurname"]) == ("Ali", "Ak")
    assert (order["transactionId"], order["status"]) == ("100245", "waiting_for_approval")


def test_gives_each_of_many_orders_its_phone(store: Any) -> None:
    orders = store.control("POST", "orders", count=3, phone_base=5320000000)
    digits = [re.sub(r"\D", "", order["customerPhone"])[-10:] for order in orders]
    assert digits == ["5320000000", "5320000001", "5320000002"]


def test_keeps_notes(store: Any) -> None:
    order = store.order()
    body = {"note": "SMS ile onaylandı", "order": {"id": order["id"]}}
    assert store.call("POST", "admin-api/order_user_notes", json=body).status_code == 201
    (note,) = store.call("GET", f"admin-api/order_user_notes?order={order['id']}").json()
    assert (note["note"], note["order"]["id"]) == ("SMS ile onaylandı", order["id"])
