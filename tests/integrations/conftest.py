"""Loopback servers that do exactly what a test tells them to, and settings where none are there yet."""

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import hypothesis
import pytest
from django.conf import settings

hypothesis.settings.register_profile(
    "shared machine",
    parent=hypothesis.settings.default,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("shared machine")

LOOPBACK = ("127.0.0.0/8", "::1/128")

if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
    settings.configure(NETGSM_API_URL="https://api.netgsm.com.tr", OUTBOUND_ALLOW=(), DATABASES={}, USE_TZ=True)


@dataclass(frozen=True)
class Request:
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Handler = Callable[[socket.socket, Request], None]


@dataclass
class Stub:
    """A TCP server on loopback that reads requests and lets `handle` write whatever it likes."""

    handle: Handler
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def last(self) -> Request:
        return self.requests[-1]

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as reader:
            try:
                while request := read_request(reader):
                    self.requests.append(request)
                    self.handle(connection, request)
            except (OSError, ValueError):
                return


def read_request(reader: Any) -> Request | None:
    """One whole request, or None where the client has gone."""
    first = reader.readline().decode("latin-1").split()
    if len(first) != 3:
        return None
    head = b""
    while (line := reader.readline()).strip():
        head += line
    headers = {name.lower(): value for name, value in message_from_bytes(head).items()}
    body = reader.read(int(headers.get("content-length", 0)))
    return Request(method=first[0], target=first[1], headers=headers, body=body)


class Stubs:
    """Starts stubs that stop with the test."""

    def __init__(self) -> None:
        self.running: list[Stub] = []

    def start(self, handle: Handler) -> Stub:
        stub = Stub(handle)
        threading.Thread(target=stub.serve, daemon=True).start()
        self.running.append(stub)
        return stub

    def answering(self, *answers: Any) -> Stub:
        """Gives the answers in turn, the last one for ever. An answer is a body, or a status and a body."""
        waiting = [self.encode(answer) for answer in answers]

        def handle(connection: socket.socket, request: Request) -> None:
            connection.sendall(waiting.pop(0) if len(waiting) > 1 else waiting[0])

        return self.start(handle)

    def encode(self, answer: Any) -> bytes:
        status, body, headers = 200, answer, {}
        if isinstance(answer, tuple):
            status, body, headers = (*answer, {})[:3]
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        named = {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
        lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in named.items())]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def stop(self) -> None:
        for stub in self.running:
            stub.listener.close()


@pytest.fixture
def stubs() -> Iterator[Stubs]:
    running = Stubs()
    yield running
    running.stop()


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets this test's calls reach loopback, also over http."""
    monkeypatch.setattr(settings, "OUTBOUND_ALLOW", LOOPBACK, raising=False)
