"""Waking the workers: a committed row gives a hint, and a lost hint costs a sweep's wait and nothing else.

One thread a process sends the hints, so that no request or worker ever waits for the broker: a stopped one was seen to
block `apply_async` for over 40 s. A hint leaves at once, or a pause after the last one of its queue: five milliseconds,
and where rows keep coming twice as long each time, up to a sixth of a second, since workers at work find them without
hints, and a hint costs as much as the message it tells of; half as long where none came meanwhile. No queue waits for
another's.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import transaction

log = structlog.get_logger(__name__)

_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.005, 0.16  # seconds


def pause_after(pause: float | None, *, is_held: bool) -> float:
    """Seconds after a hint without another of its queue; `is_held`: it had waited for the end of the last `pause`."""
    if pause is None:
        return _SHORTEST_PAUSE
    return min(2 * pause, _LONGEST_PAUSE) if is_held else max(pause / 2, _SHORTEST_PAUSE)


class _Bell:
    """Collects names and sends each at once, or a pause after its last time, from a daemon thread of this process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.rung = threading.Event()
        self.names: dict[str, None] = {}
        self.owner = 0
        self.lost = 0

    def ring(self, name: str) -> None:
        with self.lock:
            self.names[name] = None
            if self.owner != os.getpid():
                self.owner = os.getpid()
                threading.Thread(target=self._send_all, name="wake", daemon=True).start()
        self.rung.set()

    def _send_all(self) -> None:
        try:
            self._send_as_they_come()
        finally:  # what broke this thread is told by its traceback; the next ring begins another
            with self.lock:
                self.owner = 0

    def _send_as_they_come(self) -> None:
        again_at: dict[str, float] = {}
        pauses: dict[str, float] = {}
        held: set[str] = set()
        wait: float | None = None
        while True:
            self.rung.wait(wait)
            self.rung.clear()
            now = time.monotonic()
            with self.lock:
                names = [name for name in self.names if again_at.get(name, now) <= now]
                for name in names:
                    del self.names[name]
                late = {name: again_at[name] - now for name in self.names}
            for name in names:
                pauses[name] = pause_after(pauses.get(name), is_held=name in held)
                again_at[name] = now + pauses[name]
                self._send(name)
            held = set(late)
            wait = min(late.values(), default=None)

    def _send(self, name: str) -> None:
        from kombu.exceptions import KombuError
        from redis.exceptions import RedisError

        from work.tasks import drain

        try:
            drain.apply_async(kwargs={"queue": name}, retry=False, expires=60)
        except (KombuError, RedisError, OSError) as error:
            self.lost += 1
            log.warning("hint_lost", queue=name, lost=self.lost, error=type(error).__name__)


_bell = _Bell()


class HandedOver(threading.local):
    """The names that this thread has rung for while it works rows off: it can do that work next, without a hint."""

    names: dict[str, None] | None = None


_handed_over = HandedOver()


@contextmanager
def handed_over() -> Iterator[dict[str, None]]:
    """Has what this thread rings for laid down for it, in order; what is left at the end of the block is rung."""
    names = _handed_over.names = {}
    try:
        yield names
    finally:
        _handed_over.names = None
        give_out(names)


def let_others() -> None:
    """What this thread has laid down for itself others shall do: it is about to wait for somebody outside."""
    if _handed_over.names is not None:
        give_out(_handed_over.names)


def give_out(names: dict[str, None]) -> None:
    """Others shall do what was laid down: this thread has something else to do first."""
    while names:
        _bell.ring(names.popitem()[0])


def ring(name: str) -> None:
    """Wakes a worker for the queue at once, or lays it down where this thread takes over; never blocks, never fails."""
    if _handed_over.names is not None:
        _handed_over.names[name] = None
    else:
        _bell.ring(name)


def ring_others(name: str) -> None:
    """Wakes another worker for the queue: there is more to do than this one takes."""
    _bell.ring(name)


def after_commit(name: str) -> None:
    """Wakes a worker for the queue once the running transaction is committed."""
    transaction.on_commit(lambda: ring(name))


def lost() -> int:
    """How many hints this process could not send since it started."""
    return _bell.lost
