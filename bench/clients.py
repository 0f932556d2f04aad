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


class NotAtPace(RuntimeError):
    """Fewer posts a second were made than were to be, so their times say nothing of that many."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Evenly:
    """What came of posts that were due evenly: the seconds each took from when it was due, and the pace in posts a
    second that was held."""

    times: list[float]
    pace: float


def post_evenly(
    port: int,
    posts: Sequence[Post],
    *,
    a_second: float,
    clients: int,
    check: Callable[[bytes], bool] = bool,
    ends: threading.Event | None = None,
) -> Evenly:
    """Posts so many a second until all are made, or `ends` is set.

    A post's time counts from when it was due, not from when a client was free for it: who calls does not wait for
    those before. Raises `AnsweredOtherwise`, also where `check` does not like an answer.
    """
    turn = iter(enumerate(posts))
    lock, ends, began = threading.Lock(), ends or threading.Event(), time.perf_counter()

    def next_one() -> tuple[float, Post] | None:
        with lock:
            found = next(turn, None)
        return (began + found[0] / a_second, found[1]) if found else None

    def client() -> list[tuple[float, float]]:
        line, made = connected(port), []
        try:
            while (found := next_one()) is not None:
                due, wanted = found
                if ends.wait(max(0.0, due - time.perf_counter())):
                    break
                begin = time.perf_counter()
                answer = post(line, wanted)
                made.append((begin - began, time.perf_counter() - due))
                if not check(answer):
                    raise AnsweredOtherwise(f"{wanted.path}: {answer[:200]!r}")
            return made
        finally:
            line.close()

    with ThreadPoolExecutor(max_workers=clients) as pool:
        turns = [pool.submit(client) for _ in range(clients)]
        made = [one for each in turns for one in each.result()]
    last = max((begin for begin, _ in made), default=0.0)
    return Evenly(times=[took for _, took in made], pace=len(made) / max(last, len(made) / a_second, 1 / a_second))


def refuse_slower(found: Evenly, *, than: float, what: str) -> None:
    """Raises `NotAtPace` where fewer posts a second were made."""
    if found.pace < than:
        raise NotAtPace(f"{found.pace:.0f} {what} a second were made where {than:.0f} are the least: no figure")
