"""The sweep: a thread of each worker process that finds due rows by itself, whatever the broker does.

Every `SWEEP_SECONDS` it settles what expired claims left and works off what is due, in threads of its own. It needs
PostgreSQL alone: with Valkey flushed, stopped or hanging, work is late by a sweep and none is lost.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections

from subscribers import reach
from subscribers.reach import Purpose
from work import claims, drain, queues

log = structlog.get_logger(__name__)


class Sweeper:
    """Sweeps until it is told to stop; one turn of a queue at a time."""

    def __init__(self, *, threads: int = 8) -> None:
        self.stopping = threading.Event()
        self.pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="sweep")
        self.running: dict[str, Future[None]] = {}
        self.thread = threading.Thread(target=self._run, name="sweeper", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        """Takes no new turn and waits for those under way; a turn is bounded by its outside calls' deadlines."""
        self.stopping.set()
        self.pool.shutdown(wait=True, cancel_futures=True)

    def _run(self) -> None:
        for queue in self._in_turn():
            running = self.running.get(queue.name)
            if running is None or running.done():
                self.running[queue.name] = self.pool.submit(self._turn, queue.name)

    def _in_turn(self) -> Iterator[queues.Queue[Any]]:
        """Each queue once in `SWEEP_SECONDS`, evenly spread: all at once, they held up whatever was just being done."""
        while True:
            every = queues.every()
            for queue in every:
                if self.stopping.wait(settings.SWEEP_SECONDS / len(every)):
                    return
                yield queue

    def _turn(self, name: str) -> None:
        """One turn; a database that is away ends it, and the next sweep tries again."""
        try:
            sweep(name)
        except DatabaseError as error:
            log.warning("sweep_failed", queue=name, error=type(error).__name__)
        except Exception:
            log.exception("sweep_broke", queue=name)
        finally:
            close_old_connections()


def sweep(name: str) -> int:
    """Settles and works off one queue here and now; tells how many rows were taken in hand."""
    queue = queues.get(name)
    with reach.across(Purpose.WORK):
        if queue.settle is not None:
            queue.settle()
        is_due = bool(claims.due_lanes(queue, limit=1))
    return drain.drain(name) if is_due else 0


_sweeper: Sweeper | None = None


def start() -> None:
    """Starts this process's sweeper."""
    global _sweeper
    _sweeper = Sweeper()
    _sweeper.start()


def stop() -> None:
    """Stops it, where there is one."""
    if _sweeper is not None:
        _sweeper.stop()
