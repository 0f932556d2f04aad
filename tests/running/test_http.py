"""The real web server against rude clients: half requests, huge headers, forged lengths, forged senders (R1)."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlsplit

import pytest
import requests
from cryptography.fernet import Fernet
from django.db import connection

from portal import processes, tree
from tests import collected, waiting

pytestmark = [
    pytest.mark.case(64),
    pytest.mark.requirement("R1"),
    pytest.mark.timeout(120),
    pytest.mark.xdist_group("http"),
]

SLOW_CLIENTS = 200
SITE = "https://onay.example"


@dataclass(frozen=True)
class Web:
    """One web process for `SITE`, with no proxy in front."""

    port: int

    def say(self, request: bytes) -> bytes:
        """What comes back for these very bytes; empty where the server just closes."""
        answer = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as line, suppress(OSError):
            line.sendall(request)
            line.shutdown(socket.SHUT_WR)
            while part := line.recv(65536):
                answer += part
        return answer

    def answers(self) -> bool:
        try:
            return self.ask("/health/live").status_code == 200
        except requests.RequestException:
            return False

    def ask(self, path: str, method: str = "GET", **headers: str) -> requests.Response:
        sent = {"Host": "onay.example", **headers}
        url = f"http://127.0.0.1:{self.port}{path}"
        return requests.request(method, url, headers=sent, timeout=10, allow_redirects=False)


def _environ(site: str, var: Path) -> dict[str, str]:
    """As in production: nothing trusted but the connection itself."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    keys = {"SECRET_KEY": "s" * 60, "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(), "VAR_DIR": str(var)}
    named = {"DATABASE_URL": database, "SITE_URL": site, "ALLOWED_HOSTS": "onay.example", "DEBUG": "false"}
    return {**os.environ, **keys, **named, "DJANGO_SETTINGS_MODULE": "portal.settings", "TRUSTED_PROXY_COUNT": "0"}


@contextmanager
def _serving(site: str, var: Path) -> Iterator[Web]:
    port = waiting.free_port()
    child = tree.roles(var=var, port=port, environ=_environ(site, var))[0]
    process = processes.spawn(child.argv, environ=child.environ, output=subprocess.DEVNULL, dies_by=signal.SIGKILL)
    with ExitStack() as stack:
        stack.callback(processes.stop, process, steps=[(signal.SIGTERM, 5)])
        web = Web(port)
        waiting.wait_for(web.answers, seconds=40)
        yield web


@pytest.fixture(scope="module")
def var(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the static files were collected."""
    var = tmp_path_factory.mktemp("var")
    collected.lay_into(var)
    return var


@pytest.fixture(scope="module")
def web(var: Path) -> Iterator[Web]:
    with _serving(SITE, var) as web:
        yield web


@pytest.fixture(scope="module")
def plain_web(var: Path) -> Iterator[Web]:
    """One whose pages read a body that came by http, where the other just sends to https."""
    with _serving("http://onay.example", var) as web:
        yield web


# Without the site's own token a method that writes is refused before anybody looks whether there is one.
@pytest.mark.parametrize(("method", "status"), [("TRACE", 405), ("CONNECT", 403), ("PROPFIND", 403), ("DELETE", 403)])
def test_refuses_a_method_that_no_page_has(web: Web, method: str, status: int) -> None:
    assert web.ask("/health/live", method).status_code == status


def test_refuses_headers_of_a_megabyte(web: Web) -> None:
    answer = web.say(b"GET /health/live HTTP/1.1\r\nHost: onay.example\r\nX-A: " + b"a" * 1_000_000 + b"\r\n\r\n")
    assert answer[:12] in (b"HTTP/1.1 431", b"HTTP/1.1 400", b"")
    assert web.ask("/health/live").status_code == 200


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 6\r\nContent-Length: 5\r\n",
        b"Content-Length: +6\r\n",
        b"Content-Length: 0x6\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
    ],
)
def test_refuses_a_body_whose_length_can_be_read_two_ways(web: Web, framing: bytes) -> None:
    hidden = b"0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: onay.example\r\n\r\n"
    answer = web.say(b"POST /health/live HTTP/1.1\r\nHost: onay.example\r\n" + framing + b"\r\n" + hidden)
    assert b" 200 " not in answer
    assert answer[:12] in (b"HTTP/1.1 400", b"")


def test_takes_no_second_request_out_of_a_doubly_framed_one(web: Web) -> None:
    hidden = b"0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: onay.example\r\n\r\n"
    framing = b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n" % len(hidden)
    answer = web.say(b"POST /health/live HTTP/1.1\r\nHost: onay.example\r\n" + framing + b"\r\n" + hidden)
    assert b" 200 " not in answer


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Ssl": "on"},
        {"Forwarded": "proto=https"},
        {"X-Url-Scheme": "https"},
    ],
)
def test_believes_no_client_that_it_came_by_https(web: Web, headers: dict[str, str]) -> None:
    answer = web.ask("/accounts/login/", **headers)
    assert (answer.status_code, answer.headers["Location"]) == (301, f"{SITE}/accounts/login/")


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host"])
def test_names_no_host_that_a_client_made_up(web: Web, header: str) -> None:
    answer = web.ask("/accounts/login/", **{header: "evil.example"})
    assert "evil.example" not in answer.headers.get("Location", "") + answer.text


def test_stays_quick_while_two_hundred_clients_never_finish_their_request(plain_web: Web) -> None:
    before = _p95(plain_web)
    with ExitStack() as stack:
        for number in range(SLOW_CLIENTS):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", plain_web.port), timeout=10))
            # With its cookie the page reads the form for the token beside it, and waits for what never comes.
            line.sendall(b"POST /accounts/login/ HTTP/1.1\r\nHost: onay.example\r\nCookie: csrftoken=" + b"a" * 32)
            line.sendall(b"\r\n")
            line.sendall(b"Content-Length: 100\r\n\r\nlogin=" if number % 2 else b"X-A:")
        during = _p95(plain_web)
    assert during < max(2 * before, 0.5)


def _p95(web: Web, asked: int = 40) -> float:
    """Seconds; the bound of the test above is half a second where a quiet machine needs milliseconds."""
    took = []
    for _ in range(asked):
        began = time.monotonic()
        assert web.ask("/accounts/login/").status_code == 200
        took.append(time.monotonic() - began)
    return quantiles(took, n=20)[-1]
