"""Reads for screens: messages by the phone they came from or went to, as one conversation each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, F, Max, When
from django.http import Http404

from messaging.models import IncomingMessage, IncomingState, OutgoingMessage
from messaging.queries import Box, Sms, found, incoming_of, incoming_sms, outgoing_of, outgoing_sms
from subscribers import access
from subscribers.models import Subscriber

_WHO = Case(When(sender="", then=F("sender_raw")), default=F("sender"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """All messages with one phone: the newest one of them, and how many of its answers nobody understood."""

    phone: str
    last: Sms
    unmatched: int


class Conversations:
    """The conversations of one subscriber, the one that moved last first: counted, and cut into pages.

    Where something is looked for, those that hold it, each by the newest message that does.
    """

    def __init__(self, subscriber: Subscriber, *, typed: str = "") -> None:
        self._subscriber = subscriber
        self._incoming = found(incoming_of(subscriber, Box.ALL), typed, "sender").annotate(who=_WHO)
        self._outgoing = found(outgoing_of(subscriber, Box.ALL), typed, "phone").annotate(who=F("phone"))

    def __len__(self) -> int:
        ((count,),) = self._asked("SELECT count(DISTINCT who) FROM ({both}) AS each", [])
        return int(count)

    count = __len__

    def __getitem__(self, part: slice) -> list[Conversation]:
        statement = "SELECT who FROM ({both}) AS each GROUP BY who ORDER BY max(last) DESC, who LIMIT %s OFFSET %s"
        phones = [who for (who,) in self._asked(statement, [part.stop - part.start, part.start])]
        newest = self._newest(phones)
        unmatched = _unmatched(self._subscriber, phones)
        return [Conversation(phone=who, last=newest[who], unmatched=unmatched[who]) for who in phones if who in newest]

    def _asked(self, statement: str, values: list[int]) -> list[tuple[Any, ...]]:
        """Django groups no union, so the two halves, each grouped by phone, are put together here."""
        came = self._incoming.order_by().values("who").annotate(last=Max("received_at"))
        went = self._outgoing.order_by().values("who").annotate(last=Max("created_at"))
        (one, one_values), (other, other_values) = (half.query.sql_with_params() for half in (came, went))
        both = f"({one}) UNION ALL ({other})"
        with connection.cursor() as cursor:
            cursor.execute(statement.format(both=both), [*one_values, *other_values, *values])
            return list(cursor.fetchall())

    def _newest(self, phones: Collection[str]) -> dict[str, Sms]:
        came = self._incoming.filter(who__in=phones).select_related("event")
        went = self._outgoing.filter(who__in=phones)
        told: dict[str, Sms] = {}
        for sms in [
            *map(incoming_sms, came.order_by("who", "-received_at", "-pk").distinct("who")),
            *map(outgoing_sms, went.order_by("who", "-created_at", "-pk").distinct("who")),
        ]:
            if sms.phone not in told or told[sms.phone].at < sms.at:
                told[sms.phone] = sms
        return told


def phone_of(subscriber: Subscriber, key: UUID) -> str:
    """With whom the conversation is that a message belongs to: E.164, or what the operator named. Raises `Http404`."""
    came = access.of(IncomingMessage, subscriber).filter(pk=key).annotate(who=_WHO)
    went = access.of(OutgoingMessage, subscriber).filter(pk=key).annotate(who=F("phone"))
    for who in came.order_by().values_list("who", flat=True).union(went.order_by().values_list("who", flat=True)):
        return str(who)
    raise Http404


def _unmatched(subscriber: Subscriber, phones: Collection[str]) -> Counter[str]:
    rows = access.of(IncomingMessage, subscriber).filter(state=IncomingState.UNMATCHED)
    return Counter(rows.annotate(who=_WHO).filter(who__in=phones).values_list("who", flat=True))
