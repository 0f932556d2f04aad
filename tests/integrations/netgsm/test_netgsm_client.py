"""Calls to the operator: what is sent, and what every answer lets the caller do."""

import json
import socket
import struct
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.conf import settings

from integrations.failures import CredentialsInvalid, Rejected, Unavailable, Unknown
from integrations.netgsm import client
from integrations.netgsm.payloads import Credentials, Package, Text

pytestmark = pytest.mark.usefixtures("loopback")

CREDENTIALS = Credentials(usercode="8501234567", password="canary")
TEXTS = [
    Text(phone="+905321234567", body="Onay 1 yazıp gönderin"),
    Text(phone="+905329876543", body="Onay 2 yazıp gönderin"),
]
ACCEPTED = {"code": "00", "jobid": "17377215342605050417149344", "description": "queued"}
START, STOP = datetime(2026, 3, 4, 21, tzinfo=UTC), datetime(2026, 3, 5, 20, 59, 59, tzinfo=UTC)


@pytest.fixture
def operator(stubs, monkeypatch):
    """Starts an operator that gives these answers, and points the settings at it."""

    def start(*answers):
        stub = stubs.start(answers[0]) if callable(answers[0]) else stubs.answering(*answers)
        monkeypatch.setattr(settings, "NETGSM_API_URL", stub.url + "/")
        return stub

    return start


def send(**options):
    return client.send(CREDENTIALS, header="ORNEK", texts=TEXTS, **options)


def reports(**options):
    return client.reports(CREDENTIALS, jobids=["1", "2"], start_at=START, stop_at=STOP, **options)


def inbox(**options):
    return client.inbox(CREDENTIALS, start_at=START, stop_at=STOP, **options)


def test_hides_the_password_in_repr():
    assert "canary" not in repr(CREDENTIALS)


def test_sends_each_text_to_its_own_number(operator):
    stub = operator(ACCEPTED)
    send(encoding="TR")
    assert (stub.last.method, stub.last.path) == ("POST", "/sms/rest/v2/send")
    assert stub.last.headers["authorization"] == "Basic ODUwMTIzNDU2NzpjYW5hcnk="
    assert stub.last.json == {
        "msgheader": "ORNEK",
        "messages": [
            {"msg": "Onay 1 yazıp gönderin", "no": "5321234567"},
            {"msg": "Onay 2 yazıp gönderin", "no": "5329876543"},
        ],
        "encoding": "TR",
        "iysfilter": "0",
    }


def test_leaves_encoding_out_where_it_is_not_needed(operator):
    stub = operator(ACCEPTED)
    send()
    assert "encoding" not in stub.last.json


@pytest.mark.parametrize("code", ["00", "01", "02"])
def test_takes_the_accepting_codes(operator, code):
    operator({**ACCEPTED, "code": code})
    accepted = send()
    assert (accepted.jobid, accepted.code) == ("17377215342605050417149344", code)


@pytest.mark.case(53)
@pytest.mark.parametrize("status", [406, 200])
@pytest.mark.parametrize(
    ("code", "failure", "reason"),
    [
        ("20", Rejected, "text_refused"),
        ("30", CredentialsInvalid, "credentials"),
        ("40", Rejected, "header_unknown"),
        ("50", Rejected, "iys_refused"),
        ("51", Rejected, "iys_brand_missing"),
        ("70", Rejected, "parameter_refused"),
        ("80", Unavailable, "limit_exceeded"),
        ("85", Unavailable, "number_limit_exceeded"),
        ("100", Unavailable, "operator_error"),
        ("101", Unavailable, "operator_error"),
    ],
)
def test_tells_every_refusal_by_its_code(operator, status, code, failure, reason):
    operator((status, {"code": code, "description": "x"}))
    with pytest.raises(failure) as caught:
        send()
    assert (type(caught.value), caught.value.reason, caught.value.code) == (failure, reason, code)


