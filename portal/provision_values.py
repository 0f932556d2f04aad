"""The values of a provisioning file: read one by one, or refused with the name of the field and what it should be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from integrations.documents import clean
from messaging import events, outbox, texts

LONGEST_HEADER = 11
LONGEST = {"name": 150, "email": 254, "password": 128, "usercode": 30, "client_id": 200, "keyword": 40, "url": 200}
LONGEST |= {"payment_types": 128}
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")


class FileInvalid(ValueError):
    """The file cannot be used; the message names the field, what is wrong and what it should be."""


def check_header(header: str, path: str) -> None:
    """Refuses what is no sender name. Raises `FileInvalid`, as everything here."""
    if not 0 < len(header) <= LONGEST_HEADER:
        raise FileInvalid(f"{path}.header should be a sender name of 1 to {LONGEST_HEADER} characters.")


def check_sms(text: str, purpose: texts.Purpose, path: str) -> None:
    """Refuses a text that no SMS can be."""
    try:
        events.check_text(text, purpose=purpose)
    except texts.UnknownPlaceholder as problem:
        raise FileInvalid(f"{path}: {problem}") from problem
    except outbox.TextTooLong as problem:
        raise FileInvalid(f"{path}: {problem}.") from problem


def mapping(value: Any, path: str) -> Mapping[str, Any]:
    """An object of the file."""
    if not isinstance(value, dict):
        raise FileInvalid(f"{path} should be an object.")
    return value


def entries(top: Mapping[str, Any], name: str) -> list[Any]:
    """A list of the file; one that it omits is empty."""
    value = top.get(name, [])
    if not isinstance(value, list):
        raise FileInvalid(f"{name} should be a list.")
    return value


def needed(value: Mapping[str, Any], name: str, path: str) -> Any:
    """What must be there."""
    if name not in value:
        raise FileInvalid(f"{join(path, name)} is missing.")
    return value[name]


def text(value: Mapping[str, Any], name: str, path: str) -> str:
    """A text that must be there and say something."""
    found = needed(value, name, path)
    if not isinstance(found, str) or not found.strip():
        raise FileInvalid(f"{join(path, name)} should be a text that is not empty.")
    return _storable(found.strip(), name, path)


def optional(value: Mapping[str, Any], name: str, path: str) -> str | None:
    """A text, None where the file omits it."""
    found = value.get(name)
    if found is None:
        return None
    if not isinstance(found, str):
        raise FileInvalid(f"{join(path, name)} should be a text.")
    return _storable(found.strip(), name, path)


def _storable(found: str, name: str, path: str) -> str:
    """The text, where its column holds it."""
    longest = LONGEST.get(name)
    if longest is not None and len(found) > longest:
        raise FileInvalid(f"{join(path, name)} should be at most {longest} characters.")
    if clean(found) != found or any(ord(letter) < 32 and letter not in "\n\t" for letter in found):
        raise FileInvalid(f"{join(path, name)} should hold no control characters.")
    return found


def number(value: Mapping[str, Any], name: str, path: str, *, least: int, most: int) -> int | None:
    """A whole number, None where the file omits it."""
    found = value.get(name)
    if found is None:
        return None
    if not isinstance(found, int) or isinstance(found, bool) or not least <= found <= most:
        raise FileInvalid(f"{join(path, name)} should be a whole number from {least} to {most}.")
    return found


def flag(value: Mapping[str, Any], name: str, path: str) -> bool | None:
    """True or false, None where the file omits it."""
    found = value.get(name)
    if found is not None and not isinstance(found, bool):
        raise FileInvalid(f"{join(path, name)} should be true or false.")
    return found


def amount(value: Mapping[str, Any], name: str, path: str) -> Decimal | None:
    """A sum of money, written as a number or as its digits; None where the file omits it."""
    found = value.get(name)
    if found is None:
        return None
    told = str(found).strip() if isinstance(found, int | float | str) else ""
    if not _AMOUNT.fullmatch(told):
        raise FileInvalid(f"{join(path, name)} should be an amount such as 250 or 249.90.")
    return Decimal(told)


def names(value: Mapping[str, Any], name: str, path: str) -> tuple[str, ...] | None:
    """Some texts, each once; None where the file omits them."""
    found = value.get(name)
    if found is None:
        return None
    if not isinstance(found, list):
        raise FileInvalid(f"{join(path, name)} should be a list of texts.")
    told = [_storable(each.strip(), name, path) for each in found if isinstance(each, str) and each.strip()]
    if len(told) < len(found):
        raise FileInvalid(f"{join(path, name)} should hold texts that are not empty.")
    return tuple(dict.fromkeys(told))


def choice(value: Mapping[str, Any], name: str, path: str, choices: list[str]) -> str | None:
    """One of some words, None where the file omits it."""
    found = optional(value, name, path)
    if found is not None and found not in choices:
        raise FileInvalid(f"{join(path, name)} is {found!r}; it should be one of {', '.join(choices)}.")
    return found


def needed_choice(value: Mapping[str, Any], name: str, path: str, choices: list[str]) -> str:
    """One of some words, which must be there."""
    text(value, name, path)
    return choice(value, name, path, choices) or ""


def join(path: str, name: str) -> str:
    """How a line names the field."""
    return f"{path}.{name}" if path else name
