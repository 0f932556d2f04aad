"""The sockets under `outbound`: each connects only to an address just checked, each byte before the deadline.

A call in progress is known to its thread's sockets through `underway`: they take from it the time that is
left before every operation, so that an answer that dribbles byte by byte cannot outlast it, and they mark
there that the first byte of the request has left, which decides whether trying again is safe.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from queue import Empty, SimpleQueue
from socket import getaddrinfo
from typing import Any

import certifi
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from integrations.addresses import AddressRule
from integrations.failures import Rejected, Unavailable

# Common servers close an idle connection after 5 s or more. One that is closed just as a request leaves makes
# the outcome of a send unknown, so an older one is not used again.
IDLE_SECONDS = 4.0
MOST_ADDRESSES = 4
# A look-up cannot be stopped, only left behind; so many may be left behind at once.
MOST_LOOKUPS = 64

_lookups = threading.BoundedSemaphore(MOST_LOOKUPS)
_thread = threading.local()


@dataclass(slots=True)
class CallUnderway:
    """What the sockets of this thread need to know of the call they serve."""

    rule: AddressRule
    ends: float  # on the monotonic clock
    sent: bool = field(default=False)

    def left(self) -> float:
        """Seconds that are left; raises TimeoutError when none are."""
        seconds = self.ends - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("deadline")
        return seconds


@contextmanager
def serve(call: CallUnderway) -> Iterator[CallUnderway]:
    """Make `call` the one that this thread's sockets obey."""
    _thread.call = call
    try:
        yield call
    finally:
        _thread.call = None


def underway() -> CallUnderway:
    call = getattr(_thread, "call", None)
    if not isinstance(call, CallUnderway):
        raise RuntimeError("a socket of integrations.connections was used outside outbound.call")  # noqa: TRY004 - a mistake of ours, not of a type
    return call


class DeadlineSocket(socket.socket):
    """A plain socket whose every operation ends with the call's deadline."""

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(underway().left())
        return super().recv_into(*args, **kwargs)

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        call = underway()
        self.settimeout(call.left())
        call.sent = True
        super().sendall(*args, **kwargs)


class DeadlineTLSSocket(ssl.SSLSocket):
    """The same over TLS, the handshake included. Handshake bytes do not count as sent."""

    def do_handshake(self, block: bool = False) -> None:
        self.settimeout(underway().left())
        super().do_handshake(block)

    def read(self, *args: Any, **kwargs: Any) -> Any:
        self.settimeout(underway().left())
        return super().read(*args, **kwargs)

    def send(self, *args: Any, **kwargs: Any) -> int:
        call = underway()
        self.settimeout(call.left())
        call.sent = True
        return super().send(*args, **kwargs)


class _Guarded:
    """What both kinds of connection share: the checked connect, and no reuse after a long idle time."""

    _dns_host: str
    port: int
    tls = False
    last_used = 0.0

    def _new_conn(self) -> socket.socket:
        self.last_used = time.monotonic()
        call = underway()
        addresses = checked_addresses(self._dns_host, self.port, tls=self.tls, call=call)
        return connect(addresses, self.port, call=call)

    def fresh(self) -> bool:
        recent = time.monotonic() - self.last_used < IDLE_SECONDS
        self.last_used = time.monotonic()
        return recent


class GuardedHTTPConnection(_Guarded, HTTPConnection):
    @property
    def is_connected(self) -> bool:
        return super().is_connected and self.fresh()


class GuardedHTTPSConnection(_Guarded, HTTPSConnection):
    tls = True

    @property
    def is_connected(self) -> bool:
        return super().is_connected and self.fresh()


class GuardedHTTPPool(HTTPConnectionPool):
    ConnectionCls = GuardedHTTPConnection


class GuardedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = GuardedHTTPSConnection


class GuardedAdapter(HTTPAdapter):
    """The adapter of requests over guarded pools: verified TLS, no proxies, no retries."""

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        manager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, ssl_context=tls_context())
        manager.pool_classes_by_scheme = {"http": GuardedHTTPPool, "https": GuardedHTTPSPool}
        self.poolmanager = manager

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing to load a second time: the context verifies, against the authorities it was made with."""


@cache
def tls_context() -> ssl.SSLContext:
    """Verifies name and chain against the machine's authorities and certifi's."""
    context = ssl.create_default_context()
    context.load_verify_locations(cafile=certifi.where())
    context.sslsocket_class = DeadlineTLSSocket
    return context


def checked_addresses(host: str, port: int, *, tls: bool, call: CallUnderway) -> list[str]:
    """Every address of a name, each of them permitted. Raises Rejected if a single one is not."""
    addresses = resolve(host, port, seconds=call.left())
    if not addresses:
        raise Unavailable("name_not_found", detail=host)
    for address in addresses:
        if not call.rule.permits(address, port, tls=tls):
            raise Rejected("address_refused", detail=f"{host}:{port}")
    return addresses


def resolve(host: str, port: int, *, seconds: float) -> list[str]:
    """The addresses of a name, looked up once and in bounded time. Raises Unavailable."""
    if not _lookups.acquire(blocking=False):
        raise Unavailable("name_lookups_busy", detail=host)
    answers: SimpleQueue[list[str] | None] = SimpleQueue()
    threading.Thread(target=_look_up, args=(host.strip("[]"), port, answers), daemon=True).start()
    try:
        addresses = answers.get(timeout=seconds)
    except Empty:
        raise Unavailable("name_lookup_timeout", detail=host) from None
    if addresses is None:
        raise Unavailable("name_not_found", detail=host)
    return addresses


def _look_up(host: str, port: int, answers: "SimpleQueue[list[str] | None]") -> None:
    try:
        found = getaddrinfo(host, port, type=socket.SOCK_STREAM)
        # An IPv6 answer with a zone keeps it in the address text, and is refused for it.
        answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
    except (OSError, UnicodeError):
        answers.put(None)
    finally:
        _lookups.release()


def connect(addresses: list[str], port: int, *, call: CallUnderway) -> socket.socket:
    """A socket to the first address that answers before the deadline. Raises Unavailable."""
    tried = addresses[:MOST_ADDRESSES]
    failure = Unavailable("connect", detail="no address")
    for position, address in enumerate(tried):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        opened = DeadlineSocket(family, socket.SOCK_STREAM)
        try:
            opened.settimeout(call.left() / (len(tried) - position))
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.connect((address, port))
            return opened
        except OSError as error:
            opened.close()
            failure = Unavailable("connect", detail=type(error).__name__)
    raise failure
