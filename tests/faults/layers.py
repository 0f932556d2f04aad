"""Case 29: each policy, key and check of isolation taken away in turn, and a test that fails each time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from tests.faults.removal import MARK
from tests.faults.tally import Tally

TESTS = (
    "tests/access",
    "tests/dashboard/test_second_step.py",
    "tests/subscribers",
    "tests/portal/test_hooks.py",
    "tests/portal/test_reaching.py",
    "tests/support/test_pages.py",
    "tests/support/test_sign_in.py",
    "tests/integrations/ideasoft/test_authorization.py",
)


def taken_away() -> Tally:
    """A run a wall; it succeeds where a test fails."""
    tally = Tally(case="29", name="layers taken away")
    for told in _told():
        if told["whole"]:
            for test in told["failed"]:
                tally.expect(False, f"{test} fails with nothing taken away")
        else:
            tally.runs += 1
            tally.succeeded += bool(told["failed"])
            tally.expect(told["failed"], f"{told['name']}: taken away, and none of {told['tests']} tests failed")
        print(_row(told), flush=True)
    tally.expect(tally.runs, "nothing was taken away")
    return tally


def _row(told: dict[str, Any]) -> str:
    noticed = ", ".join(test.rpartition("::")[2] for test in told["failed"][:1]) or "–"
    return f"  {told['name']:<64} {told['seconds']:6.1f} s  {noticed}"


def _told() -> Iterator[dict[str, Any]]:
    """What the plugin says, line by line. Raises `CalledProcessError` where it came to no end."""
    words = [sys.executable, "-m", "pytest", *TESTS, "-p", "tests.faults.removal", "-p", "no:randomly", "-q", "-s"]
    with subprocess.Popen(
        words, cwd=settings.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        last = ""
        for line in process.stdout:
            if line.startswith(MARK):
                yield json.loads(line.removeprefix(MARK))
            else:
                last = line.strip() or last
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words, output=last)
