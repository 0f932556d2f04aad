"""Children: started again when they die, stopped together, killed where they do not stop."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from portal import supervision
from portal.supervision import AlreadyRunning, Child, Supervisor, own_environ
from tests.waiting import is_gone, wait_for

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = "import subprocess, sys, time; print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"


def a_child(code: str, name: str = "child") -> Child:
    return Child(name=name, argv=[sys.executable, "-c", code], environ=own_environ())


def run_until(condition: Callable[[list[str]], bool], *children: Child) -> list[str]:
    """What a supervisor of `children` tells until `condition` holds (20 s at most)."""
    told: list[str] = []
    supervisor = Supervisor(children, tell=told.append)
    tend, deadline = supervisor._tend, time.monotonic() + 20

    def tend_and_look() -> None:
        tend()
        if condition(told) or time.monotonic() > deadline:
            supervisor.stop()

    supervisor._tend = tend_and_look  # type: ignore[method-assign]
    supervisor.run()
    return told


def test_starts_a_dead_child_again_with_a_growing_pause() -> None:
    told = run_until(lambda lines: len(lines) == 3, a_child("raise SystemExit(3)"))
    assert told == [
        "child ended (exit code 3); starting it again in 0.6 s",
        "child ended (exit code 3); starting it again in 1.2 s",
        "child ended (exit code 3); starting it again in 2.4 s",
    ]


def test_puts_the_role_before_each_line(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    ends = "import time; time.sleep(60)"
    run_until(lambda lines: len(lines) == 1, a_child("print('merhaba')", name="web"), a_child(ends, name="worker"))
    assert b"web    | merhaba\n" in capfdbinary.readouterr().err


def test_kills_a_child_that_does_not_stop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(supervision, "_STOP_SECONDS", 0.3)
    began = tmp_path / "began"
    code = STUBBORN.replace("print('up', flush=True)", f"open({str(began)!r}, 'w')")
    told = run_until(lambda _: began.exists(), a_child(code))
    assert told == ["child did not stop within 0 s; killing it"]


def test_kills_what_a_dead_child_left_behind(tmp_path: Path) -> None:
    number = tmp_path / "number"
    code = PARENT.replace("print(", f"print(file=open({str(number)!r}, 'w'), *[").replace(".pid, flush", ".pid], flush")
    run_until(lambda _: number.exists() and number.read_text().endswith("\n"), a_child(code))
    wait_for(lambda: is_gone(int(number.read_text())))


def test_lets_one_process_run_on_a_folder(tmp_path: Path) -> None:
    with (
        supervision.alone(tmp_path),
        pytest.raises(AlreadyRunning, match="already runs on"),
        supervision.alone(tmp_path),
    ):
        pass


def test_lets_the_next_one_run_after_it(tmp_path: Path) -> None:
    with supervision.alone(tmp_path):
        pass
    with supervision.alone(tmp_path):
        assert (tmp_path / "up.lock").exists()
