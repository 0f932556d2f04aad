"""The portal's real web server over this run's database, beside a sandbox, with its merchants there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import call_command
from django.db import connections
from django.test import override_settings

from portal import processes, tree
from tests import catalogues, collected, sandboxes
from tests.faults.stage import LOOPBACK, database_url
from tests.sandboxes import Sandbox, wait_until
from tests.screens import merchants
from tests.screens.merchants import Merchants
from tests.waiting import free_port

HASHER = f"{PBKDF2PasswordHasher.__module__}.{PBKDF2PasswordHasher.__qualname__}"  # the server's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """`site`: the portal's address; `places`: what the addresses of the table are filled with."""

    site: str
    sandbox: Sandbox
    merchants: Merchants
    places: Mapping[str, Any]


@contextmanager
def built() -> Iterator[Stage]:
    """Everything in place; call it from the main thread, once a process."""
    port = free_port()
    site = f"http://localhost:{port}"
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="onay-screens-", ignore_cleanup_errors=True))
        )
        folder.chmod(0o711)
        catalogues.compile_all()
        call_command("migrate", interactive=False, verbosity=0)
        sandbox = stack.enter_context(sandboxes.running("--seed", "6", "--first-order", "100245"))
        environ = _environ(folder, site, sandbox)
        collect(environ)
        outside = {"NETGSM_API_URL": sandbox.url, "OUTBOUND_ALLOW": LOOPBACK, "SITE_URL": site}
        stack.enter_context(override_settings(**outside, PASSWORD_HASHERS=[HASHER]))
        there = merchants.settle(sandbox, redirect_address=f"{site}/allow")
        stack.enter_context(_serving(folder, port, environ))
        wait_until(lambda: tree.is_ready(port, site), seconds=60, what="web")
        yield Stage(site=site, sandbox=sandbox, merchants=there, places=there.places(sandbox))
        connections.close_all()


@contextmanager
def _serving(folder: Path, port: int, environ: Mapping[str, str]) -> Iterator[None]:
    (web, *_others) = tree.roles(var=folder, port=port, environ=environ)
    with (folder / "web.log").open("ab") as log:
        process = processes.spawn(web.argv, environ=web.environ, output=log, dies_by=signal.SIGKILL, cwd=settings.ROOT)
        try:
            yield
        finally:
            processes.stop(process, steps=[(signal.SIGTERM, 5)])


def _environ(folder: Path, site: str, sandbox: Sandbox) -> dict[str, str]:
    named = {"DATABASE_URL": database_url(), "SITE_URL": site, "ALLOWED_HOSTS": "localhost", "DEBUG": "false"}
    outside = {"NETGSM_API_URL": sandbox.url, "OUTBOUND_ALLOW": ",".join(LOOPBACK)}
    kept = {"VAR_DIR": str(folder), "LOG_FORMAT": "console", "OUTBOUND_ADDRESSES": "203.0.113.7"}
    return {**os.environ, **named, **outside, **kept, "DJANGO_SETTINGS_MODULE": "portal.settings"}


def collect(environ: Mapping[str, str]) -> None:
    """Static files as in production, for a server with this environment."""
    collected.lay_into(Path(environ["VAR_DIR"]))
    # A handbook whose pictures are yet to be taken is not whole, and this is where they are taken.
    subprocess.run([sys.executable, "manage.py", "handbook"], cwd=settings.ROOT, env=environ, check=False, timeout=60)
