from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # made while news go out

    dependencies = [
        ('orders', '0010_recognition'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='news',
            index=models.Index(condition=models.Q(('state', 'queued')), fields=['subscriber', 'done_at'], name='news_by_going_out'),
        ),
    ]
