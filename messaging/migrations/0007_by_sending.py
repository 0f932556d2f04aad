from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # made while messages are sent

    dependencies = [
        ('messaging', '0006_counted_indexes'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='outgoingmessage',
            index=models.Index(condition=models.Q(('sent_at__isnull', False)), fields=['account', 'sent_at'], name='outgoing_by_sending'),
        ),
    ]
