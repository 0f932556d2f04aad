"""Statements that a session plans once: PREPARE at first use, EXECUTE from then on.

For the few that every turn and every push asks: planning took PostgreSQL longer than carrying them out
(`docs/performance.md`). Psycopg's own preparing needs a message for each statement; these words travel in one message
with others, as the telling of the reach does. The role's policies stand in the plan and read the session's settings
when it runs. A plan belongs to its session and is gone with it.

A plan made while a table is empty would read the whole table, and would do so until PostgreSQL next gathers
statistics: a first burst would be slow. So the first plan is made (EXPLAIN EXECUTE keeps it, see the session's
`plan_cache_mode`) as if whole tables were dear; with statistics PostgreSQL plans anew as it finds best.
"""

from __future__ import annotations

import hashlib
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

_WHOLE_TABLES = ("enable_seqscan", "enable_bitmapscan", "enable_sort")  # ways that read all there is before a first row
_SWITCHES = (("SET", " = off"), ("RESET", ""))
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Prepared:
    """SQL with a `%s` for each value, of which it has some, and no other percent sign; `name` is for people.

    `dear` are the ways of reading that its first plan avoids.
    """

    def __init__(self, name: str, sql: str, *, dear: tuple[str, ...] = _WHOLE_TABLES) -> None:
        numbers = count(1)
        first, *rest = sql.split("%s")
        numbered = first + "".join(f"${next(numbers)}{part}" for part in rest)
        digest = hashlib.sha256(sql.encode()).hexdigest()[:8]  # a name never stands for other words
        self._name = f"{name} {digest}"
        quoted = connection.ops.quote_name(self._name)
        self._execute = f"EXECUTE {quoted}({', '.join(['%s'] * len(rest))})"
        planned = self._execute.replace("%s", "NULL")
        self._prepare = f"PREPARE {quoted} AS {numbered}"
        off, on = ("; ".join(f"{word} {way}{end}" for way in dear) for word, end in _SWITCHES)
        self._plan = f"{off}; EXPLAIN {planned}; {on}"

    def ready(self) -> str:
        """What to execute in its stead, with the same values: this thread's session has the plan."""
        connection.ensure_connection()
        session = connection.connection
        known = _known.setdefault(session, set())
        if self._name not in known:
            with connection.wrap_database_errors:
                session.execute(self._prepare)
                known.add(self._name)  # at once: what is prepared outlives the roll-back of a planning that fails
                session.execute(self._plan)
        return self._execute
