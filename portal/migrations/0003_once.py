from django.db import migrations, models

TELLS = models.Q(('state__in', ['due', 'sent']))


def once(name: str, *fields: str) -> migrations.SeparateDatabaseAndState:
    """A constraint for some rows alone is an index to PostgreSQL, and is made as one while mails are sent."""
    columns = ', '.join(f'"{field}"' for field in fields)
    index = f'CREATE UNIQUE INDEX CONCURRENTLY "{name}" ON "portal_letter" ({columns})'
    constraint = models.UniqueConstraint(
        condition=TELLS, fields=tuple(field.removesuffix('_id') for field in fields), name=name
    )
    return migrations.SeparateDatabaseAndState(
        database_operations=[
            migrations.RunSQL(
                f"{index} WHERE \"state\" IN ('due', 'sent')", f'DROP INDEX CONCURRENTLY "{name}"'
            )
        ],
        state_operations=[migrations.AddConstraint(model_name='letter', constraint=constraint)],
    )


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('portal', '0002_piles'),
    ]

    operations = [
        once('letter_once_an_episode', 'subscriber_id', 'notice_id', 'user_id'),
        once('letter_once_a_pile', 'subscriber_id', 'user_id', 'covers_until'),
    ]
