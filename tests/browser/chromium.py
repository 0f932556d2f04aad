"""Where browser tests get their browser: the machine's Chromium, else Debian's where it may be installed.

Its headless shell is the same engine without a window around it, and takes two fifths of the processor's time: it is
taken first. `python -m tests.browser.chromium` installs what is missing; under `CI=true` it fails where there is none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_SHELL = "chromium-headless-shell"
_NAMES = (_SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
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
    """Installs Debian's headless shell, else its Chromium, where that is possible: as root, with apt-get.

    Where there is a browser already, apt-get's lists are not renewed for a lighter one.
    """
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    is_there = find() is not None
    if not is_there and not _apt_get("update", "-qq"):
        return
    for package in [_SHELL] if is_there else [_SHELL, "chromium"]:
        print(f"installing Debian's {package} for the browser tests …", flush=True)
        if _apt_get("install", "-y", "-qq", "--no-install-recommends", "--no-remove", package):
            return


def _apt_get(*words: str) -> bool:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    waits = ["-o", "Acquire::http::Timeout=20", "-o", "Acquire::Retries=1"]
    done = subprocess.run(["apt-get", *waits, *words], env=environ, stdout=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        print(f"apt-get {words[0]} failed", file=sys.stderr)
    return done.returncode == 0


def main() -> None:
    """Makes sure of a browser, the light one where it may be had, or says loudly that there is none."""
    if not os.environ.get("CHROMIUM") and shutil.which(_SHELL) is None:
        install()
    if find() is None:
        print(f"\n{_MISSING}\n", file=sys.stderr, flush=True)
        sys.exit(1 if in_ci() else 0)


if __name__ == "__main__":
    main()
