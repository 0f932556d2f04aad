"""Time as the two systems write it: Europe/Istanbul, in several spellings."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

ISTANBUL: Final = ZoneInfo("Europe/Istanbul")

INBOX_DATES: Final = {
    "dd.MM.yyyy HH:mm:ss": "%d.%m.%Y %H:%M:%S",
    "yyyy-MM-dd HH:mm:ss": "%Y-%m-%d %H:%M:%S",
    "ddMMyyyyHHmm": "%d%m%Y%H%M",
    "ddMMyyyyHHmmss": "%d%m%Y%H%M%S",
}


def now() -> datetime:
    """The present moment, aware, in Turkey."""
    return datetime.now(ISTANBUL)


def parse(text: str, *formats: str) -> datetime | None:
    """The first of `formats` (strptime) that fits the whole text, read as Turkish time; None if none does."""
    for pattern in formats:
        try:
            return datetime.strptime(text, pattern).replace(tzinfo=ISTANBUL)
        except ValueError:
            continue
    return None


def parse_operator_date(text: str) -> datetime | None:
    """A date as callers of the operator write it (facts: A, the official clients' comments).

    The compact spellings are told apart by length: strptime alone reads "241120260905" both ways.
    """
    compact = {12: "%d%m%Y%H%M", 14: "%d%m%Y%H%M%S"}.get(len(text)) if text.isdigit() else None
    if compact:
        return parse(text, compact)
    return parse(text, "%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S")


def parse_iso(text: str) -> datetime:
    """An ISO 8601 moment; a naive one is Turkish time. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ISTANBUL)


def store_date(moment: datetime, style: str) -> str:
    """A store's spelling: `colon` gives +03:00, `nocolon` +0300 (facts: A, official examples hold both)."""
    text = moment.astimezone(ISTANBUL).strftime("%Y-%m-%dT%H:%M:%S%z")
    return f"{text[:-2]}:{text[-2:]}" if style == "colon" else text
