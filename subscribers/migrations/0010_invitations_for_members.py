"""An invitation names no role any more: it is for a member, whatever an earlier release wrote."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("subscribers", "0009_columns")]

    operations = [migrations.RemoveField(model_name="invitation", name="role")]
