"""Named locks held to the end of a transaction, where no row is there yet to lock."""

from __future__ import annotations

from django.db import connection

HOLD = "SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))"  # of a space and a key; to go along with a look

TRY = "SELECT pg_try_advisory_xact_lock(hashtext(%s), hashtext(%s))"  # of a space and a key; one row, whether it holds


def hold(space: str, key: str) -> None:
    """Waits for the lock of `key` in `space` and holds it to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [space, key])


def attempt(space: str, key: str) -> bool:
    """Holds the lock of `key` in `space` to the end of the transaction, unless somebody else does; waits for nobody."""
    with connection.cursor() as cursor:
        cursor.execute(TRY, [space, key])
        ((is_held,),) = cursor.fetchall()
    return bool(is_held)
