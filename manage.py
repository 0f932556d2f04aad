#!/usr/bin/env python3
"""The portal's commands; those that need a database or a broker get embedded ones where no address is given."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from portal import embedded, environment, supervision
from portal.environment import VAR, Misconfigured

# They read code and files only; a database that is away must not stop them.
_WITHOUT_SERVERS = frozenset(
    {
        "",
        "check",
        "collectstatic",
        "compilemessages",
        "diffsettings",
        "findstatic",
        "help",
        "makemessages",
        "version",
    }
)
# They run the whole portal, so there is one of them to a `var/`.
_WHOLE = frozenset({"demo", "up"})
_NO_SERVERS = {
    "DATABASE_URL": "postgres://nobody@/none?host=/nonexistent",
    "REDIS_URL": "redis+socket:///nonexistent",
}


def main() -> None:
    """Runs the command of `sys.argv`; what a person can put right is told in one line, with exit code 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line

    command = sys.argv[1] if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else ""
    try:
        with _servers(command, sys.argv):
            execute_from_command_line(sys.argv)
    except (
        Misconfigured,
        embedded.ServerFailed,
        embedded.ServersBusy,
        supervision.AlreadyRunning,
    ) as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


@contextmanager
def _servers(command: str, argv: list[str]) -> Iterator[None]:
    if command in _WITHOUT_SERVERS or "--help" in argv:
        os.environ.update(_with_placeholders())
        yield
        return
    environment.read(_with_placeholders())  # a wrong value is told before anything starts
    if command in _WHOLE:
        with (
            supervision.alone(VAR),
            _ending_cleanly(),
            embedded.provide(VAR, os.environ, alone=True, tell=_tell),
        ):
            yield
    else:
        with _ending_cleanly(), embedded.provide(VAR, os.environ):
            yield


def _with_placeholders() -> dict[str, str]:
    return {**os.environ, **{name: os.environ.get(name) or address for name, address in _NO_SERVERS.items()}}


@contextmanager
def _ending_cleanly() -> Iterator[None]:
    """Makes SIGTERM and a closed terminal an ordinary exit, so that servers are stopped and sockets removed."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
