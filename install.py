"""Makes `.venv` and installs a lock into it: `python3 install.py requirements.txt`. Needs nothing but Python.

Does nothing where the same lock is in already. Installs by uv, which takes seconds, and by pip where uv cannot be had.
Exits non-zero with one line that says what is missing.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
_OLDEST, _NEWEST = (3, 11), (3, 14)
_UV = "uv~=0.13.0"


def main() -> None:
    """Installs the lock named on the command line."""
    lock = ROOT / sys.argv[1]
    if not _OLDEST <= sys.version_info[:2] <= _NEWEST:
        sys.exit(f"Python {sys.version.split()[0]} is not supported; run make with PYTHON=python3.11 (to 3.14).")
    if is_installed(lock):
        return
    began = time.monotonic()
    make_venv()
    tell(f"installing {lock.name} …")
    if not by_uv(lock) and not by_pip(lock):
        sys.exit(f"{lock.name} could not be installed; the lines above say why.")
    stamp_of(lock).write_text(fingerprint(lock))
    tell(f"installed {lock.name}  {time.monotonic() - began:.1f} s")


def is_installed(lock: Path) -> bool:
    """Whether this very lock, or the larger one that holds it too, went into a virtual environment that still works."""
    larger = lock.with_name("requirements-dev.txt")
    return PYTHON.exists() and any(
        stamp_of(each).exists() and stamp_of(each).read_text() == fingerprint(each) for each in {lock, larger}
    )


def fingerprint(lock: Path) -> str:
    """Changes with any lock; the development lock is made over the other, so both count."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(ROOT.glob("requirements*.txt")):
        digest.update(path.read_bytes())
    return f"{lock.name} {digest.hexdigest()}"


def stamp_of(lock: Path) -> Path:
    """Where the fingerprint of an installed lock is kept."""
    return VENV / f"{lock.stem}.installed"


def make_venv() -> None:
    """Makes `.venv` where there is none that works with this Python."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if PYTHON.exists() and (VENV / "lib" / f"python{version}").exists():
        return
    tell(f"making .venv with Python {version} …")
    try:
        venv.create(VENV, with_pip=True, clear=True, symlinks=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        sys.exit(f".venv could not be made ({problem}); on Debian install python3-venv.")


def by_uv(lock: Path) -> bool:
    """Tries uv, put into `.venv` first."""
    uv = VENV / "bin" / "uv"
    if not uv.exists() and not run([PYTHON, "-m", "pip", "install", "--quiet", _UV]):
        tell("uv cannot be had here; installing by pip, which takes longer")
        return False
    # uv would copy between file systems one by one and warn; copying is asked for where links cannot be.
    environ = {**os.environ, "VIRTUAL_ENV": str(VENV), "UV_LINK_MODE": os.environ.get("UV_LINK_MODE", "copy")}
    argv: list[str | Path] = [
        uv,
        "pip",
        "install",
        "--system-certs",
        "--compile-bytecode",
        "--require-hashes",
        "--requirements",
        lock,
    ]
    if run(argv, environ):
        return True
    tell("uv did not manage; trying pip")
    return False


def by_pip(lock: Path) -> bool:
    """Tries pip, with its own progress."""
    return run([PYTHON, "-m", "pip", "install", "--require-hashes", "--requirement", lock])


def run(argv: list[str | Path], environ: dict[str, str] | None = None) -> bool:
    """Whether the command succeeded; what it prints is shown."""
    return subprocess.run([str(word) for word in argv], env=environ, check=False).returncode == 0  # noqa: S603


def tell(line: str) -> None:
    """One line of progress, at once."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