@pytest.mark.case(3)
@pytest.mark.parametrize(
    "answer",
    [
        (502, b"<html>Bad gateway</html>"),
        (500, b""),
        (503, b"busy"),
        (504, b"{}"),
        (200, b"<html>OK</html>"),
        (200, b"garbage"),
        (200, b""),
        (200, {}),
        (200, []),
        (200, {"code": "00"}),
        (200, {"code": "00", "jobid": ""}),
        (500, ACCEPTED),
        (406, {"code": "99"}),
        (201, ACCEPTED),
        (204, b""),
        (301, {"code": "20"}, {"Location": "https://baska.example.com/"}),
        (302, b"", {"Location": "/login"}),
        (307, b"", {"Location": "/sms/rest/v2/send"}),
        (304, b""),
        (404, {"code": "40"}),
        (500, {"code": "100"}),
        (502, {"code": "30"}),
        (200, {"code": ["00"], "jobid": "1"}),
        (200, {"code": None, "jobid": "1"}),
        (404, b"not found"),
    ],
)
def test_says_unknown_where_the_operator_may_have_accepted(operator, answer):
    stub = operator(answer)
    with pytest.raises(Unknown):
        send()
    assert len(stub.requests) == 1


@pytest.mark.case(3)
def test_says_unknown_and_sends_no_second_time_when_the_answer_is_lost(operator):
    def reset(connection, request):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        raise OSError

    stub = operator(reset)
    with pytest.raises(Unknown):
        send()
    assert len(stub.requests) == 1


@pytest.mark.case(3)
def test_says_unknown_when_the_operator_hangs(operator):
    operator(lambda connection, request: None)
    with pytest.raises(Unknown, match="timeout"):
        send(deadline=1.0)


def test_says_unavailable_when_the_operator_is_down(monkeypatch):
    monkeypatch.setattr(settings, "NETGSM_API_URL", "http://127.0.0.1:1")
    with pytest.raises(Unavailable, match="connect"):
        send()


@pytest.mark.parametrize(
    ("status", "failure"), [(401, CredentialsInvalid), (403, CredentialsInvalid), (429, Unavailable)]
)
def test_tells_a_refusal_by_http_where_no_code_came(operator, status, failure):
    operator((status, b"<html>", {"Retry-After": "5"}))
    with pytest.raises(failure) as caught:
        send()
    assert getattr(caught.value, "retry_after", 5.0) == 5.0


def test_refuses_a_foreign_number_before_anything_leaves(operator):
    stub = operator(ACCEPTED)
    with pytest.raises(ValueError, match="Turkish"):
        client.send(CREDENTIALS, header="ORNEK", texts=[Text(phone="+491711234567", body="x")])
    assert stub.requests == []


JOB = {
    "jobid": "1", "number": "905321234567", "operator": 30, "msglen": 1, "errorCode": 0, "status": 1,
    "deliveredDate": "05.03.2026 14:07:09", "referansID": "r",
}  # fmt: skip


def test_asks_for_reports_in_turkish_time(operator):
    stub = operator({"code": "00", "jobs": [JOB]})
    reports(page=2, page_size=50)
    assert (stub.last.method, stub.last.path) == ("POST", "/sms/rest/v2/report")
    assert stub.last.json == {
        "jobids": ["1", "2"],
        "startdate": "05.03.2026 00:00:00",
        "stopdate": "05.03.2026 23:59:59",
        "pagenumber": 1,
        "pagesize": 50,
    }


def test_names_no_page_for_the_first_one(operator):
    stub = operator({"code": "00", "jobs": []})
    reports()
    assert "pagenumber" not in stub.last.json


def test_reads_reports(operator):
    operator({"code": "00", "jobs": [JOB, {**JOB, "status": 14, "deliveredDate": ""}]})
    page = reports()
    assert [(each.jobid, each.phone, each.status, each.delivery.key) for each in page.reports] == [
        ("1", "+905321234567", 1, "delivered"),
        ("1", "+905321234567", 14, "no_credit"),
    ]
    assert (page.reports[0].at, page.reports[1].at) == (datetime(2026, 3, 5, 11, 7, 9, tzinfo=UTC), None)


@pytest.mark.parametrize(("count", "more"), [(2, True), (1, False)])
def test_knows_whether_another_page_may_follow(operator, count, more):
    operator({"code": "00", "jobs": [JOB] * count})
    assert reports(page_size=2).more is more


def test_reads_an_empty_report(operator):
    operator((406, {"code": "60"}))
    page = reports()
    assert (page.reports, page.more) == ([], False)


def test_skips_a_report_that_cannot_be_read(operator):
    operator({"code": "00", "jobs": [{}, "x", JOB]})
    assert [each.jobid for each in reports().reports] == ["1"]


def test_refuses_more_jobs_than_a_query_takes():
    with pytest.raises(ValueError, match="50"):
        client.reports(CREDENTIALS, jobids=["1"] * 51, start_at=START, stop_at=STOP)


def test_names_no_jobs_where_all_of_a_time_are_asked_for(operator):
    stub = operator({"code": "00", "jobs": []})
    client.reports(CREDENTIALS, jobids=[], start_at=START, stop_at=STOP)
    assert "jobids" not in stub.last.json


