"""A migrated database to copy: made once a run, since making all tables anew takes longer than most tests."""

from __future__ import annotations

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from tests import servers

_MADE = "template"


def template() -> str:
    """The name of a database that has every table and no row; nobody may be connected to it."""
    note = servers.shared_folder() / _MADE
    with note.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            name = f"portal_template_{uuid.uuid4().hex}"
            _make(name)
            note.write_text(name)
    return note.read_text()


@contextmanager
def copied() -> Iterator[str]:
    """The address of a migrated database of the block's own; whoever is still connected at its end loses it."""
    name = f"portal_{uuid.uuid4().hex}"
    _execute("CREATE DATABASE {} TEMPLATE {}", name, template())
    try:
        yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    finally:
        _execute("DROP DATABASE {} WITH (FORCE)", name)


def drop_template() -> None:
    """Leaves nothing on a server that outlives the run."""
    note = servers.shared_folder() / _MADE
    if note.exists():
        _execute("DROP DATABASE IF EXISTS {}", note.read_text())


def _make(name: str) -> None:
    _execute("CREATE DATABASE {}", name)
    present = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        with closing(connection):
            call_command("migrate", database=connection.alias, interactive=False, verbosity=0)
    finally:
        connection.settings_dict["NAME"] = present


def _execute(statement: str, *names: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as session:
        session.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
