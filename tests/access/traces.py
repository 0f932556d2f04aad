"""What a request left behind: digests of a subscriber's rows, and every cell of the database to compare."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection

from subscribers import roles
from subscribers.models import Subscriber
from subscribers.postgresql import sessions
from tests.access.cast import Tenant

# What a mere visit may write: the session itself.
PASSING = {"django_session"}
READS = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")
Cells = dict[tuple[str, str], dict[str, Any]]


@contextmanager
def writes() -> Iterator[list[str]]:
    """Collects the statements of the block that may have written something besides the session.

    The one that finds the reach changed comes with the telling before it, which is a read and no part of it.
    """
    found: list[str] = []

    def watch(execute: Callable[..., Any], statement: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        own = statement.removeprefix(f"{sessions.TELL}; ")
        if not own.startswith(READS) and not any(f'"{table}"' in own for table in PASSING):
            found.append(own)
        return execute(statement, params, many, context)

    with connection.execute_wrapper(watch):
        yield found


def digests(tenants: Iterable[Tenant]) -> dict[str, str]:
    """The digest of each tenant by its word."""
    return {tenant.word: digest(tenant.subscriber) for tenant in tenants}


def digest(subscriber: Subscriber) -> str:
    """One word for all rows of a subscriber: equal words, nothing changed, came or went."""
    parts = [
        f"SELECT '{table}' AS name, md5(string_agg(t::text, '|' ORDER BY id)) AS sum FROM \"{table}\" t"  # noqa: S608
        f" WHERE {'id' if table == Subscriber._meta.db_table else 'subscriber_id'} = %(key)s"
        for table in roles.tenant_tables()
    ]
    return _asked(f"SELECT md5(string_agg(name || coalesce(sum, ''), ',' ORDER BY name)) FROM ({_union(parts)}) s",  # noqa: S608
                  {"key": subscriber.pk})  # fmt: skip


def digest_of_all(*, but: Collection[str] = ()) -> str:
    """One word for every row of every table but sessions, and but those named."""
    tables = {model._meta.db_table for model in apps.get_models()} - PASSING - set(but)
    parts = [
        f"SELECT '{table}' AS name, md5(string_agg(t::text, '|' ORDER BY t::text)) AS sum FROM \"{table}\" t"  # noqa: S608
        for table in sorted(tables)
    ]
    return _asked(f"SELECT md5(string_agg(name || coalesce(sum, ''), ',' ORDER BY name)) FROM ({_union(parts)}) s", {})  # noqa: S608


def cells() -> Cells:
    """Every row of tenants, persons and subscribers by (table, key), as column → value."""
    tables = [*roles.tenant_tables(), "subscribers_user"]
    parts = [f"SELECT '{table}', id::text, row_to_json(t)::jsonb FROM \"{table}\" t" for table in tables]  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return {(table, key): _read(row) for table, key, row in cursor.fetchall()}


def _read(row: Any) -> dict[str, Any]:
    found = json.loads(row) if isinstance(row, str) else row
    assert isinstance(found, dict)
    return found


def _union(parts: list[str]) -> str:
    return " UNION ALL ".join(parts)


def _asked(statement: str, facts: dict[str, Any]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return str(cursor.fetchone()[0])
