import time
from typing import Any

import pytest
import requests


def test_says_it_is_well(sandbox: Any) -> None:
    assert sandbox.control("GET", "health") == {"ok": True}


def test_forgets_everything_but_ports(store: Any) -> None:
    store.order()
    store.sandbox.send()
    store.sandbox.control("POST", "reset")
    assert store.sandbox.control("GET", "ledger") == []
    (left,) = [one for one in store.sandbox.control("GET", "stores") if one["name"] == "ornek"]
    assert (left["url"], left["orders"], left["client_id"]) == (store.url, 0, store.client["client_id"])
    assert store.call("GET", "admin-api/orders").status_code == 401


def test_makes_all_as_it_was_kept_as_often_as_asked(store: Any) -> None:
    sandbox, kept = store.sandbox, store.order(transactionId="kept")
    sandbox.control("POST", "keep", name="shop")
    for reference in ("first", "second"):
        sandbox.control("POST", "reset")
        sandbox.control("POST", "restore", name="shop")
        store.order(transactionId=reference)
        sandbox.send()

        orders = store.call("GET", "admin-api/orders").json()
        assert sorted(order["transactionId"] for order in orders) == sorted(["kept", reference])
        assert sandbox.ledger("order_placed")[0]["id"] == kept["id"]
        assert len(sandbox.ledger("accepted")) == 1


def test_has_a_store_empty_that_was_opened_since_all_was_kept(store: Any) -> None:
    sandbox = store.sandbox
    sandbox.control("POST", "keep", name="shop")
    made = sandbox.control("POST", "stores", name="sonraki", port=0)
    sandbox.control("POST", "stores/sonraki/orders")
    sandbox.control("POST", "restore", name="shop")

    later = sandbox.control("GET", "stores/sonraki")
    assert (later["url"], later["orders"]) == (made["url"], 0)


def test_knows_nothing_that_was_not_kept(sandbox: Any) -> None:
    answer = requests.post(f"{sandbox.url}/_control/restore", json={"name": "never"}, timeout=5)
    assert (answer.status_code, answer.json()) == (404, {"error": "nothing is kept as never"})


def test_opens_a_store_on_a_port_of_its_own(sandbox: Any) -> None:
    made = sandbox.control("POST", "stores", name="ikinci", port=0, title="İkinci")
    again = sandbox.control("POST", "stores", name="ikinci")
    assert (again["url"], again["title"]) == (made["url"], "İkinci")
    assert made["url"] != sandbox.control("GET", "stores/ornek")["url"]
    assert "İkinci" in requests.get(made["url"], timeout=5).text


def test_refuses_connections_of_a_closed_store_until_it_opens_again(store: Any) -> None:
    store.control("POST", "port", open=False)
    with pytest.raises(requests.ConnectionError, match="refused"):
        store.call("GET", "admin-api/orders")
    store.control("POST", "port", open=True)
    assert store.call("GET", "admin-api/orders").status_code == 200


def test_refuses_a_store_name_that_is_no_host_name(sandbox: Any) -> None:
    answer = requests.post(f"{sandbox.url}/_control/stores", json={"name": "Örnek Mağaza"}, timeout=5)
    assert answer.status_code == 400


def test_refuses_a_choice_it_does_not_know(sandbox: Any) -> None:
    wish = {"usercode": "8501234567", "inbox_dates": "yyyy"}
    answer = requests.post(f"{sandbox.url}/_control/netgsm/accounts", json=wish, timeout=5)
    assert (answer.status_code, "inbox_dates" in answer.json()["error"]) == (400, True)


def test_reads_the_ledger_by_system_kind_and_number(sandbox: Any) -> None:
    sandbox.send()
    first = sandbox.control("GET", "ledger?system=netgsm&kind=accepted")[0]
    sandbox.send("Yine")
    later = sandbox.control("GET", f"ledger?kind=accepted&after={first['n']}")
    assert [line["text"] for line in later] == ["Yine"]
    assert sandbox.control("GET", "ledger?kind=accepted&count=1") == {"count": 2}


def test_clears_the_ledger(sandbox: Any) -> None:
    sandbox.send()
    sandbox.control("DELETE", "ledger")
    assert sandbox.control("GET", "ledger") == []


def test_answers_later_by_the_latency_set(store: Any) -> None:
    store.sandbox.control("POST", "latency", system="store:*", seconds=0.2)
    started = time.monotonic()
    store.call("GET", "admin-api/orders")
    assert time.monotonic() - started >= 0.2


def test_shows_both_sides_of_a_conversation(sandbox: Any) -> None:
    sandbox.send("Onaylıyor musunuz?")
    sandbox.answer("Onay 12345")
    lines = sandbox.control("GET", "phone/5321234567")
    assert [(line["direction"], line["text"]) for line in lines] == [
        ("in", "Onaylıyor musunuz?"),
        ("out", "Onay 12345"),
    ]


def test_says_404_for_an_unknown_line(sandbox: Any) -> None:
    body = {"from": "5321234567", "to": "8509999999", "text": "x"}
    assert requests.post(f"{sandbox.url}/_control/phone/sms", json=body, timeout=5).status_code == 404


def test_refuses_in_json(sandbox: Any) -> None:
    for path in ("yok", "stores/yok"):
        answer = requests.get(f"{sandbox.url}/_control/{path}", timeout=5)
        assert (answer.status_code, "error" in answer.json()) == (404, True)
