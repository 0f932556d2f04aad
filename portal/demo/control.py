"""The sandbox's controls as the demo uses them: the world outside, which only a demo may move.

This speaks to a sandbox on this machine and never to a real store or operator, so it does not go by `outbound`.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

SECONDS = 10.0


class SandboxError(RuntimeError):
    """The sandbox did not do what the demo asked."""


class Sandbox:
    """One running sandbox. Paths are below `/_control/`."""

    def __init__(self, url: str) -> None:
        self.url = url

    def call(self, method: str, path: str, /, **wish: Any) -> Any:
        """The JSON answer of a control. Raises `SandboxError`."""
        request = urllib.request.Request(  # noqa: S310 - the address is the sandbox's own
            f"{self.url}/_control/{path}",
            method=method,
            data=json.dumps(wish).encode() if wish else None,
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310  # nosec B310
                return json.loads(answer.read())
        except (OSError, ValueError) as problem:
            raise SandboxError(f"{method} /_control/{path}: {problem}") from problem

    def is_up(self) -> bool:
        """Whether it answers."""
        try:
            self.call("GET", "health")
        except SandboxError:
            return False
        return True
