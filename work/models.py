"""What a row needs to be work, and what an account or store needs to be paused as a whole."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Work(models.Model):
    """A row with an outside call to make.

    `due_at` set: somebody should take it from then on; NULL: nothing to do now. `claim` names who has it in hand,
    until `claimed_until` (the database's clock). `attempts` counts for the backoff, `crashes` the times it was taken
    and never given back in order: a row that kills its worker ends too. `alone` rows are never batched with others.
    """

    due_at = models.DateTimeField(null=True, blank=True)
    claim = models.UUIDField(null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    alone = models.BooleanField(default=False)
    work_since = models.DateTimeField(null=True, blank=True)
    last_failure = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


def work_indexes(lane: str, name: str) -> list[models.Index]:
    """What a queue is claimed by: a lane's due rows in order of time, and those of its rows that are in hand."""
    return [
        models.Index(fields=[lane, "due_at"], condition=Q(due_at__isnull=False), name=f"{name}_due"),
        models.Index(fields=[lane, "claim"], condition=Q(claim__isnull=False), name=f"{name}_in_hand"),
    ]


class Lane(models.Model):
    """An account or a store: what its rows share is a turn, a limit of calls in flight, and a pause.

    It says "later": `paused_until`. It refuses (wrong password, withdrawn permission): `refused_at`, until new
    credentials, a person's check, provisioning or a harmless probe find it well again.
    """

    paused_until = models.DateTimeField(null=True, blank=True)
    pauses = models.PositiveSmallIntegerField(default=0)
    refused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True
