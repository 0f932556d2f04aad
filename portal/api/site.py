"""The addresses of the API put together, each behind the door."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.security import HttpBearer

from portal.api import account, acts, description, door, messages, orders
from portal.api.problems import Problem
from portal.reaching import states_its_own

ROOT = "api/v1/"


class ApiKey(HttpBearer):
    """A key of the subscriber, made under Ayarlar > API."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Whoever the door let in."""
        return getattr(request, "caller", None)


class Strict(Parser):
    """JSON as its standard has it: Python's reader takes NaN, Infinity and lone surrogates besides."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Raises `ValueError` for what is none."""
        return json.loads(request.body.decode(), parse_constant=_refuse)


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _raise(_request: HttpRequest, problem: Any) -> HttpResponse:
    """Every refusal is told by the door."""
    raise problem


api = NinjaAPI(
    title="Onay API",
    version="1",
    description=description.ABOUT,
    auth=ApiKey(),
    parser=Strict(),
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
)
for each in (account, orders, acts, messages):
    api.add_router("", each.router)
for kind in (Exception, Http404, HttpError, ValidationError):
    api.add_exception_handler(kind, _raise)


@cache
def document() -> dict[str, Any]:
    """The description of the API as OpenAPI 3.1."""
    return description.whole(api.get_openapi_schema(path_prefix=ROOT))


@states_its_own
@csrf_exempt
def openapi(request: HttpRequest) -> HttpResponse:
    """The description as JSON."""
    return door.told(request, lambda: _described(request))


def _described(request: HttpRequest) -> HttpResponse:
    if request.method != "GET":
        raise Problem("wrong_method", headers={"Allow": "GET"})
    return JsonResponse(document())


def _addresses() -> list[URLPattern]:
    patterns, _app, _space = api.urls
    found: dict[str, URLPattern] = {}  # the library gives an address once for each of its methods
    for pattern in patterns:
        if not isinstance(pattern, URLPattern) or pattern.name == "api-root":
            continue
        route = str(pattern.pattern)
        methods = description.queries(document(), f"/{ROOT}" + re.sub(r"<[^:>]+:([^>]+)>", r"{\1}", route))
        found[route] = path(route, door.guarded(pattern.callback, methods), name=f"api_{pattern.name}")
    return list(found.values())


urlpatterns = [*_addresses(), path("openapi.json", openapi, name="api_openapi")]
