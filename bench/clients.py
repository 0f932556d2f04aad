"""Several clients that post at the same time, each over a connection of its own that stays open."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Sequence
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


def post_evenly(
    port: int,
    posts: Sequence[Post],
    *,
    a_second: float,
    clients: int,
    check: Callable[[bytes], bool] = bool,
    ends: threading.Event | None = None,
) -> list[float]:
    """Posts so many a second for as long as that takes, or until `ends` is set; tells how many seconds each took.

    What could not be posted in that time, since all clients still waited, is left out: there are fewer times then.
    Raises `AnsweredOtherwise`, also where `check` does not like an answer.
    """
    turn = iter(enumerate(posts))
    lock, ends, began = threading.Lock(), ends or threading.Event(), time.perf_counter()
    is_over_at = began + len(posts) / a_second

    def next_one() -> tuple[int, Post] | None:
        with lock:
            return next(turn, None)

    def client() -> list[float]:
        line, times = connected(port), []
        try:
            while (found := next_one()) is not None:
                number, wanted = found
                if ends.wait(max(0.0, began + number / a_second - time.perf_counter())):
                    break
                if time.perf_counter() > is_over_at:
                    break
                begin = time.perf_counter()
                answer = post(line, wanted)
                times.append(time.perf_counter() - begin)
                if not check(answer):
                    raise AnsweredOtherwise(f"{wanted.path}: {answer[:200]!r}")
            return times
        finally:
            line.close()

    with ThreadPoolExecutor(max_workers=clients) as pool:
        turns = [pool.submit(client) for _ in range(clients)]
        return [seconds for each in turns for seconds in each.result()]
