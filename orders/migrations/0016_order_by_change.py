from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # orders go on coming in while it is built

    dependencies = [
        ("orders", "0015_changed_at"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(fields=["subscriber", "changed_at"], name="order_by_change"),
        ),
    ]
