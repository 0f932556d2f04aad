"""What a store posts by itself."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.documents import Unreadable
from integrations.ideasoft import webhooks

BODY = '{"id": 7, "status": "onaylandı"}'.encode()
SECRET = "gizliş"
SIGNATURE = base64.b64encode(hmac.new(SECRET.encode(), BODY, hashlib.sha256).digest()).decode()


def test_accepts_a_body_signed_with_the_secret():
    assert webhooks.verify(BODY, SIGNATURE, SECRET)
    assert webhooks.verify(BODY, f" {SIGNATURE} ", SECRET)


@pytest.mark.parametrize(
    ("body", "signature", "secret"),
    [
        (BODY + b" ", SIGNATURE, SECRET),
        (BODY, SIGNATURE, "other"),
        (BODY, SIGNATURE[:-2], SECRET),
        (BODY, SIGNATURE.lower(), SECRET),
        (BODY, "", SECRET),
        (BODY, "ş", SECRET),
        (BODY, "!!!", SECRET),
        (BODY, base64.b64encode(hmac.new(b"", BODY, hashlib.sha256).digest()).decode(), ""),
    ],
)
def test_refuses_any_other_signature(body, signature, secret):
    assert not webhooks.verify(body, signature, secret)


@given(st.binary(max_size=50), st.text(max_size=60))
def test_refuses_any_guess(body, guess):
    assert not webhooks.verify(body, guess, SECRET)


@pytest.mark.parametrize(
    "body",
    [
        BODY,
        b'{"id": "7"}',
        b'{"order": {"id": 7}}',
        b'{"data": {"id": 7}}',
        b'[{"id": 7}]',
        b'{"id": 7, "x": null}',
    ],
)
def test_reads_which_order_changed(body):
    assert webhooks.parse(body).external_id == 7


def test_keeps_the_fields_that_came():
    assert webhooks.parse(BODY).fields == {"id": 7, "status": "onaylandı"}


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{}", b'{"id": null}', b'{"id": -1}', b'{"order": 7}', b"NaN"])
def test_refuses_a_body_without_an_id(body):
    with pytest.raises(Unreadable):
        webhooks.parse(body)


@pytest.mark.case(32)
@given(st.binary(max_size=200))
def test_survives_any_bytes(body):
    try:
        assert webhooks.parse(body).external_id > 0
    except Unreadable:
        return
