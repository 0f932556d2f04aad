"""Every address of the admin for the rows that are there."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import reverse


def of(row: Any, page: str = "change", *arguments: str) -> str:
    """The address of one page of a row."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk, *arguments])


def lists() -> list[str]:
    """Every list."""
    names = [f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist" for model in admin.site._registry]
    return [reverse(name) for name in names]


def rows() -> list[Any]:
    """Every row that has a page."""
    return [row for model in admin.site._registry for row in model._default_manager.all()]


def pages() -> list[str]:
    """Every page that may be opened: the first, lists, each row's, its history and its acts."""
    found = [reverse("admin:index"), *lists()]
    for row in rows():
        acts = [of(row, "act", act.name) for act in admin.site._registry[type(row)].acts]  # type: ignore[attr-defined]
        found += [of(row), of(row, "history"), *acts]
    return found
