"""`outbound.call`: what goes out, what comes back, and how every failure is told."""

import gzip
import socket
import struct
import threading
import time
import tracemalloc

import pytest
import structlog
from django.db import connections

from integrations import connections as wire
from integrations import outbound
from integrations.failures import Rejected, Unavailable, Unknown

pytestmark = pytest.mark.usefixtures("loopback")


def test_returns_status_headers_and_body(stubs):
    stub = stubs.answering((201, b'{"a": 1}', {"X-Name": "value"}))
    answer = outbound.call("GET", stub.url)
    assert (answer.status, answer.headers["x-name"], answer.json()) == (201, "value", {"a": 1})


def test_measures_the_whole_call(stubs):
    assert 0 < outbound.call("GET", stubs.answering(b"{}").url).elapsed < 5


def test_sends_json_with_basic_credentials_in_utf8(stubs):
    stub = stubs.answering(b"{}")
    outbound.call("POST", stub.url, json={"a": "ş"}, auth=("850", "gizliş"))
    assert stub.last.json == {"a": "ş"}
    assert stub.last.headers["authorization"] == "Basic ODUwOmdpemxpxZ8="


@pytest.mark.parametrize("form", [{"a": "1 2"}, "a=1+2"])
def test_sends_a_form(stubs, form):
    stub = stubs.answering(b"{}")
    outbound.call("POST", stub.url, form=form)
    assert stub.last.form == {"a": "1 2"}
    assert stub.last.headers["content-type"] == "application/x-www-form-urlencoded"


def test_keeps_one_connection_a_thread(stubs):
    stub = stubs.answering(b"{}")
    for _ in range(3):
        outbound.call("GET", stub.url)
    assert (stub.connections, len(stub.requests)) == (1, 3)


def test_does_not_reuse_a_connection_that_was_idle_for_long(stubs, monkeypatch):
    monkeypatch.setattr(wire, "IDLE_SECONDS", 0.0)
    stub = stubs.answering(b"{}")
    outbound.call("GET", stub.url)
    outbound.call("GET", stub.url)
    assert stub.connections == 2


def test_gives_every_thread_its_own_connection(stubs):
    stub = stubs.answering(b"{}")
    outbound.call("GET", stub.url)
    other = threading.Thread(target=outbound.call, args=("GET", stub.url))
    other.start()
    other.join()
    assert stub.connections == 2


def test_keeps_no_cookies(stubs):
    stub = stubs.answering((200, b"{}", {"Set-Cookie": "session=1; Path=/"}))
    outbound.call("GET", stub.url)
    outbound.call("GET", stub.url)
    assert "cookie" not in stub.last.headers


def test_ignores_proxies_of_the_environment(stubs, monkeypatch):
    trap = stubs.answering(b"{}")
    monkeypatch.setenv("http_proxy", trap.url)
    monkeypatch.setenv("HTTPS_PROXY", trap.url)
    outbound.call("GET", stubs.answering(b"{}").url)
    assert trap.connections == 0


def test_follows_no_redirect_and_names_its_target(stubs):
    trap = stubs.answering(b"{}")
    stub = stubs.answering((302, b"", {"Location": f"{trap.url}/x?token=1"}))
    with pytest.raises(Rejected) as caught:
        outbound.call("GET", stub.url)
    assert (caught.value.reason, caught.value.code) == ("redirect", "302")
    assert caught.value.detail == "to http://127.0.0.1/x"
    assert trap.connections == 0


@pytest.mark.case(25)
@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "//127.0.0.1:22/", "http://[::1", ""],
)
def test_follows_no_redirect_to_a_private_place(stubs, target):
    stub = stubs.answering((307, b"", {"Location": target}))
    with pytest.raises(Rejected, match="redirect"):
        outbound.call("POST", stub.url, json={})
    assert len(stub.requests) == 1


@pytest.mark.case(48)
def test_does_not_read_the_body_of_a_redirect(stubs):
    head = b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 100000000\r\n\r\n"
    stub = stubs.start(lambda connection, request: connection.sendall(head))
    with pytest.raises(Rejected, match="redirect"):
        outbound.call("GET", stub.url, deadline=2)


def test_says_unavailable_when_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Unavailable, match="connect"):
        outbound.call("POST", f"http://127.0.0.1:{port}", json={})


def test_says_unavailable_for_a_name_that_does_not_exist(monkeypatch):
    monkeypatch.setattr(wire, "getaddrinfo", lambda *_, **__: (_ for _ in ()).throw(socket.gaierror()))
    with pytest.raises(Unavailable, match="name_not_found"):
        outbound.call("GET", "https://ornek.myideasoft.com")


