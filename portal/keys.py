"""Rotation of the keys that secrets are encrypted under."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models, transaction

from subscribers.secrets import SecretUnreadable, rotated, sealed_fields, under_first_key

BATCH = 200
SAMPLE = 5
IN_DOCUMENT = ("secret", "seed")  # of `Authenticator.data`, allauth's own column; a passkey has none


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
    yield Authenticator, _rotate(Authenticator, [])


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
    sample += [kept for row in Authenticator.objects.order_by("pk")[:SAMPLE] for kept in _in_document(row).values()]
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
    renewed = {field: _renewed(getattr(row, field), result) for field in fields}
    changed = [field for field, ciphertext in renewed.items() if ciphertext]
    for field in changed:
        setattr(row, field, renewed[field])
    if isinstance(row, Authenticator):
        inside = {name: _renewed(kept, result) for name, kept in _in_document(row).items()}
        if any(inside.values()):
            row.data.update({name: ciphertext for name, ciphertext in inside.items() if ciphertext})
            changed.append("data")
    if changed:
        row.save(update_fields=changed)


def _in_document(row: Authenticator) -> dict[str, str]:
    """The ciphertexts in an authenticator's document, by their names there."""
    return {name: row.data[name] for name in IN_DOCUMENT if name in row.data}


def _renewed(ciphertext: str, result: Rotation) -> str:
    """The same under the first key, counted; empty where it is to stay as it is."""
    if not ciphertext:
        return ""
    if under_first_key(ciphertext):
        result.current += 1
        return ""
    try:
        renewed = rotated(ciphertext)
    except SecretUnreadable:
        result.unreadable += 1
        return ""
    result.rotated += 1
    return renewed
