"""What came from outside, shown to staff: as it came, but for whatever may be a secret."""

from __future__ import annotations

import json
import re
from typing import Any

from portal import logs

HIDDEN = "•••"
_NAMES = r"pass|parola|sifre|şifre|secret|token|api_?key|authorization|cookie|credential|signature|hash"
_SECRET = re.compile(_NAMES, re.IGNORECASE)
_NAMED = re.compile(rf"([\w-]*(?:{_NAMES})[\w-]*\"?\s*[:=>]\s*)(\"[^\"]*\"?|[^&\s,<}}]+)", re.IGNORECASE)


def payload(raw: Any) -> str:
    """A JSON payload, indented; what a secret's name leads to is hidden, however deep."""
    return json.dumps(_hidden(raw), ensure_ascii=False, indent=2)


def text(raw: str) -> str:
    """A text that may name a secret and then tell it: the secret hidden."""
    return _NAMED.sub(rf"\1{HIDDEN}", logs.redact(raw))


def _hidden(raw: Any) -> Any:
    if isinstance(raw, dict):
        return {key: HIDDEN if _SECRET.search(str(key)) and value else _hidden(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_hidden(value) for value in raw]
    return text(raw) if isinstance(raw, str) else raw