def test_gives_up_a_name_look_up_at_the_deadline(monkeypatch):
    released = threading.Event()
    monkeypatch.setattr(wire, "getaddrinfo", lambda *_, **__: released.wait(5) and [])
    started = time.monotonic()
    with pytest.raises(Unavailable, match="name_lookup_timeout"):
        outbound.call("GET", "https://ornek.myideasoft.com", deadline=0.2)
    released.set()
    assert time.monotonic() - started < 3


@pytest.mark.case(3)
def test_says_unknown_when_the_connection_is_reset_after_the_request(stubs):
    def reset(connection, request):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        raise OSError

    with pytest.raises(Unknown, match="broken"):
        outbound.call("POST", stubs.start(reset).url, json={})


@pytest.mark.case(3)
def test_says_unknown_when_the_body_is_cut(stubs):
    def cut(connection, request):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        connection.shutdown(socket.SHUT_RDWR)

    with pytest.raises(Unknown, match="broken"):
        outbound.call("POST", stubs.start(cut).url, json={})


@pytest.mark.case(3)
@pytest.mark.parametrize("garbage", [b"\x00\xff\xfe garbage\r\n\r\n", b"HTTP/9 x\r\n\r\n", b"\r\n" * 9])
def test_says_unknown_for_garbage(stubs, garbage):
    def spew(connection, request):
        connection.sendall(garbage)
        connection.shutdown(socket.SHUT_RDWR)

    with pytest.raises(Unknown):
        outbound.call("POST", stubs.start(spew).url, json={})


def dribble(first: bytes, again: bytes, seconds: float = 0.05):
    def handle(connection, request):
        connection.sendall(first)
        for _ in range(400):
            connection.sendall(again)
            time.sleep(seconds)

    return handle


@pytest.mark.case(48)
@pytest.mark.parametrize(
    ("first", "again"),
    [
        (b"", b""),
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"a: b\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"a: b\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["hang", "status", "header", "headers", "body", "chunks", "trailers", "continue"],
)
def test_ends_a_dribbling_answer_at_the_deadline(stubs, first, again):
    stub = stubs.start(dribble(first, again))
    started = time.monotonic()
    with pytest.raises(Unknown) as caught:
        outbound.call("POST", stub.url, json={}, deadline=0.4)
    assert caught.value.reason in ("timeout", "broken")
    assert 0.1 < time.monotonic() - started < 3


@pytest.mark.case(48)
def test_ends_a_request_that_nobody_reads_at_the_deadline(stubs):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        started = time.monotonic()
        with pytest.raises(Unknown, match="timeout"):
            outbound.call("POST", f"http://127.0.0.1:{deaf.getsockname()[1]}", form="x" * 2**24, deadline=0.4)
    assert time.monotonic() - started < 3


@pytest.mark.case(48)
def test_holds_a_kept_connection_to_the_deadline_of_its_new_call(stubs):
    over = threading.Event()

    def answer_and_go_deaf(connection, request):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        over.wait(5)

    stub = stubs.start(answer_and_go_deaf)
    outbound.call("GET", stub.url, deadline=5)
    started = time.monotonic()
    with pytest.raises(Unknown, match="timeout"):
        outbound.call("POST", stub.url, form="x" * 2**24, deadline=0.4)
    over.set()
    assert (time.monotonic() - started < 3, stub.connections) == (True, 1)


@pytest.mark.case(48)
def test_ends_a_tls_handshake_at_the_deadline():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        with pytest.raises(Unavailable, match="timeout"):
            outbound.call("GET", f"https://127.0.0.1:{silent.getsockname()[1]}", deadline=0.4)
    assert time.monotonic() - started < 3


@pytest.mark.case(48)
def test_refuses_an_answer_that_says_it_is_too_large(stubs):
    stub = stubs.answering((200, b"x" * 2000))
    with pytest.raises(Unknown, match="too_large"):
        outbound.call("GET", stub.url, max_bytes=1999)


def test_takes_an_answer_of_exactly_the_limit(stubs):
    assert len(outbound.call("GET", stubs.answering(b"x" * 2000).url, max_bytes=2000).body) == 2000


@pytest.mark.case(48)
def test_refuses_a_hundred_megabytes_without_reading_them(stubs):
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n"
    stub = stubs.start(lambda connection, request: connection.sendall(head + b"x" * 10))
    with pytest.raises(Unknown, match="too_large"):
        outbound.call("GET", stub.url, deadline=2)


@pytest.mark.case(48)
def test_counts_a_gzip_bomb_after_decompression(stubs):
    bomb = gzip.compress(b"\0" * 50_000_000)
    stub = stubs.answering((200, bomb, {"Content-Encoding": "gzip"}))
    with pytest.raises(Unknown, match="too_large"):
        outbound.call("GET", stub.url)


@pytest.mark.case(48)
def test_keeps_the_memory_of_a_bomb_small(stubs):
    bomb = gzip.compress(b"\0" * 50_000_000)
    stub = stubs.answering((200, bomb, {"Content-Encoding": "gzip"}))
    tracemalloc.start()
    with pytest.raises(Unknown, match="too_large"):
        outbound.call("GET", stub.url)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_unpacks_gzip(stubs):
    stub = stubs.answering((200, gzip.compress(b"[1]"), {"Content-Encoding": "gzip"}))
    assert outbound.call("GET", stub.url).json() == [1]


@pytest.mark.case(48)
def test_refuses_a_thousand_headers(stubs):
    many = {f"X-{number}": "v" for number in range(1000)}
    with pytest.raises(Unknown, match="broken"):
        outbound.call("GET", stubs.answering((200, b"{}", many)).url)


def test_leaves_a_usable_thread_after_a_failure(stubs):
    stub = stubs.start(dribble(b"HTTP/1.1 200 OK\r\n", b"x"))
    with pytest.raises((Unknown, Unavailable)):  # on a busy machine the time may be up before a byte has left
        outbound.call("GET", stub.url, deadline=0.1)
    assert outbound.call("GET", stubs.answering(b"{}").url).status == 200


@pytest.mark.parametrize("body", [b"<html>", b"", b"\xff", b"[NaN]", b"[" * 100_000, b"1" * 5000])
def test_says_unknown_for_a_body_that_is_not_json(stubs, body):
    answer = outbound.call("GET", stubs.answering(body).url)
    with pytest.raises(Unknown, match="unreadable 200"):
        answer.json()


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("999999", 3600.0),
        ("soon", None),
        ("", None),
        ("-1", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
    ],
)
def test_reads_how_long_to_wait(stubs, header, seconds):
    answer = outbound.call("GET", stubs.answering((429, b"", {"Retry-After": header})).url)
    assert answer.retry_after == seconds


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "file:///etc/passwd",
        "gopher://127.0.0.1",
        "http://[::1",
        "http://",
        "https://a b",
        "http://x:99999",
    ],
)
def test_refuses_what_is_no_web_address(url):
    with pytest.raises(Rejected):
        outbound.call("GET", url)


