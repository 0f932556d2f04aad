"""Links from a screen into the handbook."""

from __future__ import annotations

from typing import Any

from django import template

from portal.handbook import links

register = template.Library()


@register.simple_tag(takes_context=True)
def help_here(context: dict[str, Any]) -> str:
    """The page about the screen that is shown."""
    match = getattr(context.get("request"), "resolver_match", None)
    return links.of_screen(match.url_name if match and match.url_name else "")


@register.simple_tag
def help_at(page: str, place: str = "") -> str:
    """A page by its name, and a place on it."""
    return links.address(page, place)


@register.simple_tag
def help_at_result(result: str) -> str:
    """What a return from the store without a permission means."""
    return links.address("hatalar", f"izin-{result}")
