"""The provisioning file, read and checked: plain values out, or one error that names the field and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations import outbound, phones
from integrations.addresses import AddressRefused
from integrations.documents import clean
from messaging import events, outbox, texts
from messaging.models import OtherPhone, QuestionMode
from orders.questions import KIND

LONGEST_HEADER = 11
LONGEST = {"name": 150, "email": 254, "password": 128, "usercode": 30, "client_id": 200, "keyword": 40, "url": 200}
LONGEST_LIFE = 10**9  # of a token, in seconds
LARGEST_PRIORITY = 32_767


class FileInvalid(ValueError):
    """The file cannot be used; the message names the field, what is wrong and what it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensEntry:
    """A token pair as the store gave it; `expires_in` in seconds."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreEntry:
    """A store: `url` is its canonical origin, `said` the address as the file spells it."""

    url: str
    said: str
    client_id: str
    client_secret: str = field(repr=False)
    tokens: TokensEntry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventEntry:
    """An event; None where the file omits a value, so that what stands stays."""

    kind: str
    store: str
    priority: int | None
    keyword: str | None
    header: str | None
    reply_text: str | None
    question_mode: str | None
    question_text: str | None
    other_phone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """The whole file; what it omits is None or empty. `later` names what stands in it and is not heeded yet."""

    line: str
    name: str | None
    owner_email: str | None
    owner_password: str | None = field(repr=False)
    usercode: str | None
    sms_password: str | None = field(repr=False)
    stores: tuple[StoreEntry, ...]
    events: tuple[EventEntry, ...]
    later: tuple[str, ...]


def read(document: Any) -> File:
    """The file's values. Raises `FileInvalid`."""
    top = _object(document, "the file")
    subscriber = _object(_needed(top, "subscriber", ""), "subscriber")
    owner = _object(top.get("owner", {}), "owner")
    netgsm = _object(top.get("netgsm", {}), "netgsm")
    stores = tuple(_store(entry, f"stores[{n}]") for n, entry in enumerate(_list(top, "stores")))
    events = tuple(_event(entry, f"events[{n}]") for n, entry in enumerate(_list(top, "events")))
    return File(
        line=_line(_text(subscriber, "line", "subscriber")),
        name=_optional(subscriber, "name", "subscriber"),
        owner_email=_email(owner),
        owner_password=_optional(owner, "password", "owner"),
        usercode=_optional(netgsm, "usercode", "netgsm"),
        sms_password=_optional(netgsm, "password", "netgsm"),
        stores=stores,
        events=events,
        later=_later(top, subscriber),
    )


def _later(top: Mapping[str, Any], subscriber: Mapping[str, Any]) -> tuple[str, ...]:
    """Parts of the file that a coming release heeds: accepted, so that one file serves both."""
    found = {"news": "news" in top, "subscriber.quiet_hours": "quiet_hours" in subscriber}
    return tuple(name for name, stands in found.items() if stands)


def _store(entry: Any, path: str) -> StoreEntry:
    value = _object(entry, path)
    said = _text(value, "url", path)
    tokens = value.get("tokens")
    return StoreEntry(
        url=_url(said, f"{path}.url"),
        said=said,
        client_id=_text(value, "client_id", path),
        client_secret=_text(value, "client_secret", path),
        tokens=None if tokens is None else _tokens(tokens, f"{path}.tokens"),
    )


def _tokens(entry: Any, path: str) -> TokensEntry:
    value = _object(entry, path)
    return TokensEntry(
        access_token=_text(value, "access_token", path),
        refresh_token=_text(value, "refresh_token", path),
        expires_in=_number(value, "expires_in", path, least=1, most=LONGEST_LIFE) or 86400,
    )


