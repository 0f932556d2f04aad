"""A row's INSERT, composed once a model and planned once a session: for the rows that every answer writes.

`save` makes the same words anew for each row, and PostgreSQL a plan (docs/performance.md).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model

from subscribers.postgresql.prepared import Prepared


class Inserts:
    """How rows of a model are written: `into` and `places` are the words, `values` what goes into the places.

    For models whose every column has its value in Python: none that the database fills in.
    """

    def __init__(self, model: type[Model]) -> None:
        self._fields = model._meta.concrete_fields
        self._documents = [place for place, field in enumerate(self._fields) if isinstance(field, JSONField)]
        quote = connection.ops.quote_name
        columns = ", ".join(quote(str(field.column)) for field in self._fields)
        self.into = f"INSERT INTO {quote(model._meta.db_table)} ({columns})"
        self.places = ", ".join(["%s"] * len(self._fields))
        name, insert = f"keep {model._meta.label_lower}", f"{self.into} VALUES ({self.places})"
        self._always = Prepared(name, insert)
        self._if_new = Prepared(f"{name} if new", f"{insert} ON CONFLICT DO NOTHING")

    def values(self, row: Model) -> list[Any]:
        """The driver takes all but documents as they are."""
        values = [getattr(row, field.attname) for field in self._fields]
        for place in self._documents:
            values[place] = self._fields[place].get_db_prep_save(values[place], connection)
        return values

    def insert(self, row: Model, *, if_new: bool = False) -> bool:
        """Whether it was written; False where a unique key stands already, if `if_new`."""
        insert = self._if_new if if_new else self._always
        with connection.cursor() as cursor:
            cursor.execute(insert.ready(), self.values(row))
            is_new = bool(cursor.rowcount == 1)
        if is_new:
            is_kept(row)
        return is_new


@cache
def of(model: type[Model]) -> Inserts:
    """The one of a model."""
    return Inserts(model)


def insert(row: Model) -> None:
    """Writes a new row in the running transaction. Raises what the database raises."""
    of(type(row)).insert(row)


def insert_if_new(row: Model) -> bool:
    """Writes a new row, and tells whether it did: a unique key of it may stand already, or come in the same instant.

    In the running transaction, which goes on either way. Waits for another that is about to write the same.
    """
    return of(type(row)).insert(row, if_new=True)


def is_kept(row: Model) -> None:
    """The row stands in the database from now on: saving it again changes it."""
    row._state.adding, row._state.db = False, connection.alias
