"""A closed subscriber's line may be proven by another. A constraint for some rows alone is an index to PostgreSQL; the
new one is there before the old one goes, so no moment is without."""

from django.db import migrations, models

_OLD, _NEW = "subscriber_proven_line_unique", "subscriber_open_line_unique"
_MAKE = 'CREATE UNIQUE INDEX CONCURRENTLY "{}" ON "subscribers_subscriber" ("line") WHERE {}'
_DROP = 'DROP INDEX CONCURRENTLY "{}"'
_PROVEN, _OPEN = '"line_proven_at" IS NOT NULL', '"closed_at" IS NULL AND "line_proven_at" IS NOT NULL'


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("subscribers", "0010_invitations_for_members")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(_MAKE.format(_NEW, _OPEN), _DROP.format(_NEW)),
                migrations.RunSQL(_DROP.format(_OLD), _MAKE.format(_OLD, _PROVEN)),
            ],
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
