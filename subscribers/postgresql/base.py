"""Tells a database session the reach in force (`subscribers/reach.py`) before each statement that finds it changed.

The setting is the session's, not a transaction's: most statements of this portal run in autocommit, where a
transaction's setting is gone with its own statement. A session's setting would survive `close()` of a pooled
connection (facts: measured), so it is never trusted: a connection just got is told anew, one that rolled back too
(the roll-back took the setting with it), and the pool empties each before it hands it out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg import sql
from psycopg.pq import TransactionStatus

from subscribers import reach
from subscribers.postgresql import sessions
from subscribers.reach import Reach

# What may stand behind another statement in one message of the simple protocol.
_PLAIN = ("SELECT ", "INSERT ", "UPDATE ", "DELETE ", "EXECUTE ")


def _goes_along(statement: str, params: Any, many: bool, cursor: Any) -> bool:
    """Whether the statement can be sent together with the telling, which saves a round trip."""
    is_listed = isinstance(params, list | tuple)
    return is_listed and not many and statement.lstrip().startswith(_PLAIN) and isinstance(cursor, psycopg.ClientCursor)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that tells its session the reach; `_told` is what the session knows, None where that is unsure."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._told: Reach | None = None
        self.execute_wrappers.append(self._within_reach)

    @property
    def pool(self) -> Any:
        """The pool of this alias, where there is one; each session is emptied before it is handed out.

        Emptying tells at once whether the session is alive, so it stands in the place of Django's own check, whose
        option cannot be given: an exchange less for each request than emptying on return.
        """
        found = super().pool
        if found is not None:
            found._check = sessions.empty
        return found

    def get_new_connection(self, conn_params: Any) -> Any:
        """A session of the server or the pool, which knows nothing that we may trust."""
        self._told = None
        return super().get_new_connection(conn_params)

    def _configure_role(self, connection: Any) -> bool:
        """Steps down to the lesser role; Django's own asks this wrapper for a session, which a pool has before it."""
        role = self.settings_dict["OPTIONS"].get("assume_role")
        if role:
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
        return bool(role)

    def _within_reach(
        self, execute: Callable[..., Any], statement: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        wanted = reach.current()
        cursor = context["cursor"].cursor
        if wanted == self._told or not _goes_along(statement, params, many, cursor):
            self._tell(wanted)
            return execute(statement, params, many, context)
        # In one message, hence one transaction: a statement that fails takes the telling back with it.
        self._told = None
        result = execute(f"{sessions.TELL}; {statement}", [*sessions.words(wanted), *params], many, context)
        cursor.nextset()
        self._told = wanted
        return result

    def _tell(self, wanted: Reach) -> None:
        if wanted == self._told:
            return
        self.validate_no_broken_transaction()
        with self.wrap_database_errors:
            sessions.tell(self.connection, wanted)
        self._told = wanted

    def _commit(self) -> Any:
        # A transaction that failed unnoticed is rolled back by its COMMIT.
        if self.connection is not None and self.connection.info.transaction_status == TransactionStatus.INERROR:
            self._told = None
        return super()._commit()  # type: ignore[misc]

    def _rollback(self) -> Any:
        self._told = None
        return super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        # By a cursor of its own: a session in a failed transaction can be told nothing before it has rolled back.
        try:
            with self.wrap_database_errors:
                self.connection.execute(self.ops.savepoint_rollback_sql(sid))
        finally:
            self._told = None
