"""Both trees of the handbook, built by the generator in processes of its own and put in place together."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from portal.handbook.sources import HANDBOOK, LOOK, OPERATORS, ROOT, STAMP, SUPPORT

TREES = {"tr": ".", "en": "en"}  # where each stands below the folder that is served
_SECONDS = 60
_STAMP_FILE = "stamp.txt"


class Broken(RuntimeError):
    """A page, a link or a picture that is not right; the message is what the generator said."""


def build(folder: Path) -> bool:
    """Makes `folder` hold the handbook as it is written; tells whether anything was done. Raises `Broken`.

    Milliseconds where nothing changed. A reader finds the former handbook until the new one is whole.
    """
    stamp = fingerprint()
    if _holds(folder, stamp):
        return False
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _alone(folder), tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as name:
        if _holds(folder, stamp):
            return False
        made = Path(name) / "new"
        _generate(Path(name), made, stamp)
        (made / _STAMP_FILE).write_text(stamp)
        if folder.exists():
            folder.rename(Path(name) / "old")
        made.rename(folder)
    return True


def _holds(folder: Path, stamp: str) -> bool:
    return is_built(folder) and (folder / _STAMP_FILE).read_text() == stamp


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two starts at once build one after the other; a process that dies lets go by itself."""
    with (folder.parent / f".{folder.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_built(folder: Path) -> bool:
    """Whether there is a handbook to serve."""
    return (folder / "index.html").is_file() and (folder / _STAMP_FILE).is_file()


def fingerprint() -> str:
    """Of all that the handbook is made from, the environment's part too."""
    digest = hashlib.sha256(version("properdocs").encode())
    digest.update(os.environ.get(SUPPORT, "").strip().encode())
    for path in sorted(_sources()):
        digest.update(f"{path.relative_to(ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    yield from (path for path in HANDBOOK.rglob("*") if path.is_file())
    yield from (ROOT / "static" / source for source in LOOK.values())
    yield from (ROOT / "docs" / page for page in OPERATORS)
    yield from (ROOT / "README.md", Path(__file__), Path(__file__).with_name("sources.py"))


def _generate(beside: Path, made: Path, stamp: str) -> None:
    """Both trees at once, each in a folder of its own, since the generator empties the one that it writes to."""
    running = {language: _generator(language, beside / language, stamp) for language in TREES}
    said = {language: _wait(process) for language, process in running.items()}
    broken = [f"{language}: {_troubles(words)}" for language, words in said.items() if running[language].returncode]
    if broken:
        raise Broken("\n".join(broken))
    for language, place in TREES.items():
        shutil.copytree(beside / language, made / place, dirs_exist_ok=True)


def _generator(language: str, folder: Path, stamp: str) -> subprocess.Popen[str]:
    # Without its `--quiet`, which would not count warnings either, and so break no build.
    words = [sys.executable, "-m", "properdocs", "build", "--strict"]
    words += ["--config-file", str(HANDBOOK / f"{language}.yml"), "--site-dir", str(folder)]
    environ = {**os.environ, STAMP: stamp}
    return subprocess.Popen(  # noqa: S603
        words, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _troubles(words: str) -> str:
    """What the generator complained of, without its own way there."""
    said = words.partition("Traceback (most recent call last)")[0]
    return "\n".join(line for line in said.splitlines() if line.strip() and not line.startswith("INFO"))


def _wait(process: subprocess.Popen[str]) -> str:
    try:
        return process.communicate(timeout=_SECONDS)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return f"no end after {_SECONDS} s"
