"""What the switchboard asks and the answers it understands (R8; facts, the cloud switchboard, A and B)."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.documents import Unreadable
from integrations.netgsm import switchboard
from integrations.netgsm.switchboard import Asked

pytestmark = pytest.mark.requirement("R8")

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
FIELDS = {
    "arayan_no": "05321234567",
    "aranan_no": "8501234567",
    "santral_no": "8501234567",
    "arama_id": "1763.42",
    "tus_bilgisi": "-1",
    "magaza": "benim",
}
ASKED = Asked(caller="+905321234567", call="1763.42", keys="")


@pytest.mark.parametrize(
    ("query", "body", "content_type"),
    [
        (urlencode(FIELDS), b"", ""),
        ("", urlencode(FIELDS).encode(), FORM),
        ("", json.dumps(FIELDS).encode(), JSON),
        ("", json.dumps({**FIELDS, "more": {"deep": [1]}}).encode(), "text/plain"),
        ("arama_id=older", json.dumps(FIELDS).encode(), JSON),
        (urlencode({name.upper(): value for name, value in FIELDS.items()}), b"", FORM),
    ],
    ids=["GET", "form", "JSON", "JSON by another name", "query and body", "capitals"],
)
def test_reads_a_request_in_every_shape(query: str, body: bytes, content_type: str) -> None:
    assert switchboard.parse(query, body, content_type) == ASKED


@pytest.mark.parametrize(
    ("number", "caller"),
    [
        ("5321234567", "+905321234567"),
        ("905321234567", "+905321234567"),
        ("02122223344", "+902122223344"),
        ("+4930901820", "+4930901820"),
        ("004930901820", "+4930901820"),
        ("", ""),
        ("anonymous", ""),
        ("0", ""),
        ("101", ""),
    ],
)
def test_reads_a_caller_in_every_spelling(number: str, caller: str) -> None:
    assert switchboard.parse(urlencode({"arayan_no": number}), b"", "").caller == caller


@pytest.mark.parametrize(
    ("pressed", "keys"), [("-1", ""), ("", ""), ("100245#", "100245#"), ("1 2x", "12"), ("9" * 50, "9" * 32)]
)
def test_reads_the_keys_that_were_pressed(pressed: str, keys: str) -> None:
    assert switchboard.parse(urlencode({"tus_bilgisi": pressed}), b"", "").keys == keys


def test_takes_a_request_without_any_field_as_a_withheld_number() -> None:
    assert switchboard.parse("", b"", "") == Asked(caller="", call="", keys="")


@pytest.mark.parametrize(
    ("query", "body", "content_type"),
    [
        ("", b"{", JSON),
        ("", b"[1]", JSON),
        ("", b'"text"', JSON),
        ("", b"=&" * 100, FORM),
        ("a=1&" * 100, b"", ""),
        ("a" * 70_000, b"", ""),
        ("", b"a" * 70_000, FORM),
    ],
)
def test_refuses_what_it_cannot_read(query: str, body: bytes, content_type: str) -> None:
    with pytest.raises(Unreadable):
        switchboard.parse(query, body, content_type)


@given(query=st.text(), body=st.binary(), content_type=st.sampled_from([JSON, FORM, "", "?"]))
def test_reads_or_refuses_whatever_comes(query: str, body: bytes, content_type: str) -> None:
    try:
        asked = switchboard.parse(query, body, content_type)
    except Unreadable:
        return
    assert (len(asked.keys) <= 32, len(asked.call) <= 100, len(asked.caller) <= 16) == (True, True, True)


def test_answers_in_the_three_ways_a_switchboard_knows() -> None:
    assert switchboard.reads_out("a") == {"status": "success", "result": "1", "data": "a"}
    assert switchboard.puts_through("a", "102") == {
        "status": "success",
        "result": "dynamic",
        "redirect": "102",
        "data": "a",
    }
    assert switchboard.fails("a") == {"status": "error", "result": "e", "data": "a"}
