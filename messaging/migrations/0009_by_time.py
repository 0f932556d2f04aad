from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # made while messages are sent

    dependencies = [
        ('messaging', '0008_news'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='outgoingmessage',
            index=models.Index(fields=['subscriber', 'created_at'], name='outgoing_by_time'),
        ),
    ]
