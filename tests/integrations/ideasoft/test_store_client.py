"""Calls to a store: what is asked, and what every answer lets the caller do. Case 20."""

import socket
import struct
from datetime import UTC, datetime

import pytest

from integrations.failures import PermissionMissing, Rejected, Unavailable, Unknown
from integrations.ideasoft import client
from integrations.ideasoft.client import Store, TokenRefused, Webhook
from integrations.ideasoft.payloads import Status

pytestmark = pytest.mark.usefixtures("loopback")

ORDER = {"id": 7, "transactionId": "c88728ce28151", "status": "waiting_for_approval", "sum": 1}
APPROVED = {**ORDER, "status": "approved"}


@pytest.fixture
def store(stubs):
    """Starts a store that gives these answers; `store.stub` is its server."""

    def start(*answers):
        start.stub = stubs.start(answers[0]) if callable(answers[0]) else stubs.answering(*answers)
        return Store(url=start.stub.url, access_token="canary", deadline=2.0)

    return start


def asked(store):
    return [(request.method, request.target) for request in store.stub.requests]


READS = {
    "orders": client.orders,
    "changed_orders": lambda store: client.changed_orders(store, since_at=datetime(2026, 3, 5, tzinfo=UTC)),
    "order": lambda store: client.order(store, 7),
    "webhooks": client.webhooks,
}
WRITES = {
    "set_status": lambda store: client.set_status(store, 7, Status.APPROVED),
    "create_webhook": lambda store: client.create_webhook(store, "order/create", "https://x/y"),
    "delete_webhook": lambda store: client.delete_webhook(store, 3),
}


def test_hides_the_token_in_repr():
    assert "canary" not in repr(Store(url="https://ornek.myideasoft.com", access_token="canary"))


def test_asks_with_the_token(store):
    client.orders(store([]))
    assert store.stub.last.headers["authorization"] == "Bearer canary"


def test_asks_for_orders_after_an_id(store):
    found = client.orders(store([ORDER]), since_id=5, page=2, limit=50)
    assert [order.external_id for order in found] == [7]
    assert asked(store) == [("GET", "/admin-api/orders?sort=id&limit=50&page=2&sinceId=5")]


def test_asks_for_orders_by_their_ids(store):
    client.orders(store([]), ids=[3, 4])
    assert store.stub.last.query["ids"] == "3,4"


@pytest.mark.parametrize("count", [0, 101])
def test_refuses_more_ids_than_a_query_takes(store, count):
    with pytest.raises(ValueError, match="100"):
        client.orders(store([]), ids=[1] * count)


def test_asks_for_changes_in_turkish_time(store):
    client.changed_orders(store([]), since_at=datetime(2026, 3, 5, 21, 30, tzinfo=UTC))
    assert store.stub.last.path == "/api/orders"
    assert store.stub.last.query["startUpdatedAt"] == "2026-03-06 00:30:00"


def test_skips_an_order_that_cannot_be_read(store):
    assert [order.external_id for order in client.orders(store([{}, None, "x", ORDER]))] == [7]


def test_reads_one_order(store):
    assert client.order(store(ORDER), 7).reference == "c88728ce28151"
    assert asked(store) == [("GET", "/admin-api/orders/7")]


def test_finds_an_order_by_reference(store):
    assert client.find(store([{**ORDER, "id": 1, "transactionId": "x"}, ORDER]), " C88728CE28151 ").external_id == 7
    assert store.stub.last.query["transactionId"] == "C88728CE28151"


@pytest.mark.parametrize("refusal", [403, 404])
def test_finds_an_order_by_the_admin_list_where_the_store_refuses_the_other(store, refusal):
    assert client.find(store((refusal, {}), [ORDER]), "c88728ce28151").external_id == 7
    assert store.stub.last.path == "/admin-api/orders"
    assert store.stub.last.query["s"] == "c88728ce28151"


def test_finds_an_order_by_its_id_where_no_reference_fits(store):
    assert client.find(store([], ORDER), "7").external_id == 7
    assert asked(store)[1] == ("GET", "/admin-api/orders/7")


@pytest.mark.parametrize("answers", [([], (404, {})), ([ORDER], (404, {}))])
def test_finds_nothing_for_a_foreign_reference(store, answers):
    assert client.find(store(*answers), "99") is None


def test_asks_no_id_for_a_reference_of_letters(store):
    assert client.find(store([]), "abc") is None
    assert len(store.stub.requests) == 1


def test_sets_a_status_alone(store):
    assert client.set_status(store(APPROVED), 7, Status.APPROVED).status is Status.APPROVED
    assert asked(store) == [("PUT", "/admin-api/orders/7")]
    assert store.stub.last.json == {"status": "approved"}


