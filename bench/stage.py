"""What the benchmarks play on: real processes, the portal's beside the bare view's, over one PostgreSQL and one Valkey.

The servers are durable as in production (`fsync` and synchronous commits, unlike the tests'), unless `DATABASE_URL`
and `REDIS_URL` name others. Settings are production's defaults but for the polls of reports and inbox, which the
benchmarks have no use for and which would come in the midst of a round.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet

from portal import embedded, processes, tree
from portal.supervision import Child
from tests import sandboxes
from tests.sandboxes import Sandbox, wait_until
from tests.waiting import free_port

ROOT = Path(__file__).resolve().parent.parent
ANSWER_SECONDS = 0.05  # how long the sandbox's operator and stores take for each answer
WORKERS = 2  # one a core of the machine these figures are wanted for
_STOPPING = ((signal.SIGTERM, 15.0),)


@dataclass(frozen=True, kw_only=True)
class Outside:
    """The sandbox, and the environment of every process beside it."""

    sandbox: Sandbox
    environ: Mapping[str, str]
    folder: Path
    port: int


@dataclass(kw_only=True)
class Stage:
    """The portal's processes by name, started and stopped by the benchmark that needs them."""

    sandbox: Sandbox
    folder: Path
    port: int
    bare_port: int
    children: Mapping[str, Child]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Starts it and waits until it serves, where it can tell."""
        child = self.children[name]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = processes.spawn(
                child.argv, environ=child.environ, output=log, dies_by=signal.SIGKILL, cwd=ROOT
            )
        if child.ready is not None:
            wait_until(child.ready, seconds=40, what=f"of {name}: {self.folder / name}.log")

    def stop(self, name: str) -> None:
        processes.stop(self.running.pop(name), steps=_STOPPING)

    @contextmanager
    def only(self, *names: str) -> Iterator[None]:
        """Has these processes run for the time of the block, and no others: two cores are few."""
        for name in set(self.running) - set(names):
            self.stop(name)
        for name in names:
            if name not in self.running:
                self.start(name)
        yield

    def collect(self) -> None:
        """Lays the screens' static files where the web process looks for them."""
        command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=dict(self.children["web"].environ), check=True)

    @property
    def workers(self) -> list[str]:
        return [name for name in self.children if name.startswith("worker")]


@contextmanager
def outside() -> Iterator[Outside]:
    """Sandbox and servers; sets this process's environment, so call it before Django is set up."""
    with ExitStack() as stack:
        temporary = tempfile.TemporaryDirectory(prefix="onay-bench-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(temporary))
        folder.chmod(0o711)  # root runs PostgreSQL as another user, who must get in
        sandbox = stack.enter_context(sandboxes.running("--seed", "1"))
        port = free_port()
        os.environ.update(_environ(sandbox, port))
        stack.enter_context(embedded.provide(folder, os.environ, alone=True))
        yield Outside(sandbox=sandbox, environ=dict(os.environ), folder=folder, port=port)


@contextmanager
def portal(outside: Outside) -> Iterator[Stage]:
    """The tables made, this process a client of the portal's own functions, and its processes ready to be started."""
    from django.core.management import call_command

    import portal.celery  # noqa: F401 - so that this process's hints reach the workers

    call_command("migrate", interactive=False, verbosity=0)
    environ = {**outside.environ, "VAR_DIR": str(outside.folder)}
    roles = tree.roles(var=outside.folder, port=outside.port, workers=WORKERS, environ=environ)
    children = {child.name: child for child in roles if child.name != "scheduler"}
    bare_port = free_port()
    children["bare"] = _bare(outside.folder, bare_port, environ)
    stage = Stage(
        sandbox=outside.sandbox, folder=outside.folder, port=outside.port, bare_port=bare_port, children=children
    )
    for system in ("netgsm", "store:*"):
        outside.sandbox.control("POST", "latency", system=system, seconds=ANSWER_SECONDS)
    try:
        yield stage
    finally:
        for name in list(stage.running):
            stage.stop(name)


def _bare(folder: Path, port: int, environ: Mapping[str, str]) -> Child:
    """The portal's own server command with another application in it."""
    site = f"http://localhost:{port}"
    web = tree.roles(var=folder, port=port, environ={**environ, "SITE_URL": site})[0]
    return Child(
        name="bare",
        argv=[*web.argv[:-1], "bench.bare.wsgi:application"],
        environ={**web.environ, "DJANGO_SETTINGS_MODULE": "bench.bare.settings"},
        ready=lambda: tree.is_ready(port, site),
    )


def _environ(sandbox: Sandbox, port: int) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DEBUG": "false",
        "LOG_FORMAT": "json",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "SITE_URL": f"http://localhost:{port}",
        "NETGSM_API_URL": sandbox.url,
        "OUTBOUND_ALLOW": "127.0.0.0/8,::1/128",
        "REPORT_POLL_SECONDS": "3600",
        "INBOX_POLL_SECONDS": "3600",
        "PYTHONUNBUFFERED": "1",
    }
