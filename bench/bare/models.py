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
    """Makes both, empty."""
    with owner.schema_editor() as editor:
        for model in (Receiver, Message):
            editor.create_model(model)
