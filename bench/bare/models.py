"""Two tables: whose token it is, and what came."""

from __future__ import annotations

import uuid

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper


class Receiver(models.Model):
    """Whom an address belongs to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    token = models.CharField(max_length=64, unique=True)

    class Meta:
        app_label = "bare"

    def __str__(self) -> str:
        return str(self.id)


class Message(models.Model):
    """What was posted, as it came."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    receiver = models.ForeignKey(Receiver, on_delete=models.CASCADE)
    text = models.TextField()
    raw = models.JSONField()

    class Meta:
        app_label = "bare"

    def __str__(self) -> str:
        return self.text


def make_tables(owner: BaseDatabaseWrapper = connection) -> None:
    """Makes both, where an earlier benchmark of the run has not."""
    made = owner.introspection.table_names()
    with owner.schema_editor() as editor:
        for model in (Receiver, Message):
            if model._meta.db_table not in made:
                editor.create_model(model)


def receivers(owner: BaseDatabaseWrapper = connection, *, count: int) -> list[str]:
    """The tokens of so many new receivers."""
    make_tables(owner)
    made = [Receiver(token=uuid.uuid4().hex) for _ in range(count)]
    Receiver.objects.using(owner.alias).bulk_create(made)
    return [receiver.token for receiver in made]
