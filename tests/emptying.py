"""Emptying the database after a test that commits: its rows are deleted, and no table is made anew.

Django truncates every table, which gives each one and each of its indexes a new file and has every session read the
catalogue again, then makes all content types and permissions anew, and ends the session: the next test would wait for
another one, and prepare in it once more what every turn of work asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import TransactionTestCase
from psycopg.pq import TransactionStatus

_emptyings = count(1)
SWEPT_AFTER = 20  # emptyings; the tests' server runs no autovacuum, and what was deleted is read over until it is swept
KEPT = {"django_migrations", ContentType._meta.db_table, Permission._meta.db_table}  # the same after each migration


@contextmanager
def by_the_owner() -> Iterator[None]:
    """Steps up for the emptying alone; a test's own statements are the lesser role's."""
    flush = DatabaseOperations.execute_sql_flush

    def flush_as_owner(self: DatabaseOperations, statements: list[str]) -> None:
        with as_owner():
            flush(self, statements)

    def teardown(_case: TransactionTestCase) -> None:
        empty()

    kept: set[BaseDatabaseWrapper] = set()  # a thread has another one while a browser's event loop runs in it

    def end_sessions(_case: TransactionTestCase) -> bool:
        for each in connections.all(initialized_only=True):
            if each.alias == DEFAULT_DB_ALIAS and _is_left_clean():
                kept.add(each)
            else:
                each.close()
        return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush_as_owner)
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        patch.setattr(TransactionTestCase, "_should_reload_connections", end_sessions)
        yield
        for each in kept:
            each.close()


def empty() -> None:
    """Deletes every row but those of `KEPT`. Waits, as TRUNCATE does, for whoever still writes.

    Looking away from foreign keys takes a superuser; where the owner is none, Django empties as it always does.
    """
    if not is_superuser():
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False)
        return
    tables = emptied()
    deletes = "; ".join(f"DELETE FROM {table}" for table in tables)  # noqa: S608
    with as_owner():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE")
            # Triggers, foreign keys' among them, look away: in the end there is nothing left to refer to or from.
            cursor.execute(f"SET LOCAL session_replication_role = replica; {deletes}")
        if next(_emptyings) % SWEPT_AFTER == 0:
            with connection.cursor() as cursor:
                cursor.execute(f"VACUUM {', '.join(tables)}")


def emptied() -> list[str]:
    """The tables of every row but those of `KEPT`, quoted."""
    names = [name for name in connection.introspection.django_table_names(only_existing=True) if name not in KEPT]
    return [connection.ops.quote_name(name) for name in names]


def _is_left_clean() -> bool:
    """Whether this thread's session may serve the next test: in no transaction, and with no lock of its own."""
    if connection.connection is None or not connection.get_autocommit() or connection.in_atomic_block:
        return False
    if connection.connection.info.transaction_status != TransactionStatus.IDLE:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory')")
        return not cursor.fetchone()[0]


@contextmanager
def as_owner() -> Iterator[None]:
    """Steps up to the tables' owner, whom no policy holds."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {connection.ops.quote_name(settings.RUNTIME_ROLE)}")


def is_superuser() -> bool:
    """Whether the owner may look away from foreign keys."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = session_user")
        return bool(cursor.fetchone()[0])
