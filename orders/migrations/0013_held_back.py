from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # orders go on coming in while it is built

    dependencies = [
        ("orders", "0012_blocked_phones"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(("not_asked", "phone_blocked"), ("store_status", "waiting_for_approval")),
                fields=["subscriber", "-created_at"],
                name="order_held_back",
            ),
        ),
    ]
