"""`manage.py up` as a real process: it gets ready, mends itself, stops clean, and there is one of it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal import embedded, tree
from tests.running.test_embedded import ROOT, is_free
from tests.waiting import children_of, free_port, is_gone, wait_for

# One process tree is enough for two cores. Groups are begun first, so a run does not end with a long test alone.
pytestmark = [pytest.mark.xdist_group("up"), pytest.mark.timeout(120)]


ROLES = (" worker ", "granian", " beat ", "valkey-server", "bin/postgres")


class Portal:
    """A running `manage.py up` and what it has said."""

    def __init__(self, var: Path, *, port: int) -> None:
        self.port, self.var = port, var
        self.environ = {
            **os.environ,
            "VAR_DIR": str(var),
            "DEBUG": "true",
            "SITE_URL": f"http://localhost:{port}",
        }
        for name in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"):
            self.environ.pop(name, None)
        self.lines: list[str] = []
        self.process = self.command("up", "--port", str(port))
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def command(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environ,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout:
            self.lines.extend(line.rstrip("\n") for line in self.process.stdout)

    def wait_for_line(self, pattern: str, seconds: float = 75) -> None:
        wait_for(lambda: any(re.fullmatch(pattern, line) for line in list(self.lines)), seconds)

    def child(self, word: str) -> int | None:
        return next((number for number, command in children_of(self.process.pid).items() if word in command), None)

    def answers(self) -> bool:
        return tree.is_ready(self.port, f"http://localhost:{self.port}")


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """One `var/` for every `up` here, so that only the first collects static files and makes a cluster."""
    with tempfile.TemporaryDirectory(prefix="onay-test-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def portal(var: Path) -> Iterator[Portal]:
    running = Portal(var, port=free_port())
    try:
        running.wait_for_line("ready")
        yield running
    finally:
        running.process.kill()
        running.process.wait()
        running.reader.join(timeout=5)
        wait_for(lambda: is_free(var))
        with embedded.provide(var, {}):  # clears what a kill left
            pass


def returns_within(seconds: float, portal: Portal, word: str) -> bool:
    """Kills the child that has `word` in its command and tells whether another took its place in time."""
    before = portal.child(word)
    assert before is not None
    os.kill(before, signal.SIGKILL)
    killed_at = time.monotonic()
    wait_for(lambda: portal.child(word) not in (None, before), seconds)
    return time.monotonic() - killed_at < seconds


@pytest.mark.case(51)
def test_mends_itself_refuses_a_second_one_and_stops_within_20_s(portal: Portal) -> None:
    assert portal.answers()
    with portal.command("up", "--port", str(free_port())) as second:
        said = second.communicate(timeout=30)[0]
    assert (second.returncode, said.strip()) == (
        1,
        f"The portal already runs on {portal.var}; stop that one first.",
    )
    assert [returns_within(5, portal, word) for word in ROLES] == [True] * 5
    wait_for(portal.answers, 20)
    numbers = list(children_of(portal.process.pid))
    portal.process.send_signal(signal.SIGTERM)
    assert portal.process.wait(timeout=20) == 0
    assert [number for number in numbers if not is_gone(number)] == []
    assert is_free(portal.var)


def test_leaves_nothing_after_kill_9(portal: Portal) -> None:
    numbers = list(children_of(portal.process.pid))
    assert len(numbers) == 5  # PostgreSQL, Valkey, web, worker, scheduler
    portal.process.kill()
    wait_for(lambda: all(map(is_gone, numbers)), 20)
    wait_for(lambda: is_free(portal.var))
    assert not portal.answers()


def test_says_that_its_port_is_taken(open_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        portal = Portal(open_folder, port=server.getsockname()[1])
        assert portal.process.wait(timeout=30) == 1
        portal.reader.join(timeout=5)
    assert portal.lines[-1].endswith(
        f"Port {portal.port} cannot be had (Address already in use); choose another by --port."
    )


def refusal(*words: str, **environ: str) -> Callable[[], tuple[int, str]]:
    """What a command says, and its exit code, in an environment of `environ` alone."""

    def run() -> tuple[int, str]:
        found = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **environ},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        return found.returncode, found.stderr.strip()

    return run


def test_names_a_missing_variable_in_one_line(open_folder: Path) -> None:
    code, said = refusal("migrate", VAR_DIR=str(open_folder))()
    assert (code, said) == (
        1,
        "SECRET_KEY is unset; it should be a long random text, kept secret and kept the same.",
    )


def test_needs_no_servers_to_help(open_folder: Path) -> None:
    refusal("help", VAR_DIR=str(open_folder / "var"), DEBUG="true")()
    assert not (open_folder / "var" / "embedded").exists()