def _event(entry: Any, path: str) -> EventEntry:
    value = _object(entry, path)
    kind = _text(value, "kind", path)
    if kind != KIND:
        raise FileInvalid(f"{path}.kind is {kind!r}; it should be {KIND}.")
    event = EventEntry(
        kind=kind,
        store=_url(_text(value, "store", path), f"{path}.store"),
        priority=_number(value, "priority", path, least=0, most=LARGEST_PRIORITY),
        keyword=_optional(value, "keyword", path),
        header=_optional(value, "header", path),
        reply_text=_optional(value, "reply_text", path),
        question_mode=_choice(value, "question_mode", path, QuestionMode.values),
        question_text=_optional(value, "question_text", path),
        other_phone=_choice(value, "other_phone", path, OtherPhone.values),
    )
    _check_event(event, path)
    return event


def _check_event(event: EventEntry, path: str) -> None:
    if event.header is not None and not 0 < len(event.header) <= LONGEST_HEADER:
        raise FileInvalid(f"{path}.header should be a sender name of 1 to {LONGEST_HEADER} characters.")
    for name in ("reply_text", "question_text"):
        text = getattr(event, name)
        if text is None:
            continue
        try:
            events.check_text(text, purpose=texts.Purpose(name.removesuffix("_text")))
        except texts.UnknownPlaceholder as problem:
            raise FileInvalid(f"{path}.{name}: {problem}") from problem
        except outbox.TextTooLong as problem:
            raise FileInvalid(f"{path}.{name}: {problem}.") from problem


def _url(said: str, path: str) -> str:
    try:
        return outbound.check_address(said)
    except AddressRefused as problem:
        raise FileInvalid(f"{path} is {said!r}: {problem}") from problem


def _line(said: str) -> str:
    try:
        return phones.line(said)
    except ValueError as problem:
        raise FileInvalid(f"subscriber.line is {said!r}; it should be ten digits such as 8501234567.") from problem


def _email(owner: Mapping[str, Any]) -> str | None:
    email = _optional(owner, "email", "owner")
    if email is not None and ("@" not in email.strip("@") or " " in email):
        raise FileInvalid(f"owner.email is {email!r}; it should be an e-mail address.")
    return email


def _object(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise FileInvalid(f"{path} should be an object.")
    return value


def _list(top: Mapping[str, Any], name: str) -> list[Any]:
    value = top.get(name, [])
    if not isinstance(value, list):
        raise FileInvalid(f"{name} should be a list.")
    return value


def _needed(value: Mapping[str, Any], name: str, path: str) -> Any:
    if name not in value:
        raise FileInvalid(f"{_join(path, name)} is missing.")
    return value[name]


def _text(value: Mapping[str, Any], name: str, path: str) -> str:
    found = _needed(value, name, path)
    if not isinstance(found, str) or not found.strip():
        raise FileInvalid(f"{_join(path, name)} should be a text that is not empty.")
    return _storable(found.strip(), name, path)


def _optional(value: Mapping[str, Any], name: str, path: str) -> str | None:
    found = value.get(name)
    if found is None:
        return None
    if not isinstance(found, str):
        raise FileInvalid(f"{_join(path, name)} should be a text.")
    return _storable(found.strip(), name, path)


def _storable(found: str, name: str, path: str) -> str:
    """The text, where its column holds it."""
    longest = LONGEST.get(name)
    if longest is not None and len(found) > longest:
        raise FileInvalid(f"{_join(path, name)} should be at most {longest} characters.")
    if clean(found) != found or any(ord(letter) < 32 and letter not in "\n\t" for letter in found):
        raise FileInvalid(f"{_join(path, name)} should hold no control characters.")
    return found


def _number(value: Mapping[str, Any], name: str, path: str, *, least: int, most: int) -> int | None:
    found = value.get(name)
    if found is None:
        return None
    if not isinstance(found, int) or isinstance(found, bool) or not least <= found <= most:
        raise FileInvalid(f"{_join(path, name)} should be a whole number from {least} to {most}.")
    return found


def _choice(value: Mapping[str, Any], name: str, path: str, choices: list[str]) -> str | None:
    found = _optional(value, name, path)
    if found is not None and found not in choices:
        raise FileInvalid(f"{_join(path, name)} is {found!r}; it should be one of {', '.join(choices)}.")
    return found


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