def test_refuses_a_header_that_would_add_another(stubs):
    stub = stubs.answering(b"{}")
    with pytest.raises(Rejected, match="malformed"):
        outbound.call("GET", stub.url, headers={"X-A": "1\r\nX-B: 2"})
    assert stub.requests == []


def test_logs_neither_query_nor_bodies_nor_credentials(stubs):
    stub = stubs.answering((200, b'"canary-answer"', {"X-Canary": "canary-header"}))
    with structlog.testing.capture_logs() as lines:
        outbound.call("POST", f"{stub.url}/path", params={"q": "canary"}, json="canary", auth=("canary", "canary"))
    assert [(line["event"], line["method"], line["path"], line["status"]) for line in lines] == [
        ("outbound_call", "POST", "/path", 200)
    ]
    assert "canary" not in str(lines)


def test_carries_no_secret_in_a_failure():
    with pytest.raises(Unavailable) as caught:
        outbound.call("POST", "http://127.0.0.1:1/canary", form="canary", auth=("canary", "canary"))
    assert "canary" not in f"{caught.value!r}{caught.value}{caught.value.__context__!r}"


class FakeDatabase:
    alias = "default"

    def __init__(self, *, in_atomic_block, testcase):
        self.in_atomic_block = in_atomic_block
        self.atomic_blocks = [type("Block", (), {"_from_testcase": testcase})()] if in_atomic_block else []


@pytest.mark.parametrize(("in_atomic_block", "testcase"), [(False, False), (True, True)])
def test_goes_out_outside_a_transaction_or_in_a_test_cases_own(stubs, monkeypatch, in_atomic_block, testcase):
    database = FakeDatabase(in_atomic_block=in_atomic_block, testcase=testcase)
    monkeypatch.setattr(connections, "all", lambda **_: [database])
    assert outbound.call("GET", stubs.answering(b"{}").url).status == 200


def test_refuses_to_call_inside_a_transaction(stubs, monkeypatch):
    database = FakeDatabase(in_atomic_block=True, testcase=False)
    monkeypatch.setattr(connections, "all", lambda **_: [database])
    stub = stubs.answering(b"{}")
    with pytest.raises(outbound.CallInTransaction):
        outbound.call("GET", stub.url)
    assert stub.connections == 0
