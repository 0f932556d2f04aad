"""Where browser tests get their browser: the machine's Chromium, else Debian's where it may be installed.

`python -m tests.browser.chromium` installs what is missing; under `CI=true` it fails where there is none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_MISSING = (
    "NO BROWSER: the browser tests need Chromium, and there is none on this machine.\n"
    "Install it (Debian, Ubuntu: apt-get install chromium), or name one in CHROMIUM=/path/to/chromium."
)


def find() -> Path | None:
    """The Chromium of `CHROMIUM`, else the first on the path."""
    named = os.environ.get("CHROMIUM", "")
    found = named if named and Path(named).exists() else next(filter(None, map(shutil.which, _NAMES)), None)
    return Path(found) if found else None


def executable() -> Path:
    """The browser for a test, which is skipped where there is none, and fails under `CI=true`."""
    found = find()
    if found is None and in_ci():
        pytest.fail(_MISSING)
    if found is None:
        pytest.skip(_MISSING)
    return found


def in_ci() -> bool:
    """Whether a missing browser is a failure."""
    return os.environ.get("CI", "").lower() in ("1", "true")


def install() -> None:
    """Installs Debian's Chromium where that is possible: as root, with apt-get."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    print("installing Debian's chromium for the browser tests …", flush=True)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        if subprocess.run(["apt-get", *words], env=environ, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            print(f"apt-get {words[0]} failed", file=sys.stderr)


def main() -> None:
    """Makes sure of a browser, or says loudly that there is none."""
    if find() is None:
        install()
    if find() is None:
        print(f"\n{_MISSING}\n", file=sys.stderr, flush=True)
        sys.exit(1 if in_ci() else 0)


if __name__ == "__main__":
    main()
