import django.db.models.deletion
import subscribers.constraints
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ideasoft', '0011_by_hand'),
        ('messaging', '0010_confirming_words'),
        ('orders', '0016_order_by_change'),
        ('subscribers', '0013_api_keys'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='handact',
            name='api_key',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='subscribers.apikey'),
        ),
        migrations.AddField(
            model_name='ordernote',
            name='api_key',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='subscribers.apikey'),
        ),
        migrations.AddConstraint(
            model_name='handact',
            constraint=subscribers.constraints.SameSubscriber(field='api_key', name='hand_act_key_same_subscriber'),
        ),
        migrations.AddConstraint(
            model_name='ordernote',
            constraint=subscribers.constraints.SameSubscriber(field='api_key', name='note_key_same_subscriber'),
        ),
    ]
