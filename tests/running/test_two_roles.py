"""Installations with roles of their own: an owner that is no superuser, named alone or apart (R1, case 11)."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from portal import embedded

pytestmark = [
    pytest.mark.requirement("R1"),
    pytest.mark.case(11),
    pytest.mark.timeout(120),
    pytest.mark.xdist_group("two roles"),  # one server for all of them
]

CHECKED = "from portal import wsgi; from django.db import connection as c; q = c.cursor(); q.execute('{}'); print({})"
WHO = CHECKED.format("SELECT current_user, session_user", "*q.fetchone()")


MIGRATE = ("manage.py", "migrate", "--no-input", "--verbosity", "0")


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    """A server with the ordinary role `sahip` and its database `kalip`."""
    found: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="onay-test-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        with embedded.provide(Path(name), found, unsafe_fast=True, alone=True):
            _execute(found, "CREATE ROLE sahip LOGIN NOCREATEROLE", "CREATE DATABASE kalip OWNER sahip")
            yield found


@pytest.fixture(scope="module")
def without_leave(addresses: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What migrating came to where `sahip` may make no role; the tables are there, since roles come last."""
    return _run(_of(addresses, "kalip"), *MIGRATE)


@pytest.fixture
def owner(addresses: dict[str, str], without_leave: object) -> dict[str, str]:
    """An installation of `sahip`, who may make roles now: a copy, since making all tables takes longest."""
    name = f"onay_{uuid.uuid4().hex}"
    _execute(addresses, "ALTER ROLE sahip CREATEROLE", f"CREATE DATABASE {name} OWNER sahip TEMPLATE kalip")
    return _of(addresses, name)


def _of(addresses: Mapping[str, str], database: str) -> dict[str, str]:
    url = addresses["DATABASE_URL"].replace("postgres://portal@/portal?", f"postgres://sahip@/{database}?")
    return {**os.environ, **addresses, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "portal.settings"}


def _execute(addresses: Mapping[str, str], *statements: str) -> None:
    with psycopg.connect(addresses["DATABASE_URL"], autocommit=True) as session:
        for statement in statements:
            session.execute(statement)


def _run(environ: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=settings.ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_steps_down_from_an_owner_that_is_named_alone(owner: dict[str, str]) -> None:
    migrated = _run(owner, *MIGRATE)

    assert (migrated.returncode, migrated.stderr) == (0, "")
    assert _run(owner, "-c", WHO).stdout == "sahip_runtime sahip\n"


def test_signs_in_as_the_role_that_is_named_apart(owner: dict[str, str]) -> None:
    url = owner["DATABASE_URL"]
    environ = {**owner, "DATABASE_OWNER_URL": url, "DATABASE_URL": url.replace("sahip@", "onay:parola@")}
    migrated = _run(environ, *MIGRATE)

    assert (migrated.returncode, migrated.stderr) == (0, "")
    assert _run(environ, "-c", WHO).stdout == "onay onay\n"


def test_stops_with_the_statement_where_the_owner_may_make_no_role(
    without_leave: subprocess.CompletedProcess[str],
) -> None:
    assert without_leave.returncode == 1
    assert without_leave.stderr.strip().splitlines()[-1] == (
        "CommandError: The database role sahip may not make the role sahip_runtime; run as a superuser:"
        ' CREATE ROLE "sahip_runtime" NOLOGIN; GRANT "sahip_runtime" TO "sahip";'
    )
