"""Whatever comes, the operator answers with a code of its own."""

from typing import Any

import pytest

BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b'{"messages": 5}',
    b'{"msgheader": "ORNEK", "messages": [5]}',
    b'{"msgheader": "ORNEK", "messages": [{"no": [], "msg": {}}]}',
    b'{"jobids": {}}',
    b'{"jobids": [{}], "pagenumber": 1e999}',
    b'{"jobids": [{}], "pagesize": "many"}',
    b'{"startdate": {}, "stopdate": []}',
]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("path", ["send", "report"])
def test_refuses_what_makes_no_sense_with_70(sandbox: Any, path: str, body: bytes) -> None:
    answer = sandbox.netgsm("POST", path, data=body)
    assert (answer.status_code, answer.json()["code"]) == (406, "70")


@pytest.mark.parametrize("text", ["\ud800", "\u0000", "\u202eonay", "🙂" * 195])
def test_accepts_odd_texts(sandbox: Any, text: str) -> None:
    assert sandbox.send(text).json()["code"] == "00"
    assert sandbox.control("GET", "netgsm/messages?to=5321234567")[0]["text"] == text
    assert sandbox.control("GET", "phone/5321234567")[0]["text"] == text


@pytest.mark.parametrize("query", [{"startdate": "x", "stopdate": "y"}, {"startdate": "011120260000"}])
def test_refuses_odd_dates_of_the_inbox(sandbox: Any, query: dict[str, str]) -> None:
    assert sandbox.netgsm("GET", "inbox", params=query).json()["code"] == "70"
