"""A worker in a process of its own that does one piece of work a time and may be stopped or killed in the midst of it.

The helper forks for each order it gets, so that a killed child costs no new start. It speaks over its standard streams:
one JSON order a line in, one answer a line out. `python -m tests.faults.helper` is that process.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(kw_only=True)
class Helper:
    """The helper as the one who asks sees it; `child` is the process at work."""

    process: subprocess.Popen[str]
    child: int = 0

    def ask(self, task: str, **facts: Any) -> None:
        """Gives an order and returns once a child is at it."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"task": task, **facts}) + "\n")
        self.process.stdin.flush()
        self.child = self._answer()["child"]

    def await_stop(self) -> None:
        """Returns once the child has stopped itself."""
        assert self._answer() == {"stopped": True}

    def wake(self) -> dict[str, Any]:
        """Lets the stopped child go on, and returns its end."""
        os.kill(self.child, signal.SIGCONT)
        return self.end()

    def end(self) -> dict[str, Any]:
        """How the child ended: `{"killed": bool, "effects": int}`."""
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the helper ended"
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def running(environ: Mapping[str, str]) -> Iterator[Helper]:
    """A helper over the database and sandbox that `environ` names."""
    command = [sys.executable, "-m", "tests.faults.helper"]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(
        command, cwd=ROOT, env=dict(environ), stdin=pipe, stdout=pipe, stderr=nowhere, text=True
    ) as process:
        try:
            yield Helper(process=process)
        finally:
            process.kill()


def serve() -> None:
    """Reads orders until the input ends; each is done by a child, whose end is told."""
    for line in sys.stdin:
        order = json.loads(line)
        count_read, count_write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(count_read)
            _work(order, count_write)
        os.close(count_write)
        _tell(child=child)
        _follow(child, count_read)


def _follow(child: int, counted: int) -> None:
    while True:
        _, status = os.waitpid(child, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            break
        _tell(stopped=True)
    with os.fdopen(counted, "rb") as counts:
        effects = len(counts.read())
    _tell(killed=os.WIFSIGNALED(status), effects=effects, code=os.waitstatus_to_exitcode(status))


def _work(order: dict[str, Any], counts: int) -> None:
    """The child's whole life. Each effect leaves one byte in `counts`, also where it is the last."""
    from tests.faults import effects

    code = 1
    try:
        effects.count(counts, kill_at=int(order.get("kill_at", 0)), only=str(order.get("only", "")))
        TASKS[order["task"]](order)
        code = 0
    finally:
        os._exit(code)


def _tell(**facts: Any) -> None:
    print(json.dumps(facts), flush=True)


def _asleep_claimed(_order: dict[str, Any]) -> None:
    from messaging import outbox
    from work import claims

    (lane,) = claims.due_lanes(outbox.SEND)
    claim = claims.take(outbox.SEND, lane)
    assert claim is not None
    os.kill(os.getpid(), signal.SIGSTOP)
    outbox.send(claim)


def _asleep_fenced(_order: dict[str, Any]) -> None:
    from integrations.netgsm import client
    from messaging import outbox
    from work import drain

    send = client.send

    def send_late(*facts: Any, **named: Any) -> Any:
        os.kill(os.getpid(), signal.SIGSTOP)
        return send(*facts, **named)

    client.send = send_late
    drain.drain(outbox.SEND.name)


def _drain(order: dict[str, Any]) -> None:
    from tests import shops

    shops.work_off(*order["queues"], breaking=True)


def _poll(_order: dict[str, Any]) -> None:
    from tests import shops

    shops.poll(breaking=True)


TASKS: dict[str, Callable[[dict[str, Any]], None]] = {
    "asleep_claimed": _asleep_claimed,
    "asleep_fenced": _asleep_fenced,
    "drain": _drain,
    "poll": _poll,
}


def main() -> None:
    import django

    django.setup()
    from tests import shops  # noqa: F401 - loaded once, for every child

    serve()


if __name__ == "__main__":
    main()
