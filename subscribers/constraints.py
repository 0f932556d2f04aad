"""What PostgreSQL itself holds about tenants: a child is of its parent's subscriber, a row is seen within its reach."""

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


_SUBSCRIBER = "(SELECT NULLIF(current_setting('onay.subscriber', true), '')::uuid)"
_PERSON = "(SELECT NULLIF(current_setting('onay.person', true), '')::uuid)"
_ANYBODY = "(SELECT COALESCE(current_setting('onay.purpose', true), '') <> '')"
_MINE = f"SELECT subscriber_id FROM subscribers_membership WHERE user_id = {_PERSON}"  # noqa: S608  # nosec B608
# What a person may read before a subscriber is chosen, by the column that carries it.
_OF_PERSON = {"user_id": f"user_id = {_PERSON}", "id": f"id IN ({_MINE})"}


class WithinReach(BaseConstraint):
    """Row-level security, enabled and forced: a row is seen and written within the reach of `subscribers/reach.py`.

    `column` holds the subscriber. `person`, where given, names the column by which a signed-in person may read the
    row besides: a membership by `user_id`, a subscriber by `id`. The settings are read once a statement (a scalar
    sub-select is planned so), and one never set or emptied is nobody: NULL.
    """

    def __init__(self, *, name: str, column: str = "subscriber_id", person: str = "") -> None:
        super().__init__(name=name)
        self.column = column
        self.person = person

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        given = {"name": self.name, "column": self.column, "person": self.person}
        return "subscribers.constraints.WithinReach", (), given

    def __eq__(self, other: object) -> bool:
        return isinstance(other, WithinReach) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((self.name, self.column, self.person))

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """Nothing inline; see `create_sql`."""
        self.create_sql(model, schema_editor)
        return ""

    def create_sql(self, model: Any, schema_editor: Any) -> None:  # type: ignore[override]
        """Put off to the end of the migration: a person's policy reads the table of memberships."""
        within = f"{schema_editor.quote_name(self.column)} = {_SUBSCRIBER} OR {_ANYBODY}"
        steps = [
            "ALTER TABLE %(table)s ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE %(table)s FORCE ROW LEVEL SECURITY",
            "CREATE POLICY %(name)s ON %(table)s USING (%(within)s) WITH CHECK (%(within)s)",
        ]
        if self.person:
            steps.append("CREATE POLICY %(name)s_person ON %(table)s FOR SELECT USING (%(of_person)s)")
        names = {"within": within, "of_person": _OF_PERSON.get(self.person, "")}
        schema_editor.deferred_sql += [self._statement(step, model, schema_editor, **names) for step in steps]

    def remove_sql(self, model: Any, schema_editor: Any) -> Statement:  # type: ignore[override]
        """Drops what `create_sql` made."""
        steps = ["DROP POLICY %(name)s ON %(table)s", "ALTER TABLE %(table)s NO FORCE ROW LEVEL SECURITY"]
        steps += ["DROP POLICY %(name)s_person ON %(table)s"] if self.person else []
        return self._statement(
            "; ".join([*steps, "ALTER TABLE %(table)s DISABLE ROW LEVEL SECURITY"]), model, schema_editor
        )

    def _statement(self, step: str, model: Any, schema_editor: Any, **names: str) -> Statement:
        table = Table(model._meta.db_table, schema_editor.quote_name)
        return Statement(step, table=table, name=self.name, **names)

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database says it; forms never choose a subscriber."""
