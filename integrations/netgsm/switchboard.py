"""What the switchboard (Netsantral, *Özel API*) asks while a caller waits, and the answers it understands.

Source: facts on the operator, the cloud switchboard (A, B). It asks by GET, form or JSON, as the merchant sets it;
every value of an answer is a string.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from integrations import documents, phones
from integrations.documents import Unreadable
from integrations.netgsm import bodies, fields

CALLER, CALL, KEYS = ("arayan_no",), ("arama_id",), ("tus_bilgisi",)
NO_KEYS = "-1"
LONGEST_ID = 100
LONGEST_KEYS = 32
LONGEST_EXTENSION = 10
GOES_ON, PUTS_THROUGH, ERROR = "1", "dynamic", "e"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request: `caller` in E.164, empty where it was withheld or is no number; `keys` pressed, if any."""

    caller: str
    call: str
    keys: str


def parse(query: str, body: bytes, content_type: str) -> Asked:
    """A request from its query and body, the body's fields first. Raises Unreadable.

    A field that is missing is one that the switchboard does not know: a withheld number may be left out.
    """
    told = fields.fold(_query(query) | _body(body, content_type))
    return Asked(
        caller=phones.any_number(_text(told, CALLER)) or "",
        call=_text(told, CALL)[:LONGEST_ID],
        keys=_keys(_text(told, KEYS)),
    )


def reads_out(text: str) -> dict[str, str]:
    """The text is read, then the flow goes on at branch 1."""
    return {"status": "success", "result": GOES_ON, "data": text}


def puts_through(text: str, extension: str) -> dict[str, str]:
    """The text is read, then the caller is put through."""
    return {"status": "success", "result": PUTS_THROUGH, "redirect": extension, "data": text}


def fails(text: str) -> dict[str, str]:
    """The text is read, then the flow goes on at its error branch."""
    return {"status": "error", "result": ERROR, "data": text}


def _query(query: str) -> dict[str, Any]:
    if len(query) > bodies.MOST_BYTES:
        raise Unreadable("query", "too long")
    return bodies.form(query.encode("latin-1", "replace"), "") if query.strip("&") else {}


def _body(body: bytes, content_type: str) -> dict[str, Any]:
    if len(body) > bodies.MOST_BYTES:
        raise Unreadable("body", "too long")
    if not body.strip():
        return {}
    if not bodies.is_json(body, content_type):
        return dict(bodies.form(body, content_type))
    value = documents.read(body)
    if not isinstance(value, dict):
        raise Unreadable("body", "not an object")
    return value


def _text(told: dict[str, Any], names: tuple[str, ...]) -> str:
    return (fields.first(told, names) or "").strip()


def _keys(pressed: str) -> str:
    return "" if pressed == NO_KEYS else re.sub(r"[^0-9*#]", "", pressed)[:LONGEST_KEYS]
