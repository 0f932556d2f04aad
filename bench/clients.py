"""Several clients that post at the same time, each over a connection of its own that stays open."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

HOST = "127.0.0.1"
SECONDS = 30.0


class AnsweredOtherwise(RuntimeError):
    """A post was not answered by 200, so there is nothing to measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What to post where; the body is JSON."""

    path: str
    body: bytes


def post_all(port: int, posts: Sequence[Post], *, clients: int) -> float:
    """Posts everything and tells the seconds from the first byte to the last answer. Raises `AnsweredOtherwise`."""
    started = threading.Barrier(clients)
    with ThreadPoolExecutor(max_workers=clients) as pool:
        turns = [pool.submit(_post_some, port, posts[n::clients], started) for n in range(clients)]
        times = [turn.result() for turn in turns]
    return max(end for _, end in times) - min(begin for begin, _ in times)


def post(line: http.client.HTTPConnection, wanted: Post) -> bytes:
    """The answer's body. Raises `AnsweredOtherwise`."""
    line.request("POST", wanted.path, body=wanted.body, headers={"Content-Type": "application/json"})
    answer = line.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise AnsweredOtherwise(f"{answer.status}: {body[:200]!r}")
    return body


def connected(port: int) -> http.client.HTTPConnection:
    line = http.client.HTTPConnection(HOST, port, timeout=SECONDS)
    line.connect()
    return line


def _post_some(port: int, posts: Sequence[Post], started: threading.Barrier) -> tuple[float, float]:
    line = connected(port)
    try:
        started.wait(SECONDS)
        begin = time.perf_counter()
        for wanted in posts:
            post(line, wanted)
        return begin, time.perf_counter()
    finally:
        line.close()
