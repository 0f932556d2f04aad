"""What every turn asks of a queue's table, written out and planned once a session: composing and planning it anew for
each turn took longer than carrying it out (`docs/performance.md`). Names come from the models; values are bound, and
times are the database's at the statement's start, so that a wait for a lock makes none of them stale.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from subscribers.postgresql.prepared import Prepared

if TYPE_CHECKING:
    from work.queues import Queue

_DUE = "due_at <= statement_timestamp() AND (claimed_until IS NULL OR claimed_until <= statement_timestamp())"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Prepared SQL, and the values that are the queue's own and follow those of the call."""

    prepared: Prepared
    values: tuple[Any, ...] = ()

    @property
    def sql(self) -> str:
        """The words to execute in this thread's session."""
        return self.prepared.ready()

    def params(self, *given: Any) -> list[Any]:
        return [*given, *self.values]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """Of one queue: the lanes with due rows, how much of one is in hand, its due rows, taking them, holding one."""

    lanes: Statement
    in_hand: Statement
    due: Statement
    mark: Statement
    hold: Statement


def of(queue: Queue[Any]) -> Statements:
    """Composed once; the queue keeps them."""
    quote = connection.ops.quote_name
    table, lane = quote(queue.model._meta.db_table), quote(queue.lane_column())
    narrow = "".join(f" AND {quote(name)} = %s" for name in queue.only)
    narrow += "".join(f" AND {quote(name)} <> %s" for name in queue.without)
    only = (*queue.only.values(), *queue.without.values())
    return Statements(
        lanes=_lanes(queue, table, lane, f"{_DUE}{narrow}", only),
        in_hand=_statement(
            queue,
            "in hand",
            f"SELECT count(DISTINCT claim) FROM {table} WHERE {lane} = %s AND claim IS NOT NULL"  # nosec B608
            f" AND claimed_until > statement_timestamp(){narrow}",
            only,
        ),
        due=_statement(
            queue,
            "due",
            f"SELECT {_columns(queue)} FROM {table} WHERE {lane} = %s AND {_DUE}{narrow}"  # nosec B608
            " ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED",
            (*only, queue.batch),
        ),
        mark=_statement(
            queue,
            "mark",
            f"UPDATE {table} SET claim = %s, claimed_until = statement_timestamp() + %s,"  # nosec B608
            " attempts = attempts + 1, crashes = crashes + 1 WHERE id = ANY(%s)",
        ),
        hold=_statement(
            queue,
            "hold",
            f"SELECT 1 FROM {table} WHERE id = %s AND claim = %s FOR UPDATE",  # nosec B608
        ),
    )


def _statement(queue: Queue[Any], word: str, sql: str, values: tuple[Any, ...] = ()) -> Statement:
    return Statement(prepared=Prepared(f"{queue.name} {word}", sql), values=values)


def _lanes(queue: Queue[Any], table: str, lane: str, due: str, only: Iterable[Any]) -> Statement:
    """Up to a limit of open lanes with due rows, in order of their keys from one on: a loose index scan.

    Closed lanes are stepped over in the database, so however many there are, they hide none that is open.
    """
    open_lanes, open_values = queue.open_lanes().values("pk").query.sql_with_params()
    sql = f"""
        WITH RECURSIVE lanes(lane) AS (
            (SELECT {lane} FROM {table} WHERE {lane} >= %s AND due_at IS NOT NULL AND {due} ORDER BY {lane} LIMIT 1)
            UNION ALL
            SELECT (SELECT {lane} FROM {table}
                    WHERE {lane} > lanes.lane AND due_at IS NOT NULL AND {due} ORDER BY {lane} LIMIT 1)
            FROM lanes WHERE lanes.lane IS NOT NULL
        )
        SELECT lane FROM lanes WHERE lane IN ({open_lanes}) LIMIT %s
    """  # nosec B608
    return _statement(queue, "lanes", sql, (*only, *only, *open_values))


def _columns(queue: Queue[Any]) -> str:
    return ", ".join(connection.ops.quote_name(field.column) for field in queue.model._meta.concrete_fields)
