"""JSON from outside, read so that nothing in it can hurt later: in PostgreSQL, a log, a second parser."""

import json
import math
from typing import Any, NoReturn

DEEPEST = 64


class Unreadable(ValueError):
    """Outside data that cannot be used: `field` names the place ("body" for the whole), `reason` says why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def read(body: bytes) -> Any:
    """The value of a JSON document in UTF-8 (a byte order mark is tolerated).

    Refuses what Python's reader lets through and PostgreSQL's jsonb does not: NaN, infinities, numbers
    without bound, nesting deeper than 64. NUL and lone surrogates become U+FFFD. Of a duplicate key the last
    one counts. Raises Unreadable.
    """
    try:
        text = body.decode("utf-8-sig")
        return storable(json.loads(text, parse_constant=_refuse, parse_float=_finite))
    except RecursionError:
        raise Unreadable("body", "nested too deeply") from None
    except UnicodeDecodeError:
        raise Unreadable("body", "not UTF-8") from None
    except Unreadable:
        raise
    except ValueError:
        raise Unreadable("body", "not JSON") from None


def storable(value: Any, *, depth: int = 0) -> Any:
    """The same value with every string storable in PostgreSQL. Raises Unreadable beyond 64 levels."""
    if depth > DEEPEST:
        raise Unreadable("body", "nested too deeply")
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [storable(item, depth=depth + 1) for item in value]
    if isinstance(value, dict):
        return {clean(str(key)): storable(item, depth=depth + 1) for key, item in value.items()}
    return value


def clean(text: str) -> str:
    """The text with NUL and lone surrogates, which PostgreSQL cannot store, replaced by U+FFFD."""
    if "\x00" not in text and text.isascii():
        return text
    whole = text.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass")
    return whole.decode("utf-16", "replace")


def _refuse(constant: str) -> NoReturn:
    raise Unreadable("body", f"{constant} is not JSON")


def _finite(literal: str) -> float:
    number = float(literal)
    if not math.isfinite(number):
        raise Unreadable("body", "a number without bound")
    return number
