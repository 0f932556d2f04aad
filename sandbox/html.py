"""The sandbox's own pages: templates apart from the portal's."""

from functools import cache
from typing import Any

from aiohttp import web
from jinja2 import Environment, PackageLoader, select_autoescape


@cache
def _environment() -> Environment:
    loader = PackageLoader("sandbox", "templates")
    return Environment(loader=loader, autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True)


def page(template: str, *, status: int = 200, **values: Any) -> web.Response:
    """A rendered page."""
    text = _environment().get_template(template).render(**values)
    body = text.encode("utf-8", "replace")
    return web.Response(body=body, content_type="text/html", charset="utf-8", status=status)
