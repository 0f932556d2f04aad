"""How many SMS went out and what became of them, and how many answers nobody understood, by the parts of a span."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from messaging.credit import NEVER_LEFT
from messaging.models import NOT_UNDERSTOOD, READ_BY_A_PERSON, IncomingMessage, IncomingState, OutgoingMessage, Purpose
from messaging.outbox import FAILED
from subscribers import access, spans
from subscribers.models import Subscriber
from subscribers.spans import Grain, Span


@dataclass(slots=True, kw_only=True)
class Traffic:
    """SMS `sent`, in so many `segments`; `failed`, as the box of that name counts them; answers not understood.

    `news` of those sent were order news, `read` of the `unmatched` ones a person has handled since.
    """

    sent: int = 0
    segments: int = 0
    news: int = 0
    failed: int = 0
    unmatched: int = 0
    read: int = 0


def total(parts: Sequence[Traffic]) -> Traffic:
    """All of them as one."""
    return Traffic(
        sent=sum(part.sent for part in parts),
        segments=sum(part.segments for part in parts),
        news=sum(part.news for part in parts),
        failed=sum(part.failed for part in parts),
        unmatched=sum(part.unmatched for part in parts),
        read=sum(part.read for part in parts),
    )


def by_grain(
    subscriber: Subscriber, wanted: Sequence[Span], grain: Grain, *, about: QuerySet[Any] | None = None
) -> list[dict[datetime, Traffic]]:
    """For each span its parts by when they begin. `about`: only messages about the rows of these keys.

    Where it is given, answers are left out: nobody knows what one is about that was not understood.
    """
    told = [{at: Traffic() for at in spans.starts(span, grain)} for span in wanted]
    went = access.of(OutgoingMessage, subscriber)
    if about is not None:
        went = went.filter(about__in=about)
    for number, at, state, count, segments, news, failed in _counted(went, "created_at", wanted, grain).annotate(
        count=Count("pk"),
        taken=Sum("segments"),
        news=Count("pk", filter=Q(purpose=Purpose.NEWS)),
        failed=Count("pk", filter=FAILED),
    ):
        part = told[number][at]
        part.sent += count if state not in NEVER_LEFT else 0
        part.segments += segments if state not in NEVER_LEFT else 0
        part.news += news if state not in NEVER_LEFT else 0
        part.failed += failed
    if about is None:
        not_understood = Q(state=IncomingState.UNMATCHED) | Q(outcome__in=NOT_UNDERSTOOD)
        came = access.of(IncomingMessage, subscriber).filter(not_understood)
        for number, at, _state, count, read in _counted(came, "received_at", wanted, grain).annotate(
            count=Count("pk"), read=Count("pk", filter=Q(outcome__in=READ_BY_A_PERSON))
        ):
            part = told[number][at]
            part.unmatched += count
            part.read += read
    return told


def _counted(rows: QuerySet[Any], field: str, wanted: Sequence[Span], grain: Grain) -> QuerySet[Any, Any]:
    """In groups of span, part and state."""
    inside = rows.filter(spans.within(field, wanted)).annotate(
        number=spans.number_of(field, wanted), part=spans.start_of(field, grain)
    )
    grouped: QuerySet[Any, Any] = inside.order_by().values_list("number", "part", "state")
    return grouped
