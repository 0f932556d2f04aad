"""The operator's many spellings of one time. All of them are Turkish local time (Europe/Istanbul)."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

ISTANBUL = ZoneInfo("Europe/Istanbul")
LONGEST = 40

_CLOCK = r"(?:[ T,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?)"
_ZONE = r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
_SPELLINGS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"(?P<day>\d{{1,2}})[./-](?P<month>\d{{1,2}})[./-](?P<year>\d{{4}}){_CLOCK}{_ZONE}",
        rf"(?P<year>\d{{4}})[./-](?P<month>\d{{1,2}})[./-](?P<day>\d{{1,2}}){_CLOCK}{_ZONE}",
        r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4})(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?",
    )
)


def read(raw: str) -> datetime | None:
    """The time as an aware datetime in UTC, or None where it is none of the spellings seen.

    `dd.MM.yyyy HH:mm[:ss]`, `yyyy-MM-dd HH:mm[:ss]` (also with T, fractions and an offset),
    `ddMMyyyyHHmm[ss]` (facts: A, B). Fractions of a second are dropped: not every way the operator tells a
    time carries them.
    """
    text = raw.strip()
    if len(text) > LONGEST:
        return None
    for spelling in _SPELLINGS:
        match = spelling.fullmatch(text)
        if match:
            return _time(match.groupdict())
    return None


def write_seconds(at: datetime) -> str:
    """`ddMMyyyyHHmmss`, of the window of `inbox` (A, official client)."""
    return at.astimezone(ISTANBUL).strftime("%d%m%Y%H%M%S")


def write_dotted(at: datetime) -> str:
    """`dd.MM.yyyy HH:mm:ss`, of the window of `report` (A, official client)."""
    return at.astimezone(ISTANBUL).strftime("%d.%m.%Y %H:%M:%S")


def _time(parts: dict[str, str | None]) -> datetime | None:
    names = ("year", "month", "day", "hour", "minute", "second")
    year, month, day, hour, minute, second = (int(parts[name] or 0) for name in names)
    zone = parts.get("zone")
    try:
        if zone:
            spelled = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}"
            return datetime.fromisoformat(spelled).astimezone(UTC)
        return datetime(year, month, day, hour, minute, second, tzinfo=ISTANBUL).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
