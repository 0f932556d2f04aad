"""The API's description of itself: what the library tells of it, and what holds for every address besides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from pydantic.json_schema import models_json_schema

from portal.api.problems import CODES, TYPE
from portal.api.shapes import ProblemDocument

ABOUT = """\
Orders, messages and figures of one subscriber, for its own programs.

Send the key made under Ayarlar > API as `Authorization: Bearer <key>`. Money is a decimal string with its
currency, times are ISO 8601 in UTC, phones E.164; what is not known is null.
A list is read by following `next` (also in `Link`) until it is null. A writing call may carry an
`Idempotency-Key`: sent again within 24 hours it is answered as before and does
nothing; a refusal that says that nothing was done (404, 409, 422, 429) is not kept. `RateLimit-Remaining` says how many
calls are left in this minute. Refusals are `application/problem+json` (RFC 9457) with a `code` that stays.
"""
REFUSALS = {
    "get": (401, 404, 405, 422, 429, 500, 503),
    "post": (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503),
    "delete": (401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503),
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same call with the same key is done once and answered the same for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]{1,255}$"},
}
_LIMITS = {
    name: {"description": words, "schema": {"type": "string", "pattern": "^[0-9]+$"}}
    for name, words in (
        ("RateLimit-Limit", "Calls of this kind in a minute."),
        ("RateLimit-Remaining", "How many of them are left."),
        ("RateLimit-Reset", "Seconds until the next minute begins."),
    )
}


def whole(told: dict[str, Any]) -> dict[str, Any]:
    """The library's description with the refusals, the headers and the address of this installation."""
    _, problem = models_json_schema(
        [(ProblemDocument, "serialization")], by_alias=True, ref_template="#/components/schemas/{model}"
    )
    told["components"]["schemas"].update(problem["$defs"])
    told["servers"] = [{"url": settings.SITE_URL}]
    for _path, method, operation in operations(told):
        operation["responses"] = _responses(operation["responses"], REFUSALS[method])
        if method != "get":
            operation["parameters"] = [*operation["parameters"], _IDEMPOTENCY_KEY]
    return told


def operations(told: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, method in small letters, operation) of everything that can be called."""
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def queries(told: Mapping[str, Any], path: str) -> dict[str, frozenset[str]]:
    """By each method that the path takes: the names that a query may hold."""
    return {
        method.upper(): frozenset(each["name"] for each in operation["parameters"] if each["in"] == "query")
        for where, method, operation in operations(told)
        if where == path
    }


def _responses(known: Mapping[Any, Any], refusals: tuple[int, ...]) -> dict[str, Any]:
    """By status, as strings, which JSON makes of them anyway."""
    answers = {str(status): {**answer, "headers": _LIMITS} for status, answer in known.items()}
    schema = {"$ref": f"#/components/schemas/{ProblemDocument.__name__}"}
    for status in refusals:
        codes = [code for code, (each, _) in CODES.items() if each == status]
        words = "; ".join(f"`{code}`: {CODES[code][1]}" for code in codes)
        answers[str(status)] = {"description": words, "content": {TYPE: {"schema": schema}}}
    return answers
