"""What the operator posts to us by itself: incoming SMS, and (unproven) delivery reports.

Both field sets, JSON or form, names in any case (facts: B). Whatever comes, the outcome is a typed value or
`Unreadable`; nothing else is raised.
"""

from typing import Any

from integrations import documents
from integrations.documents import Unreadable
from integrations.netgsm import bodies, fields
from integrations.netgsm.payloads import Incoming, Report

__all__ = ["Unreadable", "parse", "parse_report"]

WRAPPERS = ("data", "message", "sms", "report", "jobs", "reports", "messages")


def parse(body: bytes, content_type: str) -> Incoming:
    """An incoming SMS from the body of a push. Raises Unreadable(field, reason)."""
    return fields.incoming(_fields(body, content_type, known=fields.TEXT))


def parse_report(body: bytes, content_type: str) -> Report:
    """A delivery report from the body of a push; its shape is unproven (facts: I). Raises Unreadable."""
    return fields.report(_fields(body, content_type, known=fields.STATUS))


def _fields(body: bytes, content_type: str, *, known: tuple[str, ...]) -> dict[str, Any]:
    if len(body) > bodies.MOST_BYTES:
        raise Unreadable("body", "too long")
    if not body.strip():
        raise Unreadable("body", "empty")
    if bodies.is_json(body, content_type):
        return _unwrapped(documents.read(body), known)
    return bodies.form(body, content_type)


def _unwrapped(value: Any, known: tuple[str, ...]) -> dict[str, Any]:
    """The object that holds the fields: the document itself, or the only one in a list or a wrapper."""
    if isinstance(value, list) and len(value) == 1:
        return _unwrapped(value[0], known)
    if not isinstance(value, dict):
        raise Unreadable("body", "not an object")
    folded = fields.fold(value)
    if fields.first(folded, known) is None:
        for name in WRAPPERS:
            if isinstance(folded.get(name), dict | list):
                return _unwrapped(folded[name], known)
    return value
