"""An invitation names no role any more: it is for a member. First step: nothing reads or writes the column, which goes
with the next release, once no process of this one's predecessor is left that does."""

from django.db import migrations

_DEFAULT = "ALTER TABLE subscribers_invitation ALTER COLUMN role SET DEFAULT 'member'"
_NO_DEFAULT = "ALTER TABLE subscribers_invitation ALTER COLUMN role DROP DEFAULT"


class Migration(migrations.Migration):
    dependencies = [("subscribers", "0009_columns")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_DEFAULT, _NO_DEFAULT)],
            state_operations=[migrations.RemoveField(model_name="invitation", name="role")],
        )
    ]
