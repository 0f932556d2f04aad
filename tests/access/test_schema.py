"""What PostgreSQL itself says about every table that there is, whether a model stands behind it or not (R1)."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from subscribers import reach, roles
from subscribers.models import Subscriber
from tests.access.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R1"), pytest.mark.case(10)]

TABLES = roles.tenant_tables()
SUBSCRIBERS = Subscriber._meta.db_table


def _rows(statement: str, facts: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return list(cursor.fetchall())


def test_has_no_table_of_a_subscriber_beside_those_of_the_models() -> None:
    """A many-to-many table, a table made by hand."""
    found = _rows("SELECT table_name FROM information_schema.columns WHERE column_name = 'subscriber_id'")

    assert {name for (name,) in found} | {SUBSCRIBERS} == set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_asks_for_the_subscriber_in_reading_and_in_writing(table: str) -> None:
    column = "id" if table == SUBSCRIBERS else "subscriber_id"
    ((reads, writes),) = _rows(
        "SELECT pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) FROM pg_policy"
        " WHERE polrelid = %s::regclass AND polcmd = '*'",
        [table],
    )

    assert reads == writes
    assert reads.startswith(f"(({column} = ( SELECT (NULLIF(current_setting('onay.subscriber'::text, true)")
    assert reads.count(" OR ") == 1


def test_twins_every_key_between_tenant_rows_by_one_with_the_subscriber() -> None:
    """Django's own foreign key says that the parent is there; its twin, whose it is. Both validated."""
    keys = _rows(
        "SELECT conrelid::regclass::text, confrelid::regclass::text, convalidated,"
        " (SELECT array_agg(attname::text ORDER BY attname) FROM pg_attribute"
        "  WHERE attrelid = conrelid AND attnum = ANY(conkey))"
        " FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)"
        " AND confrelid::regclass::text = ANY(%s) AND confrelid::regclass::text <> %s",
        [TABLES, TABLES, SUBSCRIBERS],
    )
    plain = {(child, parent, columns[0]) for child, parent, _, columns in keys if len(columns) == 1}
    twins = {
        (child, parent, next(name for name in columns if name != "subscriber_id"))
        for child, parent, valid, columns in keys
        if valid and len(columns) == 2 and "subscriber_id" in columns
    }

    assert plain - twins == set()
    assert len(twins) >= 17


@pytest.mark.case(29)
@pytest.mark.parametrize("table", TABLES)
def test_holds_even_the_owner_of_the_table(table: str, cast: Cast) -> None:
    """FORCE: a portal that ran as the owner by mistake would still see nothing without a reach."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered while a check of its rows is put off
        cursor.execute("RESET ROLE")
        cursor.execute(f'ALTER TABLE "{table}" OWNER TO "{settings.RUNTIME_ROLE}"')
        cursor.execute(f'SET ROLE "{settings.RUNTIME_ROLE}"')
        try:
            with reach.nothing():
                cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
                assert cursor.fetchone() == (0,)
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute(f'ALTER TABLE "{table}" OWNER TO CURRENT_USER')
            cursor.execute(f'SET ROLE "{settings.RUNTIME_ROLE}"')


def test_has_nothing_that_goes_round_the_policies() -> None:
    """Views of the owner, materialized views and SECURITY DEFINER functions do (facts: measured)."""
    relations = _rows(
        "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace"
    )
    functions = _rows("SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace")

    assert (relations, functions) == ([], [])
