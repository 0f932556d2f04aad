"""Child processes that never outlive the process that started them."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypedDict

_PR_SET_PDEATHSIG = 1
# Loaded before any fork: a child may not load a library between fork and exec.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The user a child runs as, by number."""

    uid: int
    gid: int


class AsUser(TypedDict, total=False):
    """The arguments of `subprocess` that choose a child's user."""

    user: int
    group: int
    extra_groups: list[int]


def spawn(
    argv: Sequence[str | os.PathLike[str]],
    *,
    environ: Mapping[str, str],
    output: int | IO[bytes],
    dies_by: signal.Signals,
    account: Account | None = None,
    keep: Iterable[int] = (),
    cwd: str | Path | None = None,
) -> subprocess.Popen[bytes]:
    """Starts `argv` in a session of its own, so that a terminal's Ctrl-C reaches its parent alone.

    When the starting *thread* ends, however it ends, the kernel sends the child `dies_by` (Linux): call it from the
    main thread. `keep` names file descriptors the child inherits. Raises `OSError` where it cannot be started.
    """
    parent = os.getpid()

    def bind() -> None:
        # Runs after the change of user, which would clear the death signal.
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(dies_by), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return subprocess.Popen(  # noqa: S603
        [os.fspath(word) for word in argv],
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        pass_fds=tuple(keep),
        cwd=cwd,
        preexec_fn=bind,  # noqa: PLW1509 - it calls nothing that takes a lock
        **as_user(account),
    )


def as_user(account: Account | None) -> AsUser:
    """The arguments that make a child run as `account`; none where it is `None`."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def stop(process: subprocess.Popen[bytes], *, steps: Sequence[tuple[signal.Signals, float]]) -> int:
    """Sends each signal in turn and waits its seconds for the end, then kills what is left; tells the exit code."""
    for how, seconds in steps:
        deadline = time.monotonic() + seconds
        send(process, how)
        while not ended(process) and wait_until(deadline):
            pass
    return bury(process)


@contextmanager
def stopped_on_failure(
    process: subprocess.Popen[bytes], *, steps: Sequence[tuple[signal.Signals, float]]
) -> Iterator[None]:
    """Stops the child where the block fails."""
    try:
        yield
    except BaseException:
        stop(process, steps=steps)
        raise


def send(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """Signals the child, unless it has ended."""
    if not ended(process):
        os.kill(process.pid, how)


def ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether the child has ended. It is not reaped, so that its number stays its own until `bury`."""
    if process.returncode is not None:
        return True
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def bury(process: subprocess.Popen[bytes]) -> int:
    """Kills the child and whatever else is in its session's group, reaps it, and tells its exit code."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def wait_until(deadline: float, *, pause: float = 0.02) -> bool:
    """Pauses shortly; false once `deadline` (of `time.monotonic`) has passed."""
    if time.monotonic() >= deadline:
        return False
    time.sleep(pause)
    return True
