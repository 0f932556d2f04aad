"""Each benchmark runs, over real processes, and prints its row; how fast it was is nobody's business here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.xdist_group("up")  # tests/running/test_up.py
@pytest.mark.timeout(150)
def test_measures_every_benchmark_and_writes_it_down() -> None:
    names = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PYTEST_XDIST_WORKER")
    environ = {name: value for name, value in os.environ.items() if name not in names}
    with tempfile.TemporaryDirectory(prefix="onay-bench-test-") as var:
        done = subprocess.run(
            [sys.executable, "-m", "bench", "--tiny"],
            cwd=ROOT,
            env={**environ, "VAR_DIR": var},
            capture_output=True,
            text=True,
            timeout=140,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-1000:]
        rows = json.loads((Path(var) / "bench.json").read_text())["rows"]
    assert [row["name"] in done.stdout for row in rows] == [True] * 5