MESSAGE = {
    "message": "Onay 12345",
    "sender": "5321234567",
    "receiver": "8501234567",
    "datetime": "05.03.2026 14:07:09",
}


@pytest.mark.case(17)
def test_asks_for_the_inbox_with_dates_always(operator):
    stub = operator({"code": "00", "messages": []})
    inbox()
    assert (stub.last.method, stub.last.path) == ("GET", "/sms/rest/v2/inbox")
    assert stub.last.query == {"startdate": "05032026000000", "stopdate": "05032026235959"}


def test_reads_the_inbox(operator):
    operator({"code": "00", "messages": [MESSAGE]})
    (incoming,) = inbox().messages
    assert (incoming.text, incoming.sender, incoming.line) == ("Onay 12345", "+905321234567", "8501234567")
    assert (incoming.sent_at, incoming.external_id) == (datetime(2026, 3, 5, 11, 7, 9, tzinfo=UTC), "")
    assert incoming.raw == MESSAGE


@pytest.mark.parametrize("status", [200, 406])
def test_reads_an_empty_inbox(operator, status):
    operator((status, {"code": "40", "description": "x"}))
    assert (inbox().messages, inbox().unreadable) == ([], [])


def test_takes_the_accounts_own_line_where_a_message_names_none(operator):
    operator({"code": "00", "messages": [{**MESSAGE, "receiver": ""}]})
    assert inbox(own_line="8501112233").messages[0].line == "8501112233"


def test_reads_a_bare_list_of_messages(operator):
    operator([MESSAGE])
    assert inbox().messages[0].text == "Onay 12345"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"message": "Onay"}, "sourceNumber: missing"),
        ({"sender": "5321234567"}, "content: missing"),
        ("Onay", "row: not an object"),
    ],
)
def test_hands_over_a_row_that_it_cannot_read(operator, row, reason):
    operator({"code": "00", "messages": [row, MESSAGE]})
    found = inbox()
    assert [(each.raw, each.reason) for each in found.unreadable] == [(row, reason)]
    assert [each.text for each in found.messages] == ["Onay 12345"]


@pytest.mark.case(17)
@pytest.mark.parametrize(
    "answer",
    [
        (500, b""),
        (200, b"<html>"),
        (200, b"{"),
        (302, b"", {"Location": "/"}),
        (406, {"code": "70"}),
        (200, {}),
    ],
)
def test_never_takes_a_failed_poll_for_an_empty_inbox(operator, answer):
    operator(answer)
    with pytest.raises(Unavailable):
        inbox()


@pytest.mark.parametrize(
    "read", [reports, inbox, lambda: client.headers(CREDENTIALS), lambda: client.balance(CREDENTIALS)]
)
@pytest.mark.parametrize(
    ("answer", "failure"), [((406, {"code": "30"}), CredentialsInvalid), ((406, {"code": "80"}), Unavailable)]
)
def test_tells_a_read_that_failed(operator, read, answer, failure):
    operator(answer)
    with pytest.raises(failure):
        read()


def test_lists_the_registered_headers(operator):
    stub = operator({"code": "00", "msgheaders": ["ORNEK", "8501234567", None, ""]})
    assert client.headers(CREDENTIALS) == ["ORNEK", "8501234567"]
    assert (stub.last.method, stub.last.path) == ("GET", "/sms/rest/v2/msgheader")


def test_reads_credit_and_packages(operator):
    packages = {"balance": [{"amount": 1000, "balance_name": "Adet SMS "}, {"amount": "x"}]}
    stub = operator(packages, {"code": "00", "balance": "57,860"})
    balance = client.balance(CREDENTIALS)
    assert balance.credit == Decimal("57.860")
    assert balance.packages == [Package(name="Adet SMS", amount=Decimal(1000))]
    assert [request.json["stip"] for request in stub.requests] == [1, 2]


def test_reads_an_account_without_packages(operator):
    operator((406, {"code": "60"}), {"code": "00", "balance": "0"})
    balance = client.balance(CREDENTIALS)
    assert (balance.credit, balance.packages) == (Decimal(0), [])


def test_keeps_the_password_out_of_failures(operator):
    operator((500, json.dumps({"password": "canary"}).encode()))
    with pytest.raises(Unavailable) as caught:
        client.balance(CREDENTIALS)
    assert "canary" not in f"{caught.value!r} {caught.value}"
