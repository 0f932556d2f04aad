"""What the session's `statement_timeout` cut off, told apart from a database that is away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError
from psycopg.errors import QueryCanceled


class TookTooLong(Exception):
    """A statement was given up because it took longer than one may."""


@contextmanager
def ends() -> Iterator[None]:
    """Raises `TookTooLong` where a statement within it was cut off. Put it round a transaction, never inside one."""
    try:
        yield
    except OperationalError as problem:
        if not isinstance(problem.__cause__, QueryCanceled):
            raise
        raise TookTooLong from problem
