"""Rotation of the keys that secrets are encrypted under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models, transaction

from subscribers.secrets import SecretUnreadable, rotated, sealed_fields, under_first_key

BATCH = 200
SAMPLE = 5


@dataclass(slots=True)
class Rotation:
    """How many values were re-encrypted, stood under the first key already, or open with no key."""

    rotated: int = 0
    current: int = 0
    unreadable: int = 0


def rotate_all() -> Iterator[tuple[type[models.Model], Rotation]]:
    """Rotates one model after the other, in committed batches: stopped anywhere, it goes on where it was."""
    for model in apps.get_models():
        fields = sealed_fields(model)
        if fields:
            yield model, _rotate(model, fields)


class KeysWrong(Exception):
    """The keys of this installation open none of its secrets; the message is one line with the remedy."""


def refuse_wrong() -> None:
    """Raises `KeysWrong` where secrets are kept and none of a sample opens: started like this, every store and account
    would be taken for refused, and their merchants asked to connect them again.
    """
    sample = [
        getattr(row, field)
        for model in apps.get_models()
        for field in sealed_fields(model)
        for row in model._base_manager.exclude(**{field: ""}).order_by("pk")[:SAMPLE]
    ]
    if sample and not any(map(_opens, sample)):
        raise KeysWrong("FIELD_ENCRYPTION_KEYS opens none of the kept secrets; add the key that they were made with.")


def _opens(ciphertext: str) -> bool:
    try:
        rotated(ciphertext)
    except SecretUnreadable:
        return False
    return True


def _rotate(model: type[models.Model], fields: list[str]) -> Rotation:
    result = Rotation()
    ids = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            rows = model._base_manager.filter(pk__in=ids[start : start + BATCH]).select_for_update(of=("self",))
            for row in rows.order_by("pk"):
                _rotate_row(row, fields, result)
    return result


def _rotate_row(row: models.Model, fields: list[str], result: Rotation) -> None:
    changed = []
    for field in fields:
        ciphertext = getattr(row, field)
        if not ciphertext:
            continue
        if under_first_key(ciphertext):
            result.current += 1
            continue
        try:
            setattr(row, field, rotated(ciphertext))
        except SecretUnreadable:
            result.unreadable += 1
            continue
        result.rotated += 1
        changed.append(field)
    if changed:
        row.save(update_fields=changed)
