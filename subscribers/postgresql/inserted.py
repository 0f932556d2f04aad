"""A row's INSERT, composed once a model and planned once a session: for the rows that every answer writes.

`save` makes the same words anew for each row, and PostgreSQL a plan (docs/performance.md).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection
from django.db.models import NOT_PROVIDED, Field, JSONField, Model

from subscribers.postgresql.prepared import Prepared


class Inserts:
    """How rows of a model are written: `into` and `places` are the words, `values` what goes into the places.

    Raises `TypeError` for a model with a column that `save` or the database would fill in.
    """

    def __init__(self, model: type[Model]) -> None:
        self._fields = model._meta.concrete_fields
        if filled := [field.name for field in self._fields if _is_filled_elsewhere(field)]:
            raise TypeError(f"{model.__name__}: {', '.join(filled)} would be left out")
        self._documents = [place for place, field in enumerate(self._fields) if isinstance(field, JSONField)]
        columns = ", ".join(_column(field) for field in self._fields)
        self.into = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({columns})"
        self.places = ", ".join(["%s"] * len(self._fields))

    def values(self, row: Model) -> list[Any]:
        """The driver takes all but documents as they are: text must be text, none that is still to be translated."""
        values = [getattr(row, field.attname) for field in self._fields]
        for place in self._documents:
            values[place] = self._fields[place].get_db_prep_save(values[place], connection)
        return values


@cache
def of(model: type[Model]) -> Inserts:
    """The one of a model."""
    return Inserts(model)


@cache
def _statement(model: type[Model], key: tuple[str, ...]) -> Prepared:
    """The INSERT; with a `key`, one that writes nothing where a row has these fields' values."""
    columns = ", ".join(_column(model._meta.get_field(name)) for name in key)
    unless = f" ON CONFLICT ({columns}) DO NOTHING" if key else ""
    name = f"keep {model._meta.label_lower}{' if new' if key else ''}"
    return Prepared(name, f"{of(model).into} VALUES ({of(model).places}){unless}")


def insert(row: Model) -> None:
    """Writes a new row in the running transaction. Raises what the database raises."""
    _execute(row, ())


def insert_if_new(row: Model, *, key: tuple[str, ...]) -> bool:
    """Writes a new row, and tells whether it did: one of the same `key`, a unique constraint's fields, may stand
    already, or be written in the same instant, which is waited for.

    In the running transaction, which goes on either way; raises what else the database refuses, and then it does not.
    """
    return _execute(row, key)


def mark_kept(row: Model) -> None:
    """The row stands in the database from now on: saving it again changes it."""
    row._state.adding, row._state.db = False, connection.alias


def _execute(row: Model, key: tuple[str, ...]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_statement(type(row), key).ready(), of(type(row)).values(row))
        is_new = bool(cursor.rowcount == 1)
    if is_new:
        mark_kept(row)
    return is_new


def _column(field: Any) -> str:
    return connection.ops.quote_name(str(field.column))


def _is_filled_elsewhere(field: Field[Any, Any]) -> bool:
    by_database = field.db_default is not NOT_PROVIDED and not field.has_default()
    return by_database or field.generated or getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
