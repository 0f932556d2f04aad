"""The addresses that the outside calls: what they answer, and what is kept before they do (R4, R6)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import OperationalError, transaction
from django.test import Client
from django.utils import timezone

from integrations.ideasoft import webhooks
from integrations.ideasoft.models import Store
from integrations.netgsm.models import Account
from messaging import inbox
from messaging.models import IncomingMessage, UnreadablePush
from orders.models import Sighting
from sandbox.ideasoft.webhooks import sign
from subscribers.models import Subscriber
from subscribers.secrets import new_token, token_hash
from tests.subscribers import rows
from work import wake

pytestmark = pytest.mark.django_db
BUYER = "5321234567"

NEW_FIELDS = {
    "messageId": "77",
    "content": "Onay 12345",
    "sourceNumber": BUYER,
    "subscriberNumber": "8501234567",
    "messageDateTime": "24.11.2026 10:00:00",
}
OLD_FIELDS = {
    "gorevid": "77",
    "mesaj": "Onay 12345",
    "ceptel": BUYER,
    "aboneno": "8501234567",
    "tarih": "24.11.2026 10:00:00",
}
SECRET = "mağaza-sırrı"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def account() -> Account:
    """An account whose subscriber has the line 8501234567."""
    account: Account = rows.row(Account, rows.subscriber("Bizim"))
    return account


@pytest.fixture
def path(account: Account) -> str:
    """The path of its SMS hook."""
    return f"/hooks/netgsm/{account.subscriber.reveal('hook_token')}/sms"


@pytest.fixture
def store() -> Store:
    """A store with its hook address and client secret."""
    token, store = new_token(), Store(subscriber=rows.subscriber("Bizim"), url="https://m.myideasoft.com")
    store.seal("hook_token", token)
    store.seal("client_secret", SECRET)
    store.hook_token_hash = token_hash(token)
    store.save()
    return store


def _json(path: str, fields: Any) -> Any:
    return Client().post(path, json.dumps(fields), content_type="application/json")


def _close() -> None:
    Subscriber.objects.update(suspended_at=timezone.now(), closed_at=timezone.now())


@pytest.mark.parametrize("body", [NEW_FIELDS, {"gorevid": "?"}], ids=["readable", "unreadable"])
def test_keeps_nothing_for_a_closed_shop(path: str, body: dict[str, str]) -> None:
    _close()
    answer = _json(path, body)

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_address")
    assert (IncomingMessage.objects.count(), UnreadablePush.objects.count()) == (0, 0)


@pytest.mark.parametrize("fields", [NEW_FIELDS, OLD_FIELDS], ids=["new fields", "old fields"])
@pytest.mark.parametrize("form", [False, True], ids=["json", "form"])
def test_keeps_a_push_in_every_shape(path: str, fields: dict[str, str], form: bool) -> None:
    body, kind = (urlencode(fields), FORM) if form else (json.dumps(fields), "application/json")

    assert Client().post(path, body, content_type=kind).status_code == 200
    kept = IncomingMessage.objects.get()
    assert (kept.text, kept.sender, kept.line, kept.came_by) == ("Onay 12345", "+905321234567", "8501234567", "push")
    assert kept.raw == fields


@pytest.mark.django_db(transaction=True)
def test_answers_200_only_once_the_message_is_committed(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(wake, "ring", lambda _: seen.append(transaction.get_connection().in_atomic_block))

    assert _json(path, NEW_FIELDS).status_code == 200
    assert (seen, IncomingMessage.objects.count()) == ([False], 1)


@pytest.mark.case(7)
def test_keeps_a_repeated_push_once(path: str) -> None:
    assert [_json(path, NEW_FIELDS).json()["new"] for _ in range(2)] == [True, False]
    assert IncomingMessage.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_refuses_every_method_but_post(path: str, method: str) -> None:
    answer = getattr(Client(), method)(path)

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "%ff%fe", "ş" * 20, "a" * 4000], ids=ascii)
def test_knows_no_other_address(path: str, token: str) -> None:
    answer = _json(f"/hooks/netgsm/{token}/sms", NEW_FIELDS)

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_address")
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.case(31)
def test_says_nothing_of_the_token_in_a_404(path: str) -> None:
    assert _json("/hooks/netgsm/one/sms", {}).content == _json("/hooks/netgsm/two/sms", {}).content


def test_refuses_and_keeps_what_it_cannot_read(path: str, account: Account) -> None:
    answer = Client().post(path, b"{oops", content_type="application/json")

    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert answer.json() == {
        "type": "about:blank",
        "title": "Bad Request",
        "code": "unreadable",
        "status": 400,
        "detail": "body: not JSON",
    }
    kept = UnreadablePush.objects.get()
    assert (bytes(kept.body), kept.content_type, kept.subscriber) == (b"{oops", "application/json", account.subscriber)


def test_takes_64_kibibytes(path: str) -> None:
    assert _json(path, {**NEW_FIELDS, "x": ""}).status_code == 200
    assert Client().post(path, b" " * 65_536, content_type="application/json").status_code == 400


def test_refuses_a_byte_more(path: str) -> None:
    answer = Client().post(path, b" " * 65_537, content_type="application/json")

    assert (answer.status_code, UnreadablePush.objects.count()) == (413, 0)


@pytest.mark.case(19)
def test_asks_to_come_again_while_the_database_is_down(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(inbox, "receive", broken)
    answer = _json(path, NEW_FIELDS)

    assert (answer.status_code, answer.headers["Retry-After"], answer.json()["code"]) == (503, "30", "unavailable")


def test_answers_404_where_the_subscriber_has_no_account(account: Account, path: str) -> None:
    account.delete()

    assert _json(path, NEW_FIELDS).status_code == 404


def _notice(store: Store, body: bytes, signature: str, topic: str = "order-create") -> Any:
    headers = {webhooks.SIGNATURE_HEADER: signature}
    return Client().post(
        f"/hooks/ideasoft/{store.reveal('hook_token')}/{topic}", body, content_type="application/json", headers=headers
    )


def _signed(store: Store, body: bytes) -> Any:
    return _notice(store, body, sign(body, SECRET))


def test_answers_the_store_with_exactly_200_and_marks_the_order(store: Store) -> None:
    assert _signed(store, b'{"id": 4711}').status_code == 200
    assert Sighting.objects.get().external_id == 4711


@pytest.mark.parametrize("signature", ["", "x", "AAAA", sign(b'{"id": 4711}', "another secret")])
def test_marks_nothing_under_a_wrong_signature(store: Store, signature: str) -> None:
    assert _notice(store, b'{"id": 4711}', signature).status_code == 401
    assert not Sighting.objects.exists()


def test_marks_nothing_where_the_signature_is_of_another_body(store: Store) -> None:
    signature = sign(b'{"id": 4712}', SECRET)

    assert _notice(store, b'{"id": 4711}', signature).status_code == 401
    assert not Sighting.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"id": 0}', b'{"id": 9223372036854775808}', b'{"id": "\\u0000"}'])
def test_marks_nothing_of_a_body_without_an_order(store: Store, body: bytes) -> None:
    assert _signed(store, body).status_code == 400
    assert not Sighting.objects.exists()


def test_marks_nothing_for_a_closed_shop(store: Store) -> None:
    _close()

    assert _signed(store, b'{"id": 4711}').status_code == 404
    assert not Sighting.objects.exists()


def test_knows_no_topic_it_did_not_subscribe_to(store: Store) -> None:
    body = b'{"id": 4711}'
    signature = sign(body, SECRET)

    assert _notice(store, body, signature, "member-create").status_code == 404


@pytest.mark.requirement("R1")
def test_takes_no_store_for_another(store: Store) -> None:
    body = b'{"id": 4711}'
    signature = sign(body, "another store's secret")

    assert _notice(store, body, signature).status_code == 401


def test_asks_the_store_to_come_again_while_the_database_is_down(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr("orders.polls.sight", broken)

    assert _signed(store, b'{"id": 4711}').status_code == 503
