"""The admin's addresses, read from its own registry: no line in the matrix, and nobody but staff gets in."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.admin import site
from django.urls import NoReverseMatch, reverse

from subscribers.models import Subscriber
from tests.access.cast import Cast

SPACE = "admin:"


def is_served() -> bool:
    """Whether this release has an admin."""
    try:
        reverse("admin:index")
    except NoReverseMatch:
        return False
    return True


def paths(cast: Cast) -> Iterator[str]:
    """Every page of every registered model, about a row of `ours` where it is about one."""
    if not is_served():
        return
    yield from (reverse("admin:index"), reverse("admin:password_change"))
    for model in site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = cast.ours.subscriber if model is Subscriber else cast.ours.rows.get(model)
        for view in ("changelist", "add"):
            yield reverse(f"{name}_{view}")
        for view in ("change", "delete", "history") if row is not None else ():
            yield reverse(f"{name}_{view}", args=[row.pk])
