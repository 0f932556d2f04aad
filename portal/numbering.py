"""A number for every request: on error pages for support, in the answer's headers, on every line of the log."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-Id"


class Numbering:
    """The outermost middleware. The number is made here; one that the caller sends counts for nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.number = secrets.token_hex(5)  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request=of(request)):
            response = self.get_response(request)
        response[HEADER] = of(request)
        return response


def of(request: HttpRequest) -> str:
    """The request's number; empty for one that came by no middleware."""
    return str(getattr(request, "number", ""))
