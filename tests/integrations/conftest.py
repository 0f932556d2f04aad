"""A small loopback server that does exactly what a test tells it to, and settings where none are there yet."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings

LOOPBACK = ("127.0.0.0/8", "::1/128")

if not settings.configured:
    try:
        import portal.settings  # noqa: F401
    except ImportError:
        settings.configure(
            NETGSM_API_URL="https://api.netgsm.com.tr", OUTBOUND_ALLOW=(), DATABASES={}, USE_TZ=True
        )

Handler = Callable[[socket.socket, bytes], None]


@dataclass
class Stub:
    """A TCP server: reads one request at a time and hands it to `handle`, which writes whatever it likes."""

    handle: Handler
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self) -> None:
        while not self.stopped.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection:
            while request := read_request(connection):
                self.requests.append(request)
                try:
                    self.handle(connection, request)
                except OSError:
                    return

    def stop(self) -> None:
        self.stopped.set()
        self.listener.close()


def read_request(connection: socket.socket) -> bytes:
    """One whole request, or nothing where the client has gone."""
    request = b""
    try:
        while b"\r\n\r\n" not in request:
            chunk = connection.recv(65536)
            if not chunk:
                return b""
            request += chunk
        head, _, body = request.partition(b"\r\n\r\n")
        for name, _, value in (line.partition(b":") for line in head.split(b"\r\n")):
            while name.lower() == b"content-length" and len(body) < int(value):
                body += connection.recv(65536)
    except OSError:
        return b""
    return head + b"\r\n\r\n" + body


def answer(body: bytes, status: str = "200 OK", headers: str = "Content-Type: application/json") -> Handler:
    """A handler that answers every request alike and keeps the connection open."""
    head = f"HTTP/1.1 {status}\r\n{headers}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return lambda connection, request: connection.sendall(head + body)


@pytest.fixture
def stub() -> Iterator[Callable[[Handler], Stub]]:
    """Starts stubs that stop with the test."""
    running: list[Stub] = []

    def start(handle: Handler) -> Stub:
        server = Stub(handle)
        threading.Thread(target=server.serve, daemon=True).start()
        running.append(server)
        return server

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets this test's calls reach loopback over http."""
    monkeypatch.setattr(settings, "OUTBOUND_ALLOW", LOOPBACK, raising=False)
