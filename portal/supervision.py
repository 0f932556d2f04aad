"""One process tree: children started, watched, started again when they die, and stopped together."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from portal import processes

_PAUSE_SECONDS = 0.1
_FIRST_PAUSE, _LONGEST_PAUSE = 0.3, 30.0
_SETTLED_SECONDS = 10.0  # a child that lived this long starts again at once
_STOP_SECONDS = 13.0  # leaves the servers their share of the 20 seconds that `up` has


class AlreadyRunning(RuntimeError):
    """Another `up` or `demo` runs on the same `var/`; the message is one line for a person."""


@contextmanager
def alone(var: Path) -> Iterator[None]:
    """Lets one process at a time run the whole portal on `var`. Raises `AlreadyRunning`; a kill frees it."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"The portal already runs on {var}; stop that one first.") from None
        yield


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A process to keep running: `name` stands before each line it writes; `ready` tells when it serves."""

    name: str
    argv: Sequence[str]
    environ: Mapping[str, str]
    ready: Callable[[], bool] | None = None


@dataclass(slots=True, kw_only=True)
class _Run:
    """One child's present process and its past."""

    child: Child
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    deaths: int = 0  # at once again and again
    announced: bool = False
    pump: threading.Thread | None = field(default=None)


class Supervisor:
    """Runs children until it is told to stop. All of it happens in the thread that calls `run` (the main one)."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        tell: Callable[[str], object],
        below: Callable[[], object] = lambda: None,
    ) -> None:
        self.runs = [_Run(child=child) for child in children]
        self.tell = tell
        self.below = below  # called at each look, before the children: sees to what they stand on
        self.stopping = False  # no Event: its lock could be held when a signal handler sets it
        self.width = max(len(child.name) for child in children)

    def run(self, *, on_ready: Callable[[], object] = lambda: None) -> None:
        """Keeps the children running until `stop`; calls `on_ready` once, when all that can tell are ready."""
        told = False
        try:
            while not self.stopping:
                self.below()
                self._tend()
                if not told and all(self._is_ready(run) for run in self.runs):
                    told = True
                    on_ready()
                time.sleep(_PAUSE_SECONDS)
        finally:
            self._stop_all()

    def stop(self) -> None:
        """Ends `run`; may be called from a signal handler or another thread."""
        self.stopping = True

    def _tend(self) -> None:
        now = time.monotonic()
        for run in self.runs:
            if run.process is not None and processes.ended(run.process):
                self._bury(run, now)
            if run.process is None and now >= run.due_at:
                self._start(run, now)

    def _start(self, run: _Run, now: float) -> None:
        run.process = processes.spawn(
            run.child.argv, environ=run.child.environ, output=subprocess.PIPE, dies_by=signal.SIGTERM
        )
        run.started_at = now
        assert run.process.stdout is not None
        run.pump = threading.Thread(target=self._copy_lines, args=(run.child.name, run.process.stdout), daemon=True)
        run.pump.start()

    def _bury(self, run: _Run, now: float) -> None:
        assert run.process is not None
        code = processes.bury(run.process)
        run.process = None
        run.deaths = 0 if now - run.started_at >= _SETTLED_SECONDS else run.deaths + 1
        pause = min(_FIRST_PAUSE * 2 ** min(run.deaths, 10), _LONGEST_PAUSE)
        run.due_at = now + pause
        self.tell(f"{run.child.name} ended ({_said(code)}); starting it again in {pause:.1f} s")

    def _is_ready(self, run: _Run) -> bool:
        if not run.announced and run.process is not None:
            run.announced = run.child.ready is None or run.child.ready()
        return run.announced

    def _stop_all(self) -> None:
        running = [run for run in self.runs if run.process is not None]
        for run in running:
            assert run.process is not None
            processes.send(run.process, signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        for run in running:
            assert run.process is not None
            assert run.pump is not None
            while not processes.ended(run.process):
                if not processes.wait_until(deadline, pause=0.05):
                    self.tell(f"{run.child.name} did not stop within {_STOP_SECONDS:.0f} s; killing it")
                    break
            processes.bury(run.process)
            run.pump.join(timeout=1)
            run.process = None

    def _copy_lines(self, name: str, lines: IO[bytes]) -> None:
        prefix = f"{name:<{self.width}} | ".encode()
        with lines:
            for line in lines:
                sys.stderr.buffer.write(prefix + line)
                sys.stderr.buffer.flush()


def _said(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


@contextmanager
def stopping_on_signals(stop: Callable[[], object]) -> Iterator[None]:
    """Calls `stop` on SIGTERM, Ctrl-C and a closed terminal for the time of the block, however often they come."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    for number in before:
        signal.signal(number, lambda *_: stop())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def own_environ(**changes: str) -> dict[str, str]:
    """This process's environment, with `changes`, for a child."""
    return {**os.environ, "PYTHONUNBUFFERED": "1", **changes}
