"""Named locks held to the end of a transaction, where no row is there yet to lock."""

from __future__ import annotations

from django.db import connection

HOLD = "SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))"  # of a space and a key; to go along with a look


def hold(space: str, key: str) -> None:
    """Waits for the lock of `key` in `space` and holds it to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [space, key])


def try_hold(space: str, key: str) -> bool:
    """Holds the lock to the end of the transaction and tells true, or tells false at once where somebody has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s), hashtext(%s))", [space, key])
        row = cursor.fetchone()
    return bool(row and row[0])
