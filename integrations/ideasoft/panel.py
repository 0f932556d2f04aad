"""The store's own settings by its API: SMS switches, Netgsm account, texts. Typed, and written as the facts allow.

Source: facts on the store platform, 7 and 10 (A for paths and fields). What is inferred (I) stands beside its line.
Reads may be repeated; a write that broke off is Unknown: read, then decide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations.failures import Unavailable
from integrations.ideasoft import client
from integrations.ideasoft.client import ADMIN, Store
from integrations.ideasoft.models import OwnSms

ORDER_RECEIVED = "orderReceived"
ORDER_APPROVED = "orderApproved"
FLAGS = (ORDER_RECEIVED, *OwnSms.values)
REFERENCE = "(arg1)"
QUESTION_NUMBER = "2815"
PAGE = 100
MOST_PAGES = 10
LONGEST = 4000

_KEY_OF_QUESTION = re.compile(r"\D*2815\D*", re.ASCII)
_MASKS = frozenset("*•●xX.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """Which SMS the store sends by itself, by the flag's name, as far as it says. `raw` is written back whole."""

    flags: dict[str, bool]
    raw: dict[str, Any] = field(repr=False)

    @property
    def order_received(self) -> bool | None:
        """*Sipariş Alındı*; None where the store does not say."""
        return self.flags.get(ORDER_RECEIVED)

    @property
    def order_approved(self) -> bool | None:
        """*Sipariş Onaylandı*; None where the store does not say."""
        return self.flags.get(ORDER_APPROVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsAccount:
    """The Netgsm account that the store sends by. `password` is None where it comes empty or masked (I).

    `headers` are those the operator has registered for it, as the store sees them; none where its link does not work.
    """

    username: str
    password: str | None = field(repr=False)
    header: str
    headers: tuple[str, ...]
    credit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One of the store's own texts."""

    key: str
    value: str

    @property
    def is_question(self) -> bool:
        """Whether the key says that this is number 2815 (which key stands behind it is not known)."""
        return bool(_KEY_OF_QUESTION.fullmatch(self.key))


def any_order(store: Store) -> bool:
    """A harmless read that proves that orders may be read."""
    client.newest_id(store)
    return True


def switches(store: Store) -> Switches:
    """The flags of `sms_config`. Raises Unavailable where they come in no known shape."""
    raw = _object(client.read(store, f"{ADMIN}/sms_config", {}))
    read = {flag: _flag(raw.get(flag)) for flag in FLAGS}
    return Switches(flags={flag: on for flag, on in read.items() if on is not None}, raw=raw)


def switch(store: Store, flag: str, *, on: bool) -> bool:
    """Sets one flag, all others written back as they are; tells whether the store then shows just that."""
    wanted = {**switches(store).raw, flag: int(on)}
    client.written(client.write(store, "PUT", f"{ADMIN}/sms_config", wanted))
    kept = switches(store).raw
    return all(kept.get(name) == value for name, value in wanted.items() if _flag(value) is not None)


def sms_account(store: Store) -> SmsAccount:
    """The store's `net_gsm`. Raises Unavailable where it comes in no known shape."""
    raw = _object(client.read(store, f"{ADMIN}/net_gsm", {}))
    headers = raw.get("validMsgHeaders")
    named = headers.values() if isinstance(headers, dict) else headers if isinstance(headers, list) else ()
    return SmsAccount(
        username=_text(raw.get("username")),
        password=_password(raw.get("password")),
        header=_text(raw.get("msgHeader")),
        headers=tuple(_text(name) for name in named if name),
        credit=_text(raw.get("remainingCredits")),
    )


def set_sms_account(store: Store, *, username: str, password: str, header: str) -> None:
    """Writes `net_gsm`; both credentials are required (A), so the password must be at hand."""
    body = {"username": username, "password": password, "msgHeader": header}
    client.written(client.write(store, "PUT", f"{ADMIN}/net_gsm", body))


def question_texts(store: Store, *, picked: str = "") -> list[Text]:
    """What may be text 2815: the one whose key says so, or the one picked, else all that hold `(arg1)`.

    The store's own filters are not trusted to filter (I): what comes back is looked at once more here.
    """
    for key in (QUESTION_NUMBER, picked):
        named = [text for text in _texts(store, keys=key) if text.key == picked or text.is_question] if key else []
        if named:
            return named[:1]
    return [text for text in _texts(store, s=REFERENCE) if REFERENCE in text.value]


def text(store: Store, key: str) -> Text | None:
    """The text of exactly this key; None where the store shows none."""
    return next((found for found in _texts(store, keys=key) if found.key == key), None)


def set_text(store: Store, *, key: str, value: str) -> None:
    """Writes one text by its key, and nothing else: `/languages/{id}` is most likely a language, not a text (I)."""
    client.written(client.write(store, "PUT", f"{ADMIN}/languages", {"key": key, "value": value}))


def _texts(store: Store, **filters: str) -> list[Text]:
    """All texts that the store finds; none where it finds more than can be looked at, since "alone" needs all."""
    found: list[Text] = []
    for page in range(1, MOST_PAGES + 1):
        rows = _rows(client.read(store, f"{ADMIN}/languages", {"limit": str(PAGE), "page": str(page), **filters}))
        named = (row for row in rows if isinstance(row, dict) and isinstance(row.get("key"), str))
        found += [Text(key=row["key"], value=_text(row.get("value"))) for row in named if 0 < len(row["key"]) <= 255]
        if len(rows) < PAGE:
            return found
    return []


def _rows(raw: Any) -> list[Any]:
    """Lists come bare (B); a single object is one row."""
    rows = [raw] if isinstance(raw, dict) and "key" in raw else raw
    if not isinstance(rows, list):
        raise Unavailable("unreadable", detail="not a list")
    return rows


def _object(value: Any) -> dict[str, Any]:
    """One object, also where the store wraps it in a list. Raises Unavailable."""
    if isinstance(value, list) and len(value) == 1:
        (value,) = value
    if not isinstance(value, dict):
        raise Unavailable("unreadable", detail="not an object")
    return value


def _flag(value: Any) -> bool | None:
    """0 and 1 (A), tolerated as words and truth values."""
    known: Mapping[str, bool] = {"1": True, "true": True, "0": False, "false": False}
    return known.get(str(value).lower())


def _password(value: Any) -> str | None:
    given = value if isinstance(value, str) else ""
    return None if not given.strip() or set(given) <= _MASKS else given


def _text(value: Any) -> str:
    return str(value).replace("\r\n", "\n").strip()[:LONGEST] if isinstance(value, str | int) else ""
