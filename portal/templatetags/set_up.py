"""The thin banner of every page while something of the set-up is left to do."""

from __future__ import annotations

from typing import Any

from django import template

from portal.dashboard import setup
from subscribers.models import Role

register = template.Library()


@register.inclusion_tag("dashboard/setup/_banner.html", takes_context=True)
def set_up_banner(context: dict[str, Any]) -> dict[str, Any]:
    """For owners, who alone can do it, while something is left: one query."""
    membership = getattr(context.get("request"), "membership", None)
    return {"banner": setup.banner(membership.subscriber) if membership and membership.role == Role.OWNER else None}
