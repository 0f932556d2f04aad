"""Who holds an embedded server: one process owns it, others share it, and locks alone tell which.

Three files in the server's folder:
- `lock` is locked by the owner, and the server inherits the lock: it is free only when the owner *and* every process
  of the server are gone, also after a `kill -9`. So no process number is ever trusted and no stranger signalled.
- `users` is locked by each sharer; the owner waits for it before it stops the server.
- `address.json` tells sharers where the server listens.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from portal import processes
from portal.embedded.failures import ServerFailed, ServersBusy

_START_SECONDS = 60.0
_REVIVAL_PAUSE = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that answers: its address, its process, the folder of its socket and how it is asked to stop."""

    url: str
    process: subprocess.Popen[bytes]
    sockets: Path
    stopping: Sequence[tuple[signal.Signals, float]]

    def stop(self) -> None:
        processes.stop(self.process, steps=self.stopping)
        shutil.rmtree(self.sockets, ignore_errors=True)


# Starts the server of a folder over a lock that it inherits; with the socket folder of one that died, in its place.
Start = Callable[[Path, int, Path | None], Server]


@dataclass(slots=True, kw_only=True)
class Held:
    """The right to use a server until `release`."""

    url: str
    folder: Path
    lock: int
    server: Server | None
    start: Start
    due_at: float = 0.0

    @property
    def own(self) -> bool:
        """Whether this process started the server and will stop it."""
        return self.server is not None

    def revive(self, tell: Callable[[str], object]) -> None:
        """Starts an own server that died again, at the same address; where that fails, a later call tries again."""
        if self.server is None or not processes.ended(self.server.process) or time.monotonic() < self.due_at:
            return
        processes.bury(self.server.process)
        try:
            self.server = self.start(self.folder, self.lock, self.server.sockets)
            tell(f"{self.folder.name} had ended and was started again")
        except ServerFailed as problem:
            self.due_at = time.monotonic() + _REVIVAL_PAUSE
            tell(f"{self.folder.name} had ended and does not start yet: {problem}")

    def release(self, *, patience: float | None, tell: Callable[[str], object]) -> None:
        """Gives the server up; its owner first waits `patience` seconds (`None`: as long as it takes) for sharers."""
        if self.server is not None:
            users = _wait_for_users(self.folder, patience, tell)
            (self.folder / "address.json").unlink(missing_ok=True)
            self.server.stop()
            if users is not None:
                os.close(users)
        os.close(self.lock)


def hold(folder: Path, *, start: Start, answers: Callable[[str], bool], share: bool = True) -> Held:
    """The server of `folder`: shared where it runs (unless not `share`), else started by `start`.

    Raises `ServersBusy` when another process keeps the lock for a minute and the server cannot be shared, and what
    `start` raises.
    """
    folder.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + _START_SECONDS
    while True:
        lock = _locked(folder / "lock", fcntl.LOCK_EX)
        if lock is not None:
            return _own(folder, lock, start)
        shared = _share(folder, start, answers) if share else None
        if shared is not None:
            return shared
        if not processes.wait_until(deadline, pause=0.05):
            raise ServersBusy(f"Another command holds {folder}; end it, then try again.")


def _own(folder: Path, lock: int, start: Start) -> Held:
    try:
        _clear_leftovers(folder)
        server = start(folder, lock, None)
    except BaseException:
        os.close(lock)
        raise
    note = folder / "address.json"
    draft = note.with_suffix(".new")
    draft.write_text(json.dumps({"url": server.url, "sockets": str(server.sockets)}))
    draft.replace(note)
    return Held(url=server.url, folder=folder, lock=lock, server=server, start=start)


def _share(folder: Path, start: Start, answers: Callable[[str], bool]) -> Held | None:
    lock = _locked(folder / "users", fcntl.LOCK_SH)
    if lock is None:
        return None  # its owner is stopping it
    url = str(_noted(folder).get("url", ""))
    if url and answers(url):
        return Held(url=url, folder=folder, lock=lock, server=None, start=start)
    os.close(lock)
    return None


def _noted(folder: Path) -> dict[str, object]:
    try:
        note = json.loads((folder / "address.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def _clear_leftovers(folder: Path) -> None:
    """Removes what a killed owner left; the lock in hand proves that nothing of it runs."""
    sockets = Path(str(_noted(folder).get("sockets", "")))
    if sockets.name.startswith("onay-"):
        shutil.rmtree(sockets, ignore_errors=True)
    (folder / "address.json").unlink(missing_ok=True)


def _wait_for_users(folder: Path, patience: float | None, tell: Callable[[str], object]) -> int | None:
    deadline = time.monotonic() + (float("inf") if patience is None else patience)
    told = False
    while (users := _locked(folder / "users", fcntl.LOCK_EX)) is None:
        if not told and patience is None:
            tell(f"{folder.name} is in use by another command; stopping once that ends (Ctrl-C: now)")
            told = True
        if not _wait(deadline):
            return None
    return users


def _wait(deadline: float) -> bool:
    try:
        return processes.wait_until(deadline, pause=0.05)
    except KeyboardInterrupt:
        return False


def _locked(path: Path, how: int) -> int | None:
    """A descriptor that holds the lock, or `None` where another process does."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
