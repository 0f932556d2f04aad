"""The demo as a newcomer runs it: real processes, one command, a transcript."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from portal import embedded
from portal.demo.control import Sandbox
from portal.management.commands.demo import Command
from tests import collected, databases, thoroughness

ROOT = Path(__file__).parents[2]
STEPS = ["new COD order", "question SMS", "buyer's answer", "approval in the store", "reply SMS", "delivery"]
STEPS += ["buyer's call", "shipping", "news SMS"]


def free_ports() -> tuple[int, int]:
    """A port for the portal, and one for the sandbox whose next one is free too."""
    for _ in range(50):
        with socket.socket() as portal, socket.socket() as sandbox, socket.socket() as store:
            portal.bind(("127.0.0.1", 0))
            sandbox.bind(("127.0.0.1", 0))
            port = int(sandbox.getsockname()[1])
            try:
                store.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return int(portal.getsockname()[1]), port
    raise AssertionError("no free ports")


@pytest.fixture
def place(open_folder: Path, template: str) -> Iterator[dict[str, str]]:
    """What a test has of its own: another demo on this checkout, or another test's, is not in the way."""
    collected.lay_into(open_folder / "var")
    with databases.copied() as address:
        environ = {"DATABASE_URL": address, "VAR_DIR": str(open_folder / "var"), "DEBUG": "true"}
        with embedded.provide(open_folder, environ, alone=True):
            yield environ


def demo(place: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    portal, sandbox = free_ports()
    command = [sys.executable, "manage.py", "demo", "--once", "--port", str(portal), "--sandbox-port", str(sandbox)]
    environ = {**os.environ, **place, "DJANGO_SETTINGS_MODULE": "portal.settings"}
    return subprocess.run(
        [*command, *options], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=100, check=False
    )


@pytest.mark.xdist_group("up")  # one process tree at a time, and begun first (tests/running/test_up.py)
@pytest.mark.timeout(120)
@pytest.mark.requirement("R5")
@pytest.mark.requirement("R6")
@pytest.mark.requirement("R9")
def test_plays_the_main_job_and_tells_each_step(place: dict[str, str]) -> None:
    done = demo(place)

    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    told = [line for line in done.stdout.splitlines() if " s  " in line[:12]]
    assert [next(step for step in STEPS if step in line) for line in told] == STEPS


@pytest.mark.xdist_group("up")
@pytest.mark.timeout(120)
@thoroughness.sweep
@pytest.mark.parametrize("step", thoroughness.some(["news SMS", "approval in the store"], every=2))
def test_fails_and_names_the_step_that_was_not_seen(place: dict[str, str], step: str) -> None:
    done = demo(place, "--break", step, "--step-seconds", "10")

    assert done.returncode == 1
    assert f"MISSING: {step}: not seen within 10 s" in done.stdout


def test_shows_our_own_pages_where_something_fails() -> None:
    """Django's debugging page is for whoever develops, and a demo's visitor is not."""
    command = Command()
    command.site_url, command.sandbox = "http://localhost:8000", Sandbox("http://localhost:8900")
    environ = command._environ((8000, 8900, 8901, 8902))

    assert environ["DEBUG"] == "false"
    assert environ["SECRET_KEY"] == settings.SECRET_KEY


def test_holds_a_decision_back_as_long_as_the_handbook_says() -> None:
    command = Command()
    command.site_url, command.sandbox = "http://localhost:8000", Sandbox("http://localhost:8900")

    assert "UNDO_SECONDS" not in command._environ((8000, 8900, 8901, 8902))


def test_says_that_news_leave_sooner_than_they_otherwise_do() -> None:
    command, said = Command(), list[str]()
    command.site_url, command.sandbox = "http://localhost:8000", Sandbox("http://localhost:8900")
    command.options, command.say = {"once": True}, said.append  # type: ignore[method-assign]
    command._greet({"stores": ["http://localhost:8901"]})

    assert any("order news leave 1 s after the status changed" in line for line in said)


def test_sends_hints_of_any_process_to_the_portals_broker() -> None:
    code = "import django; django.setup(); from work.tasks import drain; print(drain.app.main)"
    environ = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "onay"
