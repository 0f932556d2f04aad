"""Since when a line that was a closed subscriber's may be read by another; also of those that are closed already."""

from django.db import migrations, models

FREED = """
    UPDATE "subscribers_subscriber" AS mine SET "line_since" = freed.at
    FROM (
        SELECT mine.id, max(former.closed_at) AS at
        FROM "subscribers_subscriber" AS mine
        JOIN "subscribers_subscriber" AS former ON former.line = mine.line AND former.id <> mine.id
        WHERE former.closed_at IS NOT NULL AND former.line_proven_at IS NOT NULL
        GROUP BY mine.id
    ) AS freed
    WHERE freed.id = mine.id
"""


class Migration(migrations.Migration):
    dependencies = [("subscribers", "0011_lines_of_open_subscribers")]

    operations = [
        migrations.AddField(
            model_name="subscriber", name="line_since", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.RunSQL(FREED, migrations.RunSQL.noop),
    ]
