"""What the operator posts to us by itself: incoming SMS, and (unproven) delivery reports.

Both field sets, JSON or form, names in any case (facts: B). Whatever comes, the outcome is a typed value or
`Unreadable`; nothing else is raised.
"""

from typing import Any
from urllib.parse import parse_qsl

from integrations import documents
from integrations.documents import Unreadable
from integrations.netgsm import fields
from integrations.netgsm.payloads import Incoming, Report

__all__ = ["Unreadable", "parse", "parse_report"]

MOST_BYTES = 64 * 1024
MOST_FIELDS = 64
WRAPPERS = ("data", "message", "sms", "report", "jobs", "reports", "messages")


def parse(body: bytes, content_type: str) -> Incoming:
    """An incoming SMS from the body of a push. Raises Unreadable(field, reason)."""
    return fields.incoming(_fields(body, content_type, known=fields.TEXT))


def parse_report(body: bytes, content_type: str) -> Report:
    """A delivery report from the body of a push; its shape is unproven (facts: I). Raises Unreadable."""
    return fields.report(_fields(body, content_type, known=fields.STATUS))


def _fields(body: bytes, content_type: str, *, known: tuple[str, ...]) -> dict[str, Any]:
    if len(body) > MOST_BYTES:
        raise Unreadable("body", "too long")
    if not body.strip():
        raise Unreadable("body", "empty")
    # The header is not always right, and no form begins with a bracket.
    looks_like_json = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    if looks_like_json or "json" in content_type.lower():
        return _unwrapped(documents.read(body), known)
    return _form(body, content_type)


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


def _form(body: bytes, content_type: str) -> dict[str, Any]:
    try:
        pairs = parse_qsl(
            body.decode("latin-1"),
            keep_blank_values=True,
            encoding="latin-1",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise Unreadable("body", "too many fields") from None
    if not pairs:
        raise Unreadable("body", "no fields")
    return {_text(name, content_type): _text(value, content_type) for name, value in pairs}


def _text(latin: str, content_type: str) -> str:
    """UTF-8 where the bytes are; else the Turkish code page, which the operator's older side writes (I)."""
    octets = latin.encode("latin-1")
    try:
        return documents.clean(octets.decode("utf-8"))
    except UnicodeDecodeError:
        charset = "cp1254" if "8859-1" not in content_type or "8859-9" in content_type else "latin-1"
        return documents.clean(octets.decode(charset, "replace"))