@pytest.mark.parametrize("refusal", [400, 422])
def test_puts_the_whole_order_where_the_store_wants_it(store, refusal):
    found = client.set_status(store((refusal, {}), ORDER, APPROVED), 7, Status.APPROVED)
    assert found.status is Status.APPROVED
    assert [method for method, _ in asked(store)] == ["PUT", "GET", "PUT"]
    assert store.stub.last.json == APPROVED


def test_says_what_the_store_answered_and_not_what_was_asked(store):
    assert client.set_status(store(ORDER), 7, Status.APPROVED).status is Status.WAITING_FOR_APPROVAL


HOOK = {"id": 3, "topic": "order/create", "address": "https://x/y", "status": 1}


def test_lists_webhooks(store):
    found = client.webhooks(store([HOOK, {**HOOK, "id": 4, "status": 0}, {}]))
    assert [(each.external_id, each.active) for each in found] == [(3, True), (4, False)]


def test_creates_a_webhook(store):
    created = client.create_webhook(store((201, HOOK)), "order/create", "https://x/y")
    assert created == Webhook(external_id=3, topic="order/create", address="https://x/y", active=True)
    assert store.stub.last.json == {"topic": "order/create", "address": "https://x/y", "status": 1}


@pytest.mark.parametrize("status", [204, 404])
def test_deletes_a_webhook_or_finds_it_gone(store, status):
    client.delete_webhook(store((status, b"")), 3)
    assert asked(store) == [("DELETE", "/admin-api/client_webhooks/3")]


@pytest.mark.case(20)
@pytest.mark.parametrize("name", [*READS, *WRITES])
@pytest.mark.parametrize(
    ("answer", "failure", "reason"),
    [
        ((401, {"error": "invalid_grant", "error_description": "expired"}), TokenRefused, "token_refused"),
        ((403, {"code": 403, "errorMessage": "no"}), PermissionMissing, "permission_missing"),
        ((405, b""), Rejected, "refused"),
        ((429, b""), Unavailable, "busy"),
        ((503, b"<html>"), Unavailable, "busy"),
        ((302, b"", {"Location": "https://ornek.com/"}), Rejected, "redirect"),
    ],
)
def test_tells_every_refusal_by_its_status(store, name, answer, failure, reason):
    with pytest.raises(failure) as caught:
        {**READS, **WRITES}[name](store(answer))
    assert (type(caught.value), caught.value.reason, caught.value.code) == (failure, reason, str(answer[0]))


@pytest.mark.case(20)
def test_says_how_long_a_busy_store_asks_to_wait(store):
    with pytest.raises(Unavailable) as caught:
        client.orders(store((429, b"", {"Retry-After": "30"})))
    assert caught.value.retry_after == 30.0


@pytest.mark.case(20)
@pytest.mark.parametrize("name", ["order", "set_status", "create_webhook"])
def test_says_when_nothing_is_there(store, name):
    with pytest.raises(Rejected, match="not_found"):
        {**READS, **WRITES}[name](store((404, {"code": 404, "errorMessage": "Not Found"})))


def test_says_what_the_store_did_not_like(store):
    with pytest.raises(Rejected) as caught:
        client.set_status(store((422, {"code": 422, "errorMessage": "status: unknown"})), 7, Status.APPROVED)
    assert caught.value.detail == "status: unknown"


BROKEN = [
    (500, b""),
    (502, b"<html>"),
    (504, b""),
    (200, b"<html>login</html>"),
    (200, b"{"),
    (200, b"x" * 3_000_000),
]


@pytest.mark.case(20)
@pytest.mark.parametrize("name", READS)
@pytest.mark.parametrize("answer", BROKEN)
def test_says_unavailable_for_a_read_that_broke(store, name, answer):
    with pytest.raises(Unavailable):
        READS[name](store(answer))


@pytest.mark.case(20)
@pytest.mark.parametrize("name", ["set_status", "create_webhook"])
@pytest.mark.parametrize("answer", [*BROKEN, (200, []), (200, {"x": 1})])
def test_says_unknown_for_a_write_without_a_readable_answer(store, name, answer):
    with pytest.raises(Unknown):
        WRITES[name](store(answer))


def hang(connection, request):
    pass


def reset(connection, request):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    raise OSError


@pytest.mark.case(20)
@pytest.mark.parametrize("fault", [hang, reset])
def test_tells_a_lost_read_from_a_lost_write(store, fault):
    with pytest.raises(Unavailable):
        client.order(store(fault), 7)
    with pytest.raises(Unknown):
        client.set_status(store(fault), 7, Status.APPROVED)


def test_says_unavailable_for_a_write_that_never_left():
    with pytest.raises(Unavailable, match="connect"):
        client.set_status(Store(url="http://127.0.0.1:1", access_token="x"), 7, Status.APPROVED)
