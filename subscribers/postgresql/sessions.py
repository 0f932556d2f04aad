"""The reach as a database session's settings: the names that the policies of `subscribers/constraints.py` read."""

from __future__ import annotations

from typing import Any

import psycopg

from subscribers.reach import NOWHERE, Reach

TELL = (
    "SELECT set_config('onay.subscriber', %s, false), set_config('onay.person', %s, false),"
    " set_config('onay.purpose', %s, false)"
)


def tell(session: psycopg.Connection[Any], reach: Reach) -> None:
    """Puts the reach in force for the session, until it is told another or a roll-back takes it away."""
    session.execute(TELL, words(reach))


def words(reach: Reach) -> list[str]:
    """The parameters of `TELL`."""
    return [str(word) if word else "" for word in (reach.subscriber, reach.person, reach.purpose)]


def empty(session: psycopg.Connection[Any]) -> None:
    """Takes all reach from a session; the pool calls it before it hands one out.

    Raises what psycopg raises where the session is dead; the pool then takes another.
    """
    if not session.autocommit:  # an abandoned transaction has been rolled back by the pool; its mode is still there
        session.autocommit = True
    tell(session, NOWHERE)
