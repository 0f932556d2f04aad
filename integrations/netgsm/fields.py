"""The field names of the operator's messages, in every spelling seen, matched without regard to case."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from integrations import phones
from integrations.documents import Unreadable
from integrations.netgsm import times
from integrations.netgsm.payloads import Incoming, Report

# Facts: push B (old and new shape), polling A.
TEXT = ("content", "mesaj", "message", "msg", "text")
SENDER = ("sourcenumber", "ceptel", "sender", "gsmno", "orjinator", "no")
LINE = ("subscribernumber", "aboneno", "receiver", "line")
SENT_AT = ("messagedatetime", "tarih", "datetime", "date")
EXTERNAL_ID = ("messageid", "gorevid")
JOB = ("jobid", "gorevid", "bulkid")
NUMBER = ("number", "no", "gsmno", "telno")
STATUS = ("status", "durum", "state")
REPORTED_AT = ("delivereddate", "deliverydate", "iletimtarihi", "tarih", "date")

LONGEST_TEXT = 8192
# What the columns of an incoming message hold; the whole is kept raw.
LONGEST_SENDER = 60
LONGEST_ID = 100


def incoming(raw: Mapping[str, Any], *, own_line: str = "") -> Incoming:
    """A message from its fields; `own_line` where the operator leaves the receiver out. Raises Unreadable."""
    folded = fold(raw)
    text = _required(folded, TEXT, "content")
    if len(text) > LONGEST_TEXT:
        raise Unreadable("content", "too long")
    sender_raw = _required(folded, SENDER, "sourceNumber")[:LONGEST_SENDER]
    return Incoming(
        text=text,
        sender=phones.any_number(sender_raw),
        sender_raw=sender_raw,
        line=_line(folded, own_line),
        sent_at=_time(folded, SENT_AT),
        external_id=(first(folded, EXTERNAL_ID) or "")[:LONGEST_ID],
        raw=dict(raw),
    )


def report(raw: Mapping[str, Any]) -> Report:
    """A delivery report from its fields. Raises Unreadable without a job or a status."""
    folded = fold(raw)
    status = _required(folded, STATUS, "status")
    if not (status.isascii() and status.isdigit() and len(status) <= 6):
        raise Unreadable("status", "not a number")
    return Report(
        jobid=_required(folded, JOB, "jobid")[:LONGEST_ID],
        phone=phones.any_number(first(folded, NUMBER) or ""),
        status=int(status),
        at=_time(folded, REPORTED_AT),
        raw=dict(raw),
    )


def fold(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The fields by their names in lower case. A Turkish capital İ in a name loses its dot on the way."""
    return {name.strip().lower().replace("\u0307", ""): value for name, value in raw.items()}


def first(folded: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    """The first of the named fields that holds a string or a number, as text; None if none does."""
    for name in names:
        value = folded.get(name)
        if isinstance(value, bool) or value is None:
            continue
        if isinstance(value, str):
            return value
        if isinstance(value, int | float):
            return _digits(value)
    return None


def _digits(number: int | float) -> str:
    """A number without exponent or fraction: 5321234567.0 is a phone. "" where it is beyond any id."""
    if abs(number) >= 10**40:
        return ""
    return str(int(number)) if number == int(number) else str(number)


def _required(folded: Mapping[str, Any], names: tuple[str, ...], field: str) -> str:
    value = first(folded, names)
    if value is None:
        raise Unreadable(field, "missing")
    return value.strip() if names is not TEXT else value


def _line(folded: Mapping[str, Any], own_line: str) -> str:
    named = first(folded, LINE)
    if not named and not own_line:
        raise Unreadable("subscriberNumber", "missing")
    for candidate in (named, own_line):
        try:
            return phones.line(candidate or "")
        except ValueError:
            continue
    raise Unreadable("subscriberNumber", "not a line of ten digits")


def _time(folded: Mapping[str, Any], names: tuple[str, ...]) -> datetime | None:
    return times.read(first(folded, names) or "")
