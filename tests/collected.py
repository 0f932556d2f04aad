"""Collected static files for what a test starts: made once a run, since compressing them takes longer than most tests.

`tests/running/test_up.py` has them collected by a start itself, and `tests/portal/test_bundles.py` looks into these.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from tests import servers

PREPARE = "from portal import preparation; preparation.STEPS['static files']()"


def lay_into(var: Path) -> None:
    """Puts them where a portal with this `VAR_DIR` looks for them; its start finds them unchanged.

    Raises `subprocess.CalledProcessError` where they cannot be collected.
    """
    made = servers.shared_folder() / "collected"
    made.mkdir(exist_ok=True)
    with (made / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made / "static.stamp").exists():
            _collect(made)
    var.mkdir(exist_ok=True)
    shutil.copytree(made / "static", var / "static")
    shutil.copy2(made / "static.stamp", var)


def _collect(var: Path) -> None:
    own = {"VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "portal.settings", "DEBUG": "true"}
    words = [sys.executable, "manage.py", "shell", "--no-imports", "--command", PREPARE]
    subprocess.run(words, cwd=settings.ROOT, env={**os.environ, **own}, check=True, timeout=120)
