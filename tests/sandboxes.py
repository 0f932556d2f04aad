"""The sandbox as tests use it: one process a run's worker, emptied before each test, spoken to by its controls."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import requests

ROOT = Path(__file__).parents[1]
SECONDS = 20.0
Found = TypeVar("Found")


class Sandbox:
    """A running sandbox's controls. Paths are below `/_control/`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()

    def control(self, method: str, path: str, /, **wish: Any) -> Any:
        answer = self.session.request(method, f"{self.url}/_control/{path}", json=wish or None, timeout=SECONDS)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def ledger(self, kind: str, system: str = "") -> list[dict[str, Any]]:
        lines = self.control("GET", f"ledger?kind={kind}" + (f"&system={system}" if system else ""))
        assert isinstance(lines, list)
        return lines

    def fault(self, system: str, kind: str, **wish: Any) -> Any:
        return self.control("POST", "faults", system=system, kind=kind, **wish)

    def texts_to(self, phone: str) -> list[str]:
        """The texts that the operator accepted for a phone of ten digits, in order."""
        return [line["text"] for line in self.ledger("accepted", "netgsm") if line["to"] == phone]


def wait_until(look: Callable[[], Found | None], *, seconds: float = SECONDS, what: str = "") -> Found:
    """The first value that `look` gives, polled for a bounded time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError(f"nothing came within {seconds} s {what}")


@contextmanager
def running(*options: str) -> Iterator[Sandbox]:
    """A sandbox process of its own."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--parent-death", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Sandbox(process.stdout.readline().strip().removeprefix("sandbox ready "))
        finally:
            process.terminate()
