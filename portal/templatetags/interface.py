"""Small pieces of every screen: icons, form fields, addresses with another query."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField, Select
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decoration beside a word: never the only carrier of a meaning."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("icons.svg"), name)


@register.simple_tag
def control(field: BoundField, **attributes: Any) -> SafeString:
    """A form's input in the look, marked where it is wrong; the first wrong one takes the focus."""
    wrong = bool(field.errors)
    kind = "form-select" if isinstance(field.field.widget, Select) else "form-control"
    attributes["class"] = f"{kind} is-invalid" if wrong else kind
    if field.form.errors:
        attributes["autofocus"] = next(iter(field.form.errors)) == field.name
    return field.as_widget(attrs=attributes)


@register.simple_tag(takes_context=True)
def address(context: dict[str, Any], **changes: Any) -> str:
    """This page's address with parts of its query changed; an empty part is left out."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in ("", None):
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path
