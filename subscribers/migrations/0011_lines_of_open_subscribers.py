"""A closed subscriber's line may be proven by another."""

from django.db import migrations, models

PROVEN = models.Q(closed_at__isnull=True, line_proven_at__isnull=False)


class Migration(migrations.Migration):
    dependencies = [("subscribers", "0010_invitations_for_members")]

    operations = [
        migrations.RemoveConstraint(model_name="subscriber", name="subscriber_proven_line_unique"),
        migrations.AddConstraint(
            model_name="subscriber",
            constraint=models.UniqueConstraint(fields=["line"], condition=PROVEN, name="subscriber_proven_line_unique"),
        ),
    ]
