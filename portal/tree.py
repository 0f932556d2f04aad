"""The portal as one process tree: web, workers, scheduler, and whatever a demo adds."""

from __future__ import annotations

import http.client
import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from portal import embedded
from portal.supervision import Child, Supervisor, own_environ, stopping_on_signals

HOST = "127.0.0.1"
# Celery warns of root for the sake of pickled tasks; ours are JSON.
_UNWARNED = "ignore:You're running the worker with superuser privileges"
_CELERY = [sys.executable, "-W", _UNWARNED, "-m", "celery", "--app", "portal", "--quiet"]


class PortTaken(RuntimeError):
    """Something else listens on the port; the message is one line for a person."""


def run(
    children: Sequence[Child],
    *,
    tell: Callable[[str], object],
    on_ready: Callable[[Supervisor], object] = lambda _supervisor: None,
) -> None:
    """Keeps `children` running until SIGTERM or Ctrl-C; call it from the main thread.

    `on_ready` is called once, when every child is ready, in this same thread: a long affair belongs in a thread of its
    own, which ends the run by the supervisor's `stop`.
    """
    supervisor = Supervisor(children, tell=tell, below=lambda: embedded.revive(tell))

    def stop() -> None:
        if not supervisor.stopping:
            tell("stopping")
        supervisor.stop()

    with stopping_on_signals(stop):
        supervisor.run(on_ready=lambda: on_ready(supervisor))


def roles(
    *, var: Path, port: int, workers: int = 1, host: str = HOST, environ: Mapping[str, str] | None = None
) -> list[Child]:
    """The portal's own children: web on `host:port`, `workers` workers of 16 threads each, the scheduler."""
    environ = dict(environ or own_environ())
    environ["SITE_URL"] = environ.get("SITE_URL") or f"http://localhost:{port}"
    names = ["worker"] if workers == 1 else [f"worker{number}" for number in range(1, workers + 1)]
    return [
        Child(
            name="web",
            argv=_web(host, port),
            environ=environ,
            ready=lambda: is_ready(port, environ["SITE_URL"]),
        ),
        *(Child(name=name, argv=_worker(name), environ=environ) for name in names),
        Child(name="scheduler", argv=_scheduler(var), environ=environ),
    ]


def refuse_taken_port(port: int, host: str = HOST) -> None:
    """Raises `PortTaken` where something listens already: the web server itself would share the port silently."""
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"Port {port} cannot be had ({os.strerror(error.errno or 0)}); choose another by --port."
            ) from error


def is_ready(port: int, site_url: str) -> bool:
    """Whether `/health/ready` answers 200 within two seconds."""
    line = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        line.request("GET", "/health/ready", headers={"Host": urlsplit(site_url).netloc})
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _web(host: str, port: int) -> list[str]:
    server = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--no-ws",
        "--host",
        host,
        "--port",
        str(port),
    ]
    limits = ["--blocking-threads", "16", "--respawn-failed-workers", "--workers-kill-timeout", "10"]
    return [*server, *limits, "--log-level", "error", "portal.wsgi:application"]


def _worker(name: str) -> list[str]:
    # Workers need no news of one another; that chatter would be most of Valkey's traffic.
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "warning"]
    return [
        *_CELERY,
        "worker",
        "--hostname",
        f"{name}@%h",
        "--pool",
        "threads",
        "--concurrency",
        "16",
        *quiet,
    ]


def _scheduler(var: Path) -> list[str]:
    return [*_CELERY, "beat", "--loglevel", "warning", "--schedule", str(var / "schedule"), "--pidfile", ""]
