"""Installations with roles of their own: an owner that is no superuser, named alone or apart (R1, case 11)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

import psycopg
import pytest
from django.conf import settings

pytestmark = [pytest.mark.requirement("R1"), pytest.mark.case(11), pytest.mark.timeout(120)]

CHECKED = "from portal import wsgi; from django.db import connection as c; q = c.cursor(); q.execute('{}'); print({})"
WHO = CHECKED.format("SELECT current_user, session_user", "*q.fetchone()")


def _with_owner(addresses: Mapping[str, str], *, creates_roles: bool) -> dict[str, str]:
    """A database of an ordinary role `sahip`, at the server of `addresses`."""
    with psycopg.connect(addresses["DATABASE_URL"], autocommit=True) as session:
        session.execute(f"CREATE ROLE sahip LOGIN {'CREATEROLE' if creates_roles else 'NOCREATEROLE'}")
        session.execute("CREATE DATABASE onay OWNER sahip")
    url = addresses["DATABASE_URL"].replace("postgres://portal@/portal?", "postgres://sahip@/onay?")
    return {**os.environ, **addresses, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "portal.settings"}


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


def test_steps_down_from_an_owner_that_is_named_alone(own_servers: dict[str, str]) -> None:
    environ = _with_owner(own_servers, creates_roles=True)
    migrated = _run(environ, "manage.py", "migrate", "--no-input", "--verbosity", "0")

    assert (migrated.returncode, migrated.stderr) == (0, "")
    assert _run(environ, "-c", WHO).stdout == "sahip_runtime sahip\n"


def test_signs_in_as_the_role_that_is_named_apart(own_servers: dict[str, str]) -> None:
    owner = _with_owner(own_servers, creates_roles=True)
    url = owner["DATABASE_URL"]
    environ = {**owner, "DATABASE_OWNER_URL": url, "DATABASE_URL": url.replace("sahip@", "onay:parola@")}
    migrated = _run(environ, "manage.py", "migrate", "--no-input", "--verbosity", "0")

    assert (migrated.returncode, migrated.stderr) == (0, "")
    assert _run(environ, "-c", WHO).stdout == "onay onay\n"


def test_stops_with_the_statement_where_the_owner_may_make_no_role(own_servers: dict[str, str]) -> None:
    environ = _with_owner(own_servers, creates_roles=False)
    migrated = _run(environ, "manage.py", "migrate", "--no-input", "--verbosity", "0")

    assert migrated.returncode == 1
    assert migrated.stderr.strip().splitlines()[-1] == (
        "CommandError: The database role sahip may not make the role sahip_runtime; run as a superuser:"
        ' CREATE ROLE "sahip_runtime" NOLOGIN; GRANT "sahip_runtime" TO "sahip";'
    )
