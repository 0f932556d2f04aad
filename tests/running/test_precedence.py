"""Whoever waits for an answer of the web process goes before what stands in a queue (R8)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from portal import precedence, processes, tree
from tests.running.test_embedded import ROOT
from tests.waiting import free_port, wait_for

pytestmark = pytest.mark.requirement("R8")


def threads_of(number: int) -> list[int]:
    return [int(thread.name) for thread in Path(f"/proc/{number}/task").iterdir()]


def nicenesses(number: int) -> set[int]:
    return {os.getpriority(os.PRIO_PROCESS, thread) for thread in threads_of(number)}


@pytest.mark.django_db(transaction=True)
def test_a_worker_gives_way_with_all_its_threads(process_environ: dict[str, str], tmp_path: Path) -> None:
    worker = next(
        child for child in tree.roles(var=tmp_path, port=free_port(), environ=process_environ) if child.name == "worker"
    )
    running = processes.spawn(worker.argv, environ=worker.environ, output=None, dies_by=signal.SIGKILL, cwd=ROOT)
    try:
        wait_for(lambda: len(threads_of(running.pid)) > 3 and nicenesses(running.pid) == {precedence.NICENESS}, 40)
    finally:
        processes.stop(running, steps=[(signal.SIGTERM, 15.0)])


def test_what_was_put_further_back_by_its_operator_stays_there() -> None:
    tell = "import os; os.nice(15); from portal import precedence; precedence.give_way(); print(os.nice(0))"
    said = subprocess.run([sys.executable, "-c", tell], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "15"
