"""What came from outside, shown to staff: as it came, but for whatever may be a secret."""

from __future__ import annotations

import json
import re
from typing import Any

from portal import logs

HIDDEN = "•••"
_NAMES = r"pass|parola|[sş]ifre|secret|token|api_?key|authorization|cookie|credential|signature|hash"
_SECRET = re.compile(_NAMES, re.IGNORECASE)
# Lengths are bounded where a text could otherwise be searched again from each of its letters: it is a stranger's.
_REST_OF_NAME = r"[\w.-]{0,60}"
_ELEMENT = re.compile(
    rf"(<(?P<tag>[\w:.-]{{0,60}}(?:{_NAMES}){_REST_OF_NAME})(?:\s[^<>]*(?<!/))?>).*?(?=</(?P=tag)|\Z)",
    re.IGNORECASE | re.DOTALL,
)
# A header's value is all of its line. Others without quotes end before the next name, an ampersand or the line's end.
_HEADER = re.compile(r"((?:authorization|cookie)\s{0,9}[:=]\s{0,9})(?![\s\"'\\])[^\r\n]+", re.IGNORECASE)
_NAMED = re.compile(
    rf"((?:{_NAMES}){_REST_OF_NAME}[\"'\\\]]{{0,9}}\s{{0,9}}(?:=>|[:=>]|&gt;|%3[AD])\s*[bru]{{0,2}}?)"
    r"(?:\"(?:\\.|[^\"\\])*\"?"
    r"|'(?:\\.|[^'\\])*'?"
    r"|(?P<quote>\\+[\"'])(?:.*?(?<!\\)(?P=quote)|.*)"
    r"|[\[({].*"
    r"|(?:(?![\s,;]{1,9}[\"']?[\w.-]{1,60}[\"']?\s{0,9}[:=])[^&\r\n<])+)",
    re.IGNORECASE | re.DOTALL,
)


def payload(raw: Any) -> str:
    """A JSON payload, indented; what a secret's name leads to is hidden, however deep."""
    return json.dumps(_hidden(raw), ensure_ascii=False, indent=2)


def text(raw: str) -> str:
    """A text that may name a secret and then tell it: the secret hidden, to its end where the text says where that is.

    Quotes of JSON and of Python, escaped or not, elements of XML, headers, forms and plain `name: value` are known.
    """
    shown = _ELEMENT.sub(rf"\1{HIDDEN}", logs.redact(raw))
    return _NAMED.sub(rf"\1{HIDDEN}", _HEADER.sub(rf"\1{HIDDEN}", shown))


def _hidden(raw: Any) -> Any:
    if isinstance(raw, dict):
        return {key: HIDDEN if _SECRET.search(str(key)) and value else _hidden(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_hidden(value) for value in raw]
    return text(raw) if isinstance(raw, str) else raw
