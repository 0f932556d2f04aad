"""Statements that a session plans once: PREPARE at first use, EXECUTE from then on.

For the few that every turn and every push asks: planning took PostgreSQL longer than carrying them out
(`docs/performance.md`). Psycopg's own preparing needs a message for each statement; these words travel in one message
with others, as the telling of the reach does. The role's policies stand in the plan and read the session's settings
when it runs. A plan belongs to its session and is gone with it.
"""

from __future__ import annotations

from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Prepared:
    """SQL with a `%s` for each value, and no other percent sign; `name` is its own among all."""

    def __init__(self, name: str, sql: str) -> None:
        numbers = count(1)
        first, *rest = sql.split("%s")
        numbered = first + "".join(f"${next(numbers)}{part}" for part in rest)
        quoted = connection.ops.quote_name(name)
        self._name = name
        self._prepare = f"PREPARE {quoted} AS {numbered}"
        self._execute = f"EXECUTE {quoted}" + (f"({', '.join(['%s'] * len(rest))})" if rest else "")

    def ready(self) -> str:
        """What to execute in its stead, with the same values: this thread's session has the plan."""
        connection.ensure_connection()
        session = connection.connection
        known = _known.setdefault(session, set())
        if self._name not in known:
            with connection.wrap_database_errors:
                session.execute(self._prepare)
            known.add(self._name)
        return self._execute
