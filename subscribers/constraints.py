"""What PostgreSQL itself holds about tenants: a child belongs to the same subscriber as its parent."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models.constraints import BaseConstraint


class SameSubscriber(BaseConstraint):
    """A composite foreign key `(subscriber, field) → parent (subscriber, id)`.

    Django's own foreign key says that the parent exists; this one says that it belongs to the same subscriber, also
    for raw SQL and under row-level security (which foreign key checks bypass). The parent is a `TenantRow`, whose
    unique `(subscriber, id)` is what the key refers to. A NULL in `field` is allowed where the field allows it.
    """

    def __init__(self, *, field: str, name: str) -> None:
        super().__init__(name=name)
        self.field = field

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        return "subscribers.constraints.SameSubscriber", (), {"field": self.field, "name": self.name}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameSubscriber) and (self.field, self.name) == (other.field, other.name)

    def __hash__(self) -> int:
        return hash((self.field, self.name))

    def _clause(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        quote = schema_editor.quote_name
        field = model._meta.get_field(self.field)
        parent = field.related_model
        assert isinstance(field, models.ForeignKey)
        assert isinstance(parent, type)
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY (subscriber_id, {quote(field.column)})"
            f" REFERENCES {quote(parent._meta.db_table)} (subscriber_id, id)"
        )

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """Nothing inline; see `create_sql`."""
        self.create_sql(model, schema_editor)
        return ""

    def create_sql(self, model: Any, schema_editor: Any) -> None:  # type: ignore[override]
        """Put off to the end of the migration: the parent's unique key may come later in the same one."""
        table = Table(model._meta.db_table, schema_editor.quote_name)
        clause = self._clause(model, schema_editor)
        schema_editor.deferred_sql.append(Statement("ALTER TABLE %(table)s ADD %(clause)s", table=table, clause=clause))

    def remove_sql(self, model: Any, schema_editor: Any) -> Statement:  # type: ignore[override]
        table = Table(model._meta.db_table, schema_editor.quote_name)
        name = schema_editor.quote_name(self.name)
        return Statement("ALTER TABLE %(table)s DROP CONSTRAINT %(name)s", table=table, name=name)

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database says it; forms never choose a subscriber."""
