"""A mail may tell of a change in the team."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0003_once")]

    operations = [
        migrations.AddField(
            model_name="letter", name="team", field=models.JSONField(blank=True, null=True)
        )
    ]
