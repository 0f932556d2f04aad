"""PostgreSQL and Valkey for one run of the tests: one of each, shared by the run's workers."""

from __future__ import annotations

import atexit
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from portal import embedded

VALKEY_DATABASES = 64
_SHARED = "ONAY_TESTS_FOLDER"


def provide() -> None:
    """Sets `DATABASE_URL` and `REDIS_URL`: given ones are kept, else the run's first process starts servers.

    Each worker gets a Valkey database of its own (0 without workers, else its number + 1; 32 and up are free for
    tests); pytest-django makes a PostgreSQL database a worker.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        _start()
    else:
        os.environ["REDIS_URL"] = numbered(os.environ["REDIS_URL"], int(worker.removeprefix("gw")) + 1)


def _start() -> None:
    stack = ExitStack()
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="onay-tests-")))
    os.environ[_SHARED] = str(folder)
    folder.chmod(0o711)  # root runs PostgreSQL as another user, who must get in
    if os.environ.get("DATABASE_URL"):
        stack.callback(_leave_nothing)
    stack.enter_context(embedded.provide(folder, os.environ, unsafe_fast=True, databases=VALKEY_DATABASES, alone=True))
    atexit.register(stack.close)


def _leave_nothing() -> None:
    from tests import databases  # it needs settings, which need servers

    databases.drop_template()


def shared_folder() -> Path:
    """A folder of this run's, for what its workers make once and share."""
    return Path(os.environ[_SHARED])


def numbered(url: str, number: int) -> str:
    """`REDIS_URL` with the database `number` in place of its own."""
    parts = urlsplit(url)
    if parts.scheme in ("redis", "rediss"):
        return parts._replace(path=f"/{number}").geturl()
    name = "db" if parts.scheme == "unix" else "virtual_host"
    return f"{url.partition('?')[0]}?{name}={number}"
