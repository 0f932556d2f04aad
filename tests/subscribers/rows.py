"""A row of any tenant model, its columns filled by their types: for tests that hold for every model there is."""

from __future__ import annotations

import uuid
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from subscribers.models import Subscriber, TenantRow, User
from subscribers.secrets import new_token, token_hash

MODELS = [model for model in apps.get_models() if issubclass(model, TenantRow)]


def subscriber(name: str) -> Subscriber:
    """A subscriber whose line nobody has proven."""
    token = new_token()
    made = Subscriber(name=name, line="8501234567", hook_token_hash=token_hash(token))
    made.seal("hook_token", token)
    made.save()
    return made


def row(model: type[Any], owner: Subscriber) -> Any:
    """A row of `model` that belongs to `owner`, its parents made with it where there are none."""
    values = {field.name: _value(field, owner) for field in model._meta.concrete_fields if _is_needed(field)}
    return model._base_manager.create(**values)


def parents(model: type[models.Model]) -> list[models.ForeignKey[Any, Any]]:
    """The model's foreign keys to other tenant rows."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and isinstance(field.related_model, type)
        and issubclass(field.related_model, TenantRow)
    ]


def _is_needed(field: models.Field[Any, Any]) -> bool:
    return not (field.null or field.has_default() or field.primary_key)


def _value(field: models.Field[Any, Any], owner: Subscriber) -> Any:
    related = field.related_model
    if related is Subscriber:
        return owner
    if related is User:
        return User.objects.create_user(f"{uuid.uuid4().hex}@example.com")
    if isinstance(related, type) and issubclass(related, TenantRow):
        return related._base_manager.filter(subscriber=owner).first() or row(related, owner)
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.IntegerField):
        return uuid.uuid4().int % 10_000
    return b"" if isinstance(field, models.BinaryField) else uuid.uuid4().hex[: field.max_length or 8]
