"""Reads for screens: messages in and out as plain values."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value

from messaging import outbox, search
from messaging.models import IncomingMessage, IncomingState, OutgoingMessage
from subscribers import access, paging
from subscribers.models import Subscriber
from subscribers.paging import Place

MOST_COUNTED = 10_000
_COUNT = "(SELECT count(*) FROM ({rows}) AS part)"


_Key = tuple[uuid.UUID, datetime, str]  # of a message: when, and which way it went


class Box(StrEnum):
    """Which messages a list shows."""

    ALL = "all"
    INCOMING = "in"
    UNMATCHED = "unmatched"
    OUTGOING = "out"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms:
    """One message, either way.

    `phone` is E.164, or what the operator named where that is no number. `at`: when it came or was queued. `reason`,
    `trace`, `event` of an incoming one say what it was taken for; `purpose`, `header`, `segments`, `code`,
    `report_status`, the times, `due_at` and `last_failure` of an outgoing one how far it got. `by` names the person
    who asked for it. `is_replaced`, in a list of messages: another was sent in its place.
    """

    id: uuid.UUID
    is_incoming: bool
    phone: str
    text: str
    state: str
    at: datetime
    sent_at: datetime | None = None
    settled_at: datetime | None = None
    event: str = ""
    outcome: str = ""
    reason: str = ""
    trace: tuple[dict[str, Any], ...] = ()
    purpose: str = ""
    header: str = ""
    segments: int = 0
    code: str = ""
    report_status: int | None = None
    due_at: datetime | None = None
    last_failure: str = ""
    is_replaced: bool = False


def incoming_sms(row: IncomingMessage) -> Sms:
    """A row of the inbox as a value; its `event` must have been fetched with it."""
    return Sms(
        id=row.id,
        is_incoming=True,
        phone=row.sender or row.sender_raw,
        text=row.text,
        state=row.state,
        at=row.received_at,
        sent_at=row.sent_at,
        settled_at=row.handled_at,
        event=str(row.event) if row.event else "",
        outcome=row.outcome,
        reason=row.reason,
        trace=tuple(row.trace),
        due_at=row.due_at,
        last_failure=row.last_failure,
    )


def outgoing_sms(row: OutgoingMessage) -> Sms:
    """A row of the outbox as a value."""
    return Sms(
        id=row.id,
        is_incoming=False,
        phone=row.phone,
        text=row.text,
        state=row.state,
        at=row.created_at,
        sent_at=row.sent_at,
        settled_at=row.reported_at or row.settled_at,
        purpose=row.purpose,
        header=row.header,
        segments=row.segments,
        code=row.code,
        report_status=row.report_status,
        due_at=row.due_at,
        last_failure=row.last_failure,
    )


class Messages:
    """The messages of one subscriber in one box, newest first: counted, and cut into pages as a paginator asks."""

    def __init__(
        self,
        subscriber: Subscriber,
        *,
        box: Box = Box.ALL,
        typed: str = "",
        phone: str = "",
        keys: Collection[uuid.UUID] | None = None,
        most: int = MOST_COUNTED,
    ) -> None:
        """`phone`: only the messages with that phone, as a message names it. `keys`: only these, None for all.

        `most`: they are counted no further.
        """
        self.most = most
        self._incoming = found(incoming_of(subscriber, box), typed, "sender")
        self._outgoing = found(outgoing_of(subscriber, box), typed, "phone")
        if phone:
            self._incoming = self._incoming.filter(Q(sender=phone) | Q(sender="", sender_raw=phone))
            self._outgoing = self._outgoing.filter(phone=phone)
        if keys is not None:
            self._incoming, self._outgoing = self._incoming.filter(pk__in=keys), self._outgoing.filter(pk__in=keys)

    def __len__(self) -> int:
        return min(sum(_counted([self._incoming, self._outgoing], self.most)), self.most)

    count = __len__

    def __getitem__(self, part: slice) -> list[Sms]:
        return self._fetched(list(self._keys()[part]))

    def after(self, place: Place | None, count: int) -> list[Sms]:
        """So many behind that place, the newest first: the same ones, whatever came meanwhile."""
        came = paging.beyond(self._incoming, "received_at", place).values_list("id", "received_at")[:count]
        went = paging.beyond(self._outgoing, "created_at", place).values_list("id", "created_at")[:count]
        keys: list[_Key] = [*((key, at, "in") for key, at in came), *((key, at, "out") for key, at in went)]
        keys.sort(key=lambda each: (-each[1].timestamp(), each[0]))
        return self._fetched(keys[:count])

    def at(self, place: int) -> datetime | None:
        """When the message at that place, the newest being 0, came or was queued; None where there is none."""
        return next((at for _, at, _ in self._keys()[place : place + 1]), None)

    def chunks(self, size: int) -> Iterator[list[Sms]]:
        """All of them, read by a cursor, so many at a time: call it within the transaction that holds the cursor."""
        keys = self._keys().iterator(chunk_size=size)
        while part := list(islice(keys, size)):
            yield self._fetched(part)

    def _keys(self) -> QuerySet[Any, _Key]:
        came = self._incoming.annotate(at=F("received_at"), way=Value("in", CharField()))
        went = self._outgoing.annotate(at=F("created_at"), way=Value("out", CharField()))
        columns = ("id", "at", "way")
        both: QuerySet[Any, _Key] = came.values_list(*columns).union(went.values_list(*columns), all=True)
        return both.order_by("-at", "id")

    def _fetched(self, keys: Collection[_Key]) -> list[Sms]:
        went = self._outgoing.filter(pk__in=_ids(keys, "out")).annotate(
            is_replaced=Exists(OutgoingMessage.objects.filter(replaces=OuterRef("pk")))
        )
        rows = {
            **_by_id(map(incoming_sms, self._incoming.filter(pk__in=_ids(keys, "in")).select_related("event"))),
            **_by_id(replace(outgoing_sms(row), is_replaced=row.is_replaced) for row in went),
        }
        return [rows[key] for key, *_ in keys if key in rows]


def counts(subscriber: Subscriber) -> dict[Box, int]:
    """How many messages each box holds; `MOST_COUNTED` means that many or more, for the list asks every few seconds."""
    rows: dict[Box, QuerySet[Any]] = {
        Box.INCOMING: incoming_of(subscriber, Box.INCOMING),
        Box.OUTGOING: outgoing_of(subscriber, Box.OUTGOING),
        Box.UNMATCHED: incoming_of(subscriber, Box.UNMATCHED),
        Box.FAILED: outgoing_of(subscriber, Box.FAILED),
    }
    told = dict(zip(rows, _counted(rows.values()), strict=True))
    return {Box.ALL: min(told[Box.INCOMING] + told[Box.OUTGOING], MOST_COUNTED), **told}


def replaced(subscriber: Subscriber, messages: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these outgoing messages that another was sent in place of."""
    again = access.of(OutgoingMessage, subscriber).filter(replaces__in=list(messages))
    return {lost for lost in again.values_list("replaces_id", flat=True) if lost}


