"""The URL configuration as a list: every address that the site answers, by name."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def addresses() -> Iterator[tuple[str, str, URLPattern]]:
    """(name with its namespaces, route, pattern) of every address of the URL configuration."""
    yield from _walk(get_resolver(), "", "")


def _walk(resolver: URLResolver, space: str, route: str) -> Iterator[tuple[str, str, URLPattern]]:
    for each in resolver.url_patterns:
        where = route + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from _walk(each, inner, where)
        else:
            yield f"{space}{each.name or where}", where, each
