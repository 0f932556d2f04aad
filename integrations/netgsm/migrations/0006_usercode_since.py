"""Since when the account is the one that it is now."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("netgsm", "0005_credit_at")]

    operations = [
        migrations.AddField(
            model_name="account", name="usercode_since", field=models.DateTimeField(blank=True, null=True)
        )
    ]