def _counted(each: Iterable[QuerySet[Any]], most: int = MOST_COUNTED) -> list[int]:
    """How many rows each has, up to `most`, by one statement."""
    parts = [rows.order_by().values("pk")[:most].query.sql_with_params() for rows in each if not rows.query.is_empty()]
    counts = ", ".join(_COUNT.format(rows=statement) for statement, _ in parts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + counts, [value for _, values in parts for value in values])
        return list(cursor.fetchone())


def incoming_of(subscriber: Subscriber, box: Box) -> QuerySet[IncomingMessage]:
    """The incoming messages of a box."""
    rows = access.of(IncomingMessage, subscriber)
    if box == Box.UNMATCHED:
        return rows.filter(state=IncomingState.UNMATCHED)
    return rows if box in (Box.ALL, Box.INCOMING) else rows.none()


def outgoing_of(subscriber: Subscriber, box: Box) -> QuerySet[OutgoingMessage]:
    """The outgoing messages of a box."""
    rows = access.of(OutgoingMessage, subscriber)
    if box == Box.FAILED:
        return rows.filter(outbox.FAILED)
    return rows if box in (Box.ALL, Box.OUTGOING) else rows.none()


def found(rows: QuerySet[Any], typed: str, phone_field: str) -> QuerySet[Any]:
    """Those whose text or phone holds what a person typed."""
    if not typed.strip():
        return rows
    wanted = Q(text__regex=search.pattern(typed))
    if digits := search.phone_digits(typed):
        wanted |= Q(**{f"{phone_field}__contains": digits})
    return rows.filter(wanted)


def _ids(keys: Iterable[_Key], way: str) -> list[uuid.UUID]:
    return [key for key, _, kind in keys if kind == way]


def _by_id(messages: Iterable[Sms]) -> dict[uuid.UUID, Sms]:
    return {message.id: message for message in messages}
