"""The fields of a form as the operator writes them: whatever the header says, in whatever letters."""

from __future__ import annotations

from urllib.parse import parse_qsl

from integrations import documents
from integrations.documents import Unreadable

MOST_BYTES = 64 * 1024
MOST_FIELDS = 64


def is_json(body: bytes, content_type: str) -> bool:
    """Whether a body is to be read as JSON: the header is not always right, and no form begins with a bracket."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") or "json" in content_type.lower()


def form(body: bytes, content_type: str) -> dict[str, str]:
    """The fields of a form, or of a query. Raises Unreadable where there are none or too many."""
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
