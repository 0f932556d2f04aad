from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the messages of a running portal are written while their indexes are built

    dependencies = [
        ("messaging", "0005_lean_indexes"),
        ("netgsm", "0004_lean_indexes"),
        ("subscribers", "0006_lean_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="incomingmessage",
            index=models.Index(
                condition=models.Q(("state", "unmatched")),
                fields=["subscriber", "received_at"],
                name="incoming_unmatched",
            ),
        ),
        AddIndexConcurrently(
            model_name="outgoingmessage",
            index=models.Index(
                condition=models.Q(("state__in", ["undelivered", "refused", "unknown", "expired"])),
                fields=["subscriber", "created_at"],
                name="outgoing_failed",
            ),
        ),
    ]
