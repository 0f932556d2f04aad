"""A prepared statement: planned once a session, within the reach in force at each call."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from django.db import InternalError, OperationalError, connection, transaction

from subscribers import reach
from subscribers.models import Notice
from subscribers.postgresql import prepared
from subscribers.postgresql.prepared import Prepared
from tests.subscribers import rows
from work import queues

COUNT = Prepared("count notices of a kind", "SELECT count(*) FROM subscribers_notice WHERE kind = %s")

pytestmark = pytest.mark.django_db


def counted(kind: str = "x") -> int:
    with connection.cursor() as cursor:
        cursor.execute(COUNT.ready(), [kind])
        found: int = cursor.fetchone()[0]
        return found


def prepared_in_session() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'count notices of a kind%%'")
        found: int = cursor.fetchone()[0]
        return found


def test_is_prepared_once_however_often_it_is_asked() -> None:
    assert (counted(), counted(), prepared_in_session()) == (0, 0, 1)


def test_shows_the_rows_within_the_reach_of_each_call() -> None:
    one, other = rows.subscriber("Bizim"), rows.subscriber("Onların")
    for subscriber in (one, other, other):
        Notice.objects.create(subscriber=subscriber, kind="x", about_id=uuid.uuid4())
    with reach.nothing():
        nothing = counted()
        with reach.of(one.pk):
            ones = counted()
    with reach.of(other.pk):
        others = counted()
    assert (nothing, ones, others, Notice.objects.count()) == (0, 1, 2, 3)


def test_is_prepared_anew_in_another_session() -> None:
    counted()
    session, connection.connection = (
        connection.connection,
        connection.get_new_connection(connection.get_connection_params()),
    )
    try:
        assert counted() == 0
    finally:
        connection.connection.close()
        connection.connection = session


@pytest.fixture
def failed_transaction() -> Iterator[None]:
    with transaction.atomic():
        with pytest.raises(psycopg.errors.DivisionByZero):
            connection.connection.execute("SELECT 1/0")
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("failed_transaction")
def test_fails_as_any_statement_does_in_a_transaction_that_failed() -> None:
    with pytest.raises(InternalError, match="aborted"):
        Prepared("never seen before", "SELECT %s::int").ready()


@transaction.atomic
def _prepare_too_late(statement: Prepared) -> None:
    connection.connection.execute("SET LOCAL statement_timeout = 1")
    statement.ready()


def test_works_in_a_session_whose_first_planning_failed() -> None:
    late = Prepared("planned too late", "SELECT count(*) FROM subscribers_notice WHERE kind = %s")
    late._plan = "SELECT pg_sleep(1)"
    with pytest.raises(OperationalError):
        _prepare_too_late(late)

    with connection.cursor() as cursor:
        cursor.execute(late.ready(), ["x"])
        assert cursor.fetchone() == (0,)


def _forget_plans() -> None:
    """As in a new session: other tests may have made PostgreSQL plan anew meanwhile."""
    connection.ensure_connection()
    connection.connection.execute("DEALLOCATE ALL")
    prepared._known.pop(connection.connection, None)


@pytest.mark.parametrize("queue", [queue.name for queue in queues.every()])
@pytest.mark.parametrize("word", ["lanes", "in_hand", "due", "mark", "hold"])
def test_reads_no_whole_table_for_a_queue_that_was_empty_when_it_was_planned(queue: str, word: str) -> None:
    _forget_plans()
    statement = getattr(queues.get(queue).statements, word)
    given = statement.sql.count("%s")
    with reach.across(reach.Purpose.WORK), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement.sql}", [None] * given)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert f"Seq Scan on {queues.get(queue).model._meta.db_table}" not in plan
