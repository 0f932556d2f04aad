"""Waiting for a condition instead of sleeping, and what there is to know of processes that tests start."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection


def wait_for(condition: Callable[[], bool], seconds: float = 15) -> None:
    """Returns once `condition` holds; fails the test after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain"
        time.sleep(0.02)


def is_held_up() -> bool:
    """Whether somebody waits for a lock of somebody else in the test's database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_locks WHERE NOT granted AND pid IN"
            " (SELECT pid FROM pg_locks JOIN pg_database ON oid = database WHERE datname = current_database())"
        )
        return cursor.fetchone() is not None


def is_gone(number: int) -> bool:
    """Whether the process `number` has ended (one that only waits to be reaped has)."""
    try:
        return (Path("/proc") / str(number) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def children_of(number: int) -> dict[int, str]:
    """The numbers and command lines of the children of process `number`."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            command = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, IndexError):
            continue
        if parent == number:
            found[int(path.name)] = command
    return found


def free_port() -> int:
    """A port of this machine that nothing listened on a moment ago."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])
