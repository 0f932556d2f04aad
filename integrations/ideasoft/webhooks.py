"""What a store posts by itself: a sign that an order changed, never the truth about it.

Source: facts on the store platform, 3 (A): the signature is base64 of HMAC-SHA256 over the raw body with the
client secret, in `X-Ideashop-Hmac-Sha256`; the body holds the id and only the changed fields. Read the order
again by id.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any

from integrations import documents
from integrations.documents import Unreadable
from integrations.ideasoft.payloads import read_id

__all__ = ["SIGNATURE_HEADER", "Unreadable", "WebhookNotice", "parse", "verify"]

SIGNATURE_HEADER = "X-Ideashop-Hmac-Sha256"
WRAPPERS = ("order", "data")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookNotice:
    """`external_id` of the object that changed; `fields` as they came, for support only."""

    external_id: int
    fields: dict[str, Any] = field(repr=False)


def verify(body: bytes, signature: str, client_secret: str) -> bool:
    """Whether the client secret signed the body; takes as long for a wrong signature as a right one."""
    if not client_secret:
        return False
    try:
        told = base64.b64decode(signature.strip(), validate=True)
    except (binascii.Error, ValueError):
        told = b""
    return hmac.compare_digest(told, hmac.digest(client_secret.encode(), body, hashlib.sha256))


def parse(body: bytes) -> WebhookNotice:
    """The notice of a body, bare or in a wrapper (its envelope is not documented). Raises Unreadable."""
    value = documents.read(body)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    for name in ("", *WRAPPERS):
        candidate = value.get(name) if name and isinstance(value, dict) else value
        external_id = read_id(candidate.get("id")) if isinstance(candidate, dict) else None
        if external_id is not None and isinstance(candidate, dict):
            return WebhookNotice(external_id=external_id, fields=candidate)
    raise Unreadable("id", "missing or not a number")
