"""A closed subscriber's line may be proven by another. A constraint for some rows alone is an index to PostgreSQL; the
new one is there before the old one goes, so no moment is without. Interrupted, it is run again: what was half made is
made anew, and what is whole stays."""

from typing import Any

from django.db import migrations, models

_OLD, _NEW = "subscriber_proven_line_unique", "subscriber_open_line_unique"
_MAKE = 'CREATE UNIQUE INDEX CONCURRENTLY "{}" ON "subscribers_subscriber" ("line") WHERE {}'
_DROP = 'DROP INDEX CONCURRENTLY IF EXISTS "{}"'
_IS_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)"
_PROVEN, _OPEN = '"line_proven_at" IS NOT NULL', '"closed_at" IS NULL AND "line_proven_at" IS NOT NULL'


def forwards(_apps: Any, editor: Any) -> None:
    """From the old index to the new one."""
    _change(editor, make=(_NEW, _OPEN), drop=_OLD)


def backwards(_apps: Any, editor: Any) -> None:
    """From the new index to the old one."""
    _change(editor, make=(_OLD, _PROVEN), drop=_NEW)


def _change(editor: Any, *, make: tuple[str, str], drop: str) -> None:
    with editor.connection.cursor() as cursor:
        cursor.execute(_IS_VALID, [make[0]])
        found = cursor.fetchone()
        if found is None or not found[0]:
            cursor.execute(_DROP.format(make[0]))
            cursor.execute(_MAKE.format(*make))
        cursor.execute(_DROP.format(drop))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("subscribers", "0010_invitations_for_members")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(forwards, backwards)],
            state_operations=[
                migrations.RemoveConstraint(model_name="subscriber", name=_OLD),
                migrations.AddConstraint(
                    model_name="subscriber",
                    constraint=models.UniqueConstraint(
                        fields=["line"],
                        condition=models.Q(line_proven_at__isnull=False, closed_at__isnull=True),
                        name=_NEW,
                    ),
                ),
            ],
        )
    ]
