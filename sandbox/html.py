"""The sandbox's own pages: templates apart from the portal's, and what every port serves beside them."""

from functools import cache, partial
from importlib.resources import files
from typing import Any, Final

from aiohttp import web
from jinja2 import Environment, PackageLoader, select_autoescape

from sandbox.netgsm.numbers import national, readable

STATICS: Final = {
    "/_sandbox.css": ("sandbox.css", "text/css"),
    "/_speak.js": ("speak.js", "text/javascript"),
    "/_fresh.js": ("fresh.js", "text/javascript"),
    "/favicon.ico": ("favicon.svg", "image/svg+xml"),
}


@cache
def _environment() -> Environment:
    loader = PackageLoader("sandbox", "templates")
    environment = Environment(loader=loader, autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"money": money, "phone": readable, "national": national}
    return environment


def page(template: str, *, status: int = 200, **values: Any) -> web.Response:
    """A rendered page."""
    text = _environment().get_template(template).render(**values)
    body = text.encode("utf-8", "replace")
    return web.Response(body=body, content_type="text/html", charset="utf-8", status=status)


def money(amount: float) -> str:
    """`1234.5` becomes `1.234,50 TL`."""
    return f"{amount:,.2f} TL".translate(str.maketrans(",.", ".,"))


def static_routes() -> list[web.RouteDef]:
    """Style sheet, script and icon."""
    return [web.get(path, partial(_static, name, kind)) for path, (name, kind) in STATICS.items()]


async def _static(name: str, kind: str, _request: web.Request) -> web.Response:
    text = files("sandbox").joinpath("templates", name).read_text("utf-8")
    return web.Response(text=text, content_type=kind)
