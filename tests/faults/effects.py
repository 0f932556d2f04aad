"""Every effect of a process counted, so that it can be killed at any of them: SQL, commits, both ends of a call."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from integrations import outbound


def count(counts: int, *, kill_at: int, only: str = "") -> None:
    """From now on each effect writes a byte to the descriptor `counts`; the one of number `kill_at` ends the process.

    A process dies just before the effect, so the last one done is that before. `only` counts from the first call
    outside whose address holds it, through to the end.
    """
    counter = _Counter(counts=counts, kill_at=kill_at, is_on=not only)
    connection.execute_wrappers.append(counter.statement)
    wrapper: Any = BaseDatabaseWrapper
    out: Any = outbound
    commit, attempt = wrapper._commit, out._attempt

    def commit_counted(self: BaseDatabaseWrapper) -> None:
        counter.note()
        commit(self)

    def attempt_counted(request: Any, *facts: Any) -> Any:
        counter.is_on = counter.is_on or only in str(request.url)
        counter.note()
        answer = attempt(request, *facts)
        counter.note()
        return answer

    wrapper._commit = commit_counted
    out._attempt = attempt_counted


class _Counter:
    def __init__(self, *, counts: int, kill_at: int, is_on: bool) -> None:
        self.counts, self.kill_at, self.is_on, self.done = counts, kill_at, is_on, 0

    def note(self) -> None:
        if not self.is_on:
            return
        self.done += 1
        os.write(self.counts, b".")
        if self.done == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.note()
        return execute(sql, params, many, context)
