"""Real processes to be killed, beside a sandbox, over this run's database and a Valkey of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection
from django.test import override_settings

from portal import embedded, environment, processes, tree
from portal.supervision import Child
from tests import sandboxes
from tests.sandboxes import Sandbox, wait_until
from tests.waiting import free_port

LOOPBACK = ("127.0.0.0/8", "::1/128")
QUICK = {
    "LEASE_SECONDS": "2",
    "OUTBOUND_SECONDS": "1.5",
    "SWEEP_SECONDS": "0.5",
    "STORE_POLL_SECONDS": "1",
    "INBOX_POLL_SECONDS": "1",
    "REPORT_POLL_SECONDS": "1",
}


@dataclass(kw_only=True)
class Stage:
    """What a run plays on: the sandbox, and the portal's processes by name."""

    sandbox: Sandbox
    environ: Mapping[str, str]
    children: Mapping[str, Child]
    folder: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: int = 0
    flushes: int = 0

    def start(self, name: str) -> None:
        child = self.children[name]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = processes.spawn(
                child.argv, environ=child.environ, output=log, dies_by=signal.SIGKILL, cwd=settings.ROOT
            )

    def kill(self, name: str) -> None:
        """SIGKILL, and a new process in its place at once."""
        processes.bury(self.running.pop(name))
        self.kills += 1
        self.start(name)

    def broker(self) -> redis.Redis:
        return redis.Redis.from_url(environment.cache_url(self.environ["REDIS_URL"]), socket_timeout=5)

    def flush(self) -> None:
        with self.broker() as broker:
            broker.flushall()
        self.flushes += 1

    def end(self) -> None:
        for process in self.running.values():
            processes.bury(process)
        self.running.clear()

    def logged(self, word: str) -> list[str]:
        """The lines of all processes that hold `word`."""
        lines = [line for path in self.folder.glob("*.log") for line in path.read_text(errors="replace").splitlines()]
        return [line for line in lines if word in line]


@contextmanager
def real(*, workers: int, start_first: int = 1001, seed: int = 0) -> Iterator[Stage]:
    """Web and workers as real processes. Call it from the main thread, with the database migrated and empty."""
    with ExitStack() as stack:
        temporary = tempfile.TemporaryDirectory(prefix="onay-faults-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(temporary))
        folder.chmod(0o711)
        sandbox = stack.enter_context(sandboxes.running("--seed", str(seed), "--first-order", str(start_first)))
        port = free_port()
        site = f"http://localhost:{port}"
        environ = {**os.environ, **QUICK, **_addresses(sandbox), "DATABASE_URL": database_url(), "SITE_URL": site}
        environ |= {"DJANGO_SETTINGS_MODULE": "portal.settings", "PYTHONUNBUFFERED": "1", "VAR_DIR": str(folder)}
        environ.pop("REDIS_URL", None)
        stack.enter_context(embedded.provide(folder, environ, unsafe_fast=True, alone=True))
        children = {c.name: c for c in tree.roles(var=folder, port=port, workers=workers, environ=environ)}
        children.pop("scheduler")
        stage = Stage(sandbox=sandbox, environ=environ, children=children, folder=folder)
        stack.callback(stage.end)
        for name in children:
            stage.start(name)
        stack.enter_context(called_from_here(sandbox, SITE_URL=site))
        wait_until(lambda: tree.is_ready(port, site), seconds=30, what="web")
        yield stage


def lift_limits(sandbox: Sandbox, line: str) -> None:
    """An account with credit for long and no limits by the minute, since here a minute passes in a second."""
    lifted = {"credit": 1_000_000, "report_limit": None, "number_limit": None}
    sandbox.control("POST", "netgsm/accounts", usercode=line, **lifted)


def helper_environ(sandbox: Sandbox) -> dict[str, str]:
    """The environment of a helper process over this process's database."""
    environ = {**os.environ, **QUICK, **_addresses(sandbox), "DATABASE_URL": database_url()}
    environ.pop("PYTEST_XDIST_WORKER", None)
    return environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}


@contextmanager
def called_from_here(sandbox: Sandbox, **changes: object) -> Iterator[None]:
    """Settings under which this process itself calls the sandbox."""
    outside = {"NETGSM_API_URL": sandbox.url, "OUTBOUND_ALLOW": LOOPBACK, "REPORT_POLL_SECONDS": 1}
    with override_settings(**{**outside, **changes}):
        yield


def database_url() -> str:
    """The address of the database that this process's own connection has."""
    url, name = os.environ["DATABASE_URL"], str(settings.DATABASES["default"]["NAME"] or "portal")
    plain = environment.read().database["NAME"]
    present = str(connection.settings_dict["NAME"] or name)
    return url.replace(f"/{plain}?", f"/{present}?")


def _addresses(sandbox: Sandbox) -> dict[str, str]:
    return {"NETGSM_API_URL": sandbox.url, "OUTBOUND_ALLOW": ",".join(LOOPBACK), "LOG_FORMAT": "console"}
