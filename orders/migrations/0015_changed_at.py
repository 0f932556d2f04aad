from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    """Orders that are there already hold none: nothing is known of them but their steps."""

    dependencies = [
        ("orders", "0014_by_api"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="changed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="order",
            name="changed_at",
            field=models.DateTimeField(blank=True, default=timezone.now, null=True),
        ),
    ]
