"""The admin's addresses, read from the URL configuration and its own registry: no line in the matrix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, reverse
from django.urls.resolvers import RoutePattern

from subscribers.models import Subscriber
from tests.access import site
from tests.access.cast import Cast

SPACE = "admin:"
DOORS = {"admin:login", "admin:logout", "admin:jsi18n"}  # nobody has to be anybody there


def paths(cast: Cast) -> Iterator[str]:
    """Every named page, about a row of `ours` where it is about one, and each app's own list of lists."""
    for name, _route, pattern in site.addresses():
        is_page = pattern.name and isinstance(pattern.pattern, RoutePattern)
        if is_page and name.startswith(SPACE) and name not in DOORS:
            yield reverse(name, kwargs=_arguments(cast, pattern))
    for label in sorted({model._meta.app_label for model in admin.site._registry}):
        yield reverse("admin:app_list", kwargs={"app_label": label})


def _arguments(cast: Cast, pattern: URLPattern) -> dict[str, Any]:
    """A row's key wherever the address names one: of the model whose page it is, else of the subscriber."""
    rows = {Subscriber: cast.ours.subscriber, **cast.ours.rows}
    row = next((rows[model] for model in admin.site._registry if model in rows and _is_about(pattern, model)), None)
    key = (row or cast.ours.subscriber).pk
    return {
        name: 1 if type(one).__name__ == "IntConverter" else key for name, one in pattern.pattern.converters.items()
    }


def _is_about(pattern: URLPattern, model: Any) -> bool:
    return str(pattern.name).startswith(f"{model._meta.app_label}_{model._meta.model_name}_")
