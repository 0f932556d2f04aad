"""The part of a provisioning file that is about order news, for all stores of a subscriber."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from messaging import texts
from orders.models import When
from portal import provision_values as values
from portal.provision_values import FileInvalid

_CLOCK = r"((?:[01][0-9]|2[0-3]):[0-5][0-9])"
_HOURS = re.compile(rf"{_CLOCK}\s*-\s*{_CLOCK}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsEntry:
    """One news, on, as a whole: `limits` holds all of them by their column, none for one that the entry omits."""

    when: When
    header: str
    text: str
    limits: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From when to when no news leaves; both None: it leaves at any hour."""

    begins: time | None
    ends: time | None


def read(top: Mapping[str, Any]) -> tuple[NewsEntry, ...] | None:
    """All the news that the file wants, each once; None where it says nothing of news. Raises `FileInvalid`."""
    if "news" not in top:
        return None
    entries = tuple(_news(entry, f"news[{n}]") for n, entry in enumerate(values.entries(top, "news")))
    first: dict[When, int] = {}
    for n, entry in enumerate(entries):
        if first.setdefault(entry.when, n) != n:
            raise FileInvalid(f"news[{n}].when is {entry.when.value!r}, as news[{first[entry.when]}] is; name it once.")
    return entries


def read_quiet_hours(subscriber: Mapping[str, Any]) -> QuietHours | None:
    """When the subscriber's buyers are left in peace; None where the file says nothing of it. Raises `FileInvalid`."""
    if "quiet_hours" not in subscriber:
        return None
    said = subscriber["quiet_hours"]
    if said is None:
        return QuietHours(begins=None, ends=None)
    found = _HOURS.fullmatch(said.strip()) if isinstance(said, str) else None
    if found is None or found[1] == found[2]:
        raise FileInvalid(
            f"subscriber.quiet_hours is {said!r}; it should be two different times such as '22:00-08:00', or null."
        )
    return QuietHours(begins=time.fromisoformat(found[1]), ends=time.fromisoformat(found[2]))


def _news(entry: Any, path: str) -> NewsEntry:
    value = values.mapping(entry, path)
    news = NewsEntry(
        when=When(values.needed_choice(value, "when", path, When.values)),
        header=values.text(value, "header", path),
        text=values.text(value, "text", path),
        limits=_limits(value, path),
    )
    values.check_header(news.header, path)
    values.check_sms(news.text, texts.Purpose.NEWS, f"{path}.text")
    return news


def _limits(value: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Null is no limit, and so is what the entry omits: the list is the whole list, and each entry a whole news."""
    return {
        "only_cod": values.flag(value, "only_cod", path) or False,
        "min_amount": values.amount(value, "min_amount", path),
        "payment_types": list(values.names(value, "payment_types", path) or ()),
    }
