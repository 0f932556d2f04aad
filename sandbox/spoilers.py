"""How an answer is spoilt, one function a kind of fault.

Shapes that no web framework would send (cut, dribbled, aborted) are written to the transport itself;
the framework then finds the connection closed and lets go.
"""

import asyncio
import gzip
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Iterator
from functools import cache
from typing import Any, Final

from aiohttp import web

from sandbox.faults import Fault

HUGE_BYTES: Final = 100 * 1024 * 1024
DRIBBLE_SECONDS: Final = 0.3
GONE_POLL_SECONDS: Final = 0.02
EXTRA_HEADERS: Final = 1000
PAGE: Final = "<!doctype html><title>Bakım</title><h1>Bakım çalışması</h1><p>Az sonra yine buradayız.</p>"

Spoiler = Callable[[web.Request, Fault, bytes], Awaitable[web.StreamResponse]]


async def spoil(request: web.Request, fault: Fault, body: bytes) -> web.StreamResponse:
    """Answers as `fault` wants. `body` is the honest answer, or a plausible one if no work was done."""
    return await SPOILERS[fault.kind](request, fault, body)


async def wait_until_gone(request: web.Request, seconds: float | None = None) -> bool:
    """Waits until the caller has hung up, or `seconds` passed; whether the caller is gone."""
    loop = asyncio.get_running_loop()
    ends_at = None if seconds is None else loop.time() + seconds
    while not _gone(request):
        left = GONE_POLL_SECONDS if ends_at is None else min(GONE_POLL_SECONDS, ends_at - loop.time())
        if left <= 0:
            return False
        await asyncio.sleep(left)
    return True


async def hang(request: web.Request, _fault: Fault, _body: bytes) -> web.StreamResponse:
    await wait_until_gone(request)
    return web.Response()


async def reset(request: web.Request, _fault: Fault, _body: bytes) -> web.StreamResponse:
    if transport := request.transport:
        plug: socket.socket = transport.get_extra_info("socket")
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()


async def cut(request: web.Request, _fault: Fault, body: bytes) -> web.StreamResponse:
    _write(request, _head(len(body)) + body[: len(body) // 2])
    return _hang_up(request)


async def garbage(_request: web.Request, _fault: Fault, _body: bytes) -> web.StreamResponse:
    return web.Response(body=b"\x00\xff\xfe{not json\x80" * 8, content_type="application/json")


async def html(_request: web.Request, _fault: Fault, _body: bytes) -> web.StreamResponse:
    return web.Response(text=PAGE, content_type="text/html")


async def status(_request: web.Request, fault: Fault, _body: bytes) -> web.StreamResponse:
    text = fault.body if isinstance(fault.body, str) else json.dumps(fault.body) if fault.body is not None else ""
    return web.Response(status=fault.status, text=text, headers={"Content-Type": "application/json", **fault.headers})


async def code(_request: web.Request, fault: Fault, _body: bytes) -> web.StreamResponse:
    answer = {"code": fault.code, "description": "sandbox fault"}
    return web.json_response(answer, status=406, headers=fault.headers)


async def dribble(request: web.Request, _fault: Fault, body: bytes) -> web.StreamResponse:
    _write(request, _head(len(body)))
    return await _drop_by_drop(request, body)


async def dribble_headers(request: web.Request, _fault: Fault, body: bytes) -> web.StreamResponse:
    return await _drop_by_drop(request, _head(len(body)) + body)


async def huge(request: web.Request, _fault: Fault, _body: bytes) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(HUGE_BYTES)})
    await answer.prepare(request)
    chunk = b" " * 65536
    for _ in range(HUGE_BYTES // len(chunk)):
        await answer.write(chunk)
    return answer


async def gzip_bomb(_request: web.Request, _fault: Fault, _body: bytes) -> web.StreamResponse:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    return web.Response(body=_bomb(), headers=headers)


async def many_headers(_request: web.Request, _fault: Fault, body: bytes) -> web.StreamResponse:
    headers = {f"X-Filler-{number}": "x" * 16 for number in range(EXTRA_HEADERS)}
    return web.Response(body=body, headers={"Content-Type": "application/json", **headers})


async def redirect(_request: web.Request, fault: Fault, _body: bytes) -> web.StreamResponse:
    return web.Response(status=302, headers={"Location": fault.location, **fault.headers})


SPOILERS: Final[dict[str, Spoiler]] = {
    "hang": hang,
    "reset": reset,
    "cut": cut,
    "garbage": garbage,
    "html": html,
    "status": status,
    "code": code,
    "dribble": dribble,
    "dribble_headers": dribble_headers,
    "huge": huge,
    "gzip_bomb": gzip_bomb,
    "many_headers": many_headers,
    "redirect": redirect,
}


@cache
def _bomb() -> bytes:
    return gzip.compress(b" " * HUGE_BYTES, compresslevel=6)


def _gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _head(length: int) -> bytes:
    lines = ("HTTP/1.1 200 OK", "Content-Type: application/json", f"Content-Length: {length}", "", "")
    return "\r\n".join(lines).encode()


def _write(request: web.Request, data: bytes) -> None:
    if request.transport is not None:
        request.transport.write(data)


def _hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.close()
    return web.Response()


async def _drop_by_drop(request: web.Request, data: bytes) -> web.StreamResponse:
    for drop in _drops(data):
        if _gone(request):
            break
        _write(request, drop)
        await asyncio.sleep(DRIBBLE_SECONDS)
    return _hang_up(request)


def _drops(data: bytes) -> Iterator[bytes]:
    return (data[index : index + 1] for index in range(len(data)))


def plausible_body(system: str) -> bytes:
    """What an answer looks like where no work was done."""
    answer: Any = {"code": "00", "jobid": "0" * 26, "description": "queued"} if system == "netgsm" else {"id": 0}
    return json.dumps(answer).encode()
