from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # made while orders come

    dependencies = [
        ('orders', '0009_news'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(models.F('reference_keys__0'), name='order_by_key_1'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(models.F('reference_keys__1'), condition=models.Q(('reference_keys__1__isnull', False)), name='order_by_key_2'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(models.F('phones__0'), name='order_by_phone_1'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(models.F('phones__1'), condition=models.Q(('phones__1__isnull', False)), name='order_by_phone_2'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(models.F('phones__2'), condition=models.Q(('phones__2__isnull', False)), name='order_by_phone_3'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(models.F('phones__3'), condition=models.Q(('phones__3__isnull', False)), name='order_by_phone_4'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(models.F('phones__4'), condition=models.Q(('phones__4__isnull', False)), name='order_by_phone_5'),
        ),
        RemoveIndexConcurrently(
            model_name='order',
            name='order_by_reference',
        ),
        RemoveIndexConcurrently(
            model_name='order',
            name='order_by_phone',
        ),
    ]
