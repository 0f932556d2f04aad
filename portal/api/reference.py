"""The readable reference at `/api/v1/docs`: the API's own description as a page of ours, without a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt

from portal.api import door, rates, site
from portal.api.description import operations
from portal.api.problems import CODES, Problem
from portal.reaching import states_its_own


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One field or parameter."""

    name: str
    kind: str
    words: SafeString
    is_required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One method of one address."""

    place: str
    method: str
    path: str
    summary: str
    words: SafeString
    takes: list[Row]
    gives: list[Row]
    status: str
    schema: str


@states_its_own
@csrf_exempt
def docs(request: HttpRequest) -> HttpResponse:
    """Every address with what it takes and gives, then every schema and every code."""
    return _page(request) if request.method in ("GET", "HEAD") else door.told(request, _refuse)


def _refuse() -> HttpResponse:
    raise Problem("wrong_method", headers={"Allow": "GET, HEAD"})


def _page(request: HttpRequest) -> HttpResponse:
    told = site.document()
    schemas = told["components"]["schemas"]
    context = {
        "about": [_marked(part) for part in told["info"]["description"].split("\n\n")],
        "calls": [_call(path, method, operation, schemas) for path, method, operation in operations(told)],
        "schemas": [(name, _about(schema), _fields(schema)) for name, schema in sorted(schemas.items())],
        "codes": [(code, status.value, _marked(words)) for code, (status, words) in CODES.items()],
        "reads": rates.READS,
        "writes": rates.WRITES,
        "site": settings.SITE_URL,
    }
    with translation.override("en"):
        return render(request, "api/docs.html", context)


def _call(path: str, method: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> Call:
    status, answer = next(iter(operation["responses"].items()))
    schema = _name(answer["content"]["application/json"]["schema"])
    takes = [
        Row(
            name=each["name"],
            kind=f"{each['in']}, {_kind(each['schema'])}",
            words=_marked(each.get("description", "")),
            is_required=each.get("required", False),
        )
        for each in operation["parameters"]
    ]
    if "requestBody" in operation:
        body = operation["requestBody"]["content"]["application/json"]["schema"]
        takes += [_in_body(row) for row in _fields(schemas[_name(body)])]
    return Call(
        place=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        words=_marked(operation.get("description", "")),
        takes=takes,
        gives=_fields(schemas[schema]),
        status=status,
        schema=schema,
    )


def _marked(text: str) -> SafeString:
    """With what stands between backticks as code."""
    tags = ("{}", "<code>{}</code>")
    parts = [format_html(tags[place % 2], part) for place, part in enumerate(text.split("`"))]
    return format_html_join("", "{}", ((part,) for part in parts))


def _in_body(row: Row) -> Row:
    return Row(name=row.name, kind=f"body, {row.kind}", words=row.words, is_required=row.is_required)


def _fields(schema: Mapping[str, Any]) -> list[Row]:
    required = set(schema.get("required", []))
    return [
        Row(name=name, kind=_kind(each), words=_marked(each.get("description", "")), is_required=name in required)
        for name, each in schema.get("properties", {}).items()
    ]


def _name(schema: Mapping[str, Any]) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _about(schema: Mapping[str, Any]) -> SafeString:
    """What a schema is; of one without fields the values too."""
    values = ", ".join(f"`{each}`" for each in schema.get("enum", ()))
    return _marked(f"{schema.get('description', '')} One of {values}." if values else schema.get("description", ""))


def _kind(schema: Mapping[str, Any]) -> str:
    """What a value is, in few words: `Money or null`, `list of OrderOut`, `integer, 1 to 100, 50 by default`."""
    return ", ".join(filter(None, (_type(schema), _range(schema), _default(schema))))


def _range(schema: Mapping[str, Any]) -> str:
    for least, most, unit in (("minimum", "maximum", ""), ("minLength", "maxLength", " characters")):
        if most in schema:
            return f"{schema[least]} to {schema[most]}{unit}" if least in schema else f"at most {schema[most]}{unit}"
    return ""


def _default(schema: Mapping[str, Any]) -> str:
    """Empty where none is told, and where leaving it out says no more than that."""
    value = schema.get("default")
    return "" if value is None or value == "" else f"{str(value).lower()} by default"


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return _name(schema)
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    if "allOf" in schema:
        return " and ".join(_kind(each) for each in schema["allOf"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    return str(schema.get("format") or schema.get("const") or schema.get("type", "anything"))
