"""An embedded PostgreSQL cluster: made once, then started and stopped.

Only the wheel's programs are used: its `get_server()` signals processes by stale numbers, leaks servers and adds users
(facts: measured). This build has neither ICU nor a Turkish collation.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from portal import processes
from portal.embedded import places
from portal.embedded.failures import ServerFailed
from portal.embedded.holding import Server
from portal.processes import Account

_NAME = "portal"
_RUNTIME = f"{_NAME}_runtime"  # the lesser role that connections step down to (subscribers/roles.py)
_SOCKET = ".s.PGSQL.5432.lock"  # the longer of the two names in the folder
_ENVIRON = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "log_min_messages": "warning",
}
_UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
_START_SECONDS = 60.0
# Fast shutdown ends sessions and writes a checkpoint; immediate leaves that to the next start.
_STOPPING = ((signal.SIGINT, 8.0), (signal.SIGQUIT, 3.0))


def start(folder: Path, lock: int, sockets: Path | None = None, *, fast: bool = False) -> Server:
    """Starts the cluster of `folder`, made first where there is none; the server inherits `lock`.

    `sockets` is the socket folder of a server that died and is replaced; PostgreSQL itself then sees to it that none of
    its sessions lives on. `fast` gives up durability: for tests alone. Raises `ServerFailed` with the end of its log.
    """
    account = places.server_account(folder / "data")
    programs = places.postgresql_programs(folder, account)
    data = places.data_home(folder, account) / "data"
    log = folder / "log.txt"
    _make_cluster(programs, data, account, log, fast=fast)
    replaces = sockets is not None
    if not replaces:
        (data / "postmaster.pid").unlink(missing_ok=True)  # the lock was free, so no process of the cluster lives
    with places.kept_on_success(sockets or places.socket_folder(account, _SOCKET), always=replaces) as room:
        process = _run(programs, data, room, account, lock, log, fast=fast)
        with processes.stopped_on_failure(process, steps=_STOPPING):
            _await(process, room, log)
            _make_database_and_role(room)
    return Server(url=_url(room, _NAME), process=process, sockets=room, stopping=_STOPPING)


def answers(url: str) -> bool:
    """Whether a session can be had at `url`."""
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _url(sockets: Path, database: str) -> str:
    return f"postgres://{_NAME}@/{database}?host={quote(str(sockets), safe='/')}"


def _make_cluster(programs: Path, data: Path, account: Account | None, log: Path, *, fast: bool) -> None:
    """Runs `initdb` into a draft that is renamed when whole, so that a kill half-way leaves no half cluster."""
    if (data / "PG_VERSION").exists():
        _check_version(programs, data)
        return
    draft = data.with_name("data.new")
    shutil.rmtree(draft, ignore_errors=True)
    places.hand_over(draft, account)
    argv: list[str | Path] = [
        programs / "initdb",
        "-D",
        draft,
        "--username",
        _NAME,
        "--auth-local",
        "trust",
        "--auth-host",
        "reject",
    ]
    argv += ["--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    argv += ["--no-sync"] if fast else []
    with log.open("wb") as output:
        # glibc knows C.UTF-8 since 2.35, Debian's before; elsewhere plain C, which orders alike.
        for locale in ("C.UTF-8", "C"):
            environ = {**_ENVIRON, "LC_ALL": locale}
            process = processes.spawn(
                [*argv, "--locale", locale],
                environ=environ,
                output=output,
                dies_by=signal.SIGKILL,
                account=account,
                cwd="/",
            )
            if process.wait(timeout=120) == 0:
                draft.rename(data)
                return
    raise ServerFailed(f"PostgreSQL's files could not be made: {_end_of(log)}")


def _check_version(programs: Path, data: Path) -> None:
    made_by = (data / "PG_VERSION").read_text().strip()
    argv = [str(programs / "postgres"), "--version"]
    found = subprocess.run(argv, capture_output=True, text=True, timeout=10, check=True)  # noqa: S603
    if f" {made_by}." not in found.stdout:
        raise ServerFailed(f"{data} was made by PostgreSQL {made_by}, but {found.stdout.strip()} is installed.")


def _run(
    programs: Path, data: Path, sockets: Path, account: Account | None, lock: int, log: Path, *, fast: bool
) -> subprocess.Popen[bytes]:
    settings = {**_SETTINGS, "unix_socket_directories": str(sockets), **(_UNSAFE if fast else {})}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with log.open("wb") as output:
        return processes.spawn(
            [programs / "postgres", "-D", data, *options],
            environ=_ENVIRON,
            output=output,
            dies_by=signal.SIGINT,
            account=account,
            keep=[lock],
            cwd="/",
        )


def _await(process: subprocess.Popen[bytes], sockets: Path, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not answers(_url(sockets, "postgres")):
        if processes.ended(process):
            raise ServerFailed(f"PostgreSQL ended while starting: {_end_of(log)}")
        if not processes.wait_until(deadline):
            raise ServerFailed(f"PostgreSQL did not answer within {_START_SECONDS:.0f} s: {_end_of(log)}")


def _make_database_and_role(sockets: Path) -> None:
    with psycopg.connect(_url(sockets, "postgres"), autocommit=True) as session:
        known = session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_NAME]).fetchone()
        if known is None:
            session.execute(f"CREATE DATABASE {_NAME}")
        known = session.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [_RUNTIME]).fetchone()
        if known is None:
            session.execute(f"CREATE ROLE {_RUNTIME} NOLOGIN")


def _end_of(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return " / ".join(lines[-3:]) or "its log is empty"
