"""How much of a long sweep is gone through: `make test` takes a part of it, `make faults` all (`THOROUGH=true`)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import pytest

Case = TypeVar("Case")
IS_WHOLE = os.environ.get("THOROUGH") == "true"
ROOT = Path(__file__).parents[1]

sweep = pytest.mark.sweep
"""Marks a test that takes a part here."""


def examples(whole: int, *, part: int) -> int:
    """How many examples of a property are drawn."""
    return whole if IS_WHOLE else part


def some(cases: Sequence[Case], *, every: int, first: int = 0) -> Sequence[Case]:
    """All cases, or each `every`th from `first` on: tests that begin apart go through them all together."""
    return cases if IS_WHOLE else cases[first % every :: every]


def whole() -> subprocess.CompletedProcess[str]:
    """Runs every sweep from its first case to its last, over the servers of this run."""
    words = [sys.executable, "-m", "pytest", "-m", "sweep", "-q", "--timeout", "600", "-p", "no:cacheprovider"]
    environ = {**os.environ, "THOROUGH": "true"}
    return subprocess.run(words, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
