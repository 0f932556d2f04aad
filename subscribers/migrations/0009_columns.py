from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('subscribers', '0008_deletion_begun'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='order_columns',
            field=models.JSONField(blank=True, null=True),
        ),
    ]
