"""How long a closed company can be opened again, in pages."""

from __future__ import annotations

from django import template

from subscribers import closing

register = template.Library()


@register.simple_tag
def days_kept() -> int:
    """The days between the closing and the deletion of the rows."""
    return closing.KEPT.days
