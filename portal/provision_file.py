"""The provisioning file, read and checked: plain values out, or one error that names the field and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations import outbound, phones
from integrations.addresses import AddressRefused
from messaging import texts
from messaging.models import OtherPhone, QuestionMode
from orders.questions import KIND
from portal import provision_news
from portal import provision_values as values
from portal.provision_news import NewsEntry, QuietHours
from portal.provision_values import FileInvalid

LONGEST_LIFE = 10**9  # of a token, in seconds
LARGEST_PRIORITY = 32_767


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
    """The whole file; what it omits is None or empty. `news`, where it is given, are all there are."""

    line: str
    name: str | None
    owner_email: str | None
    owner_password: str | None = field(repr=False)
    usercode: str | None
    sms_password: str | None = field(repr=False)
    stores: tuple[StoreEntry, ...]
    events: tuple[EventEntry, ...]
    news: tuple[NewsEntry, ...] | None
    quiet_hours: QuietHours | None


def read(document: Any) -> File:
    """The file's values. Raises `FileInvalid`."""
    top = values.mapping(document, "the file")
    subscriber = values.mapping(values.needed(top, "subscriber", ""), "subscriber")
    owner = values.mapping(top.get("owner", {}), "owner")
    netgsm = values.mapping(top.get("netgsm", {}), "netgsm")
    stores = tuple(_store(entry, f"stores[{n}]") for n, entry in enumerate(values.entries(top, "stores")))
    events = tuple(_event(entry, f"events[{n}]") for n, entry in enumerate(values.entries(top, "events")))
    return File(
        line=_line(values.text(subscriber, "line", "subscriber")),
        name=values.optional(subscriber, "name", "subscriber"),
        owner_email=_email(owner),
        owner_password=values.optional(owner, "password", "owner"),
        usercode=values.optional(netgsm, "usercode", "netgsm"),
        sms_password=values.optional(netgsm, "password", "netgsm"),
        stores=stores,
        events=events,
        news=provision_news.read(top),
        quiet_hours=provision_news.read_quiet_hours(subscriber),
    )


def _store(entry: Any, path: str) -> StoreEntry:
    value = values.mapping(entry, path)
    said = values.text(value, "url", path)
    tokens = value.get("tokens")
    return StoreEntry(
        url=_url(said, f"{path}.url"),
        said=said,
        client_id=values.text(value, "client_id", path),
        client_secret=values.text(value, "client_secret", path),
        tokens=None if tokens is None else _tokens(tokens, f"{path}.tokens"),
    )


def _tokens(entry: Any, path: str) -> TokensEntry:
    value = values.mapping(entry, path)
    return TokensEntry(
        access_token=values.text(value, "access_token", path),
        refresh_token=values.text(value, "refresh_token", path),
        expires_in=values.number(value, "expires_in", path, least=1, most=LONGEST_LIFE) or 86400,
    )


def _event(entry: Any, path: str) -> EventEntry:
    value = values.mapping(entry, path)
    kind = values.text(value, "kind", path)
    if kind != KIND:
        raise FileInvalid(f"{path}.kind is {kind!r}; it should be {KIND}.")
    event = EventEntry(
        kind=kind,
        store=_url(values.text(value, "store", path), f"{path}.store"),
        priority=values.number(value, "priority", path, least=0, most=LARGEST_PRIORITY),
        keyword=values.optional(value, "keyword", path),
        header=values.optional(value, "header", path),
        reply_text=values.optional(value, "reply_text", path),
        question_mode=values.choice(value, "question_mode", path, QuestionMode.values),
        question_text=values.optional(value, "question_text", path),
        other_phone=values.choice(value, "other_phone", path, OtherPhone.values),
    )
    _check_event(event, path)
    return event


def _check_event(event: EventEntry, path: str) -> None:
    if event.header is not None:
        values.check_header(event.header, path)
    for name in ("reply_text", "question_text"):
        text = getattr(event, name)
        if text is not None:
            values.check_sms(text, texts.Purpose(name.removesuffix("_text")), f"{path}.{name}")


def _url(said: str, path: str) -> str:
    try:
        return outbound.check_address(said)
    except AddressRefused as problem:
        raise FileInvalid(f"{path} is {said!r}: {problem}") from problem


def _line(said: str) -> str:
    if phones.mobile(said):
        raise FileInvalid(f"subscriber.line is {said!r}, a mobile; it should be the line at the operator, 8501234567.")
    try:
        return phones.line(said)
    except ValueError as problem:
        raise FileInvalid(f"subscriber.line is {said!r}; it should be ten digits such as 8501234567.") from problem


def _email(owner: Mapping[str, Any]) -> str | None:
    email = values.optional(owner, "email", "owner")
    if email is not None and ("@" not in email.strip("@") or " " in email):
        raise FileInvalid(f"owner.email is {email!r}; it should be an e-mail address.")
    return email
