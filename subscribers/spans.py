"""Spans of the shop's own calendar, cut into hours, days, weeks and months.

Plain values; what asks the database about several spans at once finds here how to tell their rows apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.db.models import Case, DateTimeField, IntegerField, Q, Value, When
from django.db.models.functions import Trunc
from django.utils import timezone

MOST_DAYS_APART = 45
MOST_WEEKS_APART = 30


class Grain(StrEnum):
    """How finely a span is cut; the words are those of `date_trunc`."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From `since` on, `until` itself left out."""

    since: datetime
    until: datetime

    @property
    def days(self) -> int:
        """How many days it touches."""
        last = timezone.localtime(self.until - timedelta(microseconds=1)).date()
        return (last - timezone.localtime(self.since).date()).days + 1


def midnight(day: date) -> datetime:
    """The beginning of a day where the shop is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def of_days(first: date, last: date) -> Span:
    """Whole days, the last one included."""
    return Span(since=midnight(first), until=midnight(last + timedelta(days=1)))


def grain_of(span: Span) -> Grain:
    """As fine as can still be looked at: one day by its hours, some weeks by their days, then weeks and months."""
    if span.days == 1:
        return Grain.HOUR
    if span.days <= MOST_DAYS_APART:
        return Grain.DAY
    return Grain.WEEK if span.days <= 7 * MOST_WEEKS_APART else Grain.MONTH


def starts(span: Span, grain: Grain) -> list[datetime]:
    """When each part of the span begins, the oldest first; the first may begin before the span itself."""
    at, found = _start(timezone.localtime(span.since), grain), []
    while at < span.until:
        found.append(at)
        at = _next(at, grain)
    return found


def _start(local: datetime, grain: Grain) -> datetime:
    if grain == Grain.HOUR:
        return local.replace(minute=0, second=0, microsecond=0)
    day = local.date()
    if grain == Grain.WEEK:
        day -= timedelta(days=day.weekday())
    return midnight(day.replace(day=1) if grain == Grain.MONTH else day)


def _next(at: datetime, grain: Grain) -> datetime:
    if grain == Grain.HOUR:
        return timezone.localtime(at + timedelta(hours=1))
    day = at.date()
    if grain == Grain.MONTH:
        return midnight((day.replace(day=1) + timedelta(days=32)).replace(day=1))
    return midnight(day + timedelta(days=7 if grain == Grain.WEEK else 1))


def start_of(field: str, grain: Grain) -> Trunc:
    """Of a row: when the part begins that `field` lies in, on the shop's clock."""
    return Trunc(field, grain.value, output_field=DateTimeField())


def within(field: str, spans: Sequence[Span]) -> Q:
    """The rows whose `field` lies in one of the spans."""
    wanted = Q()
    for span in spans:
        wanted |= _in(field, span)
    return wanted


def number_of(field: str, spans: Sequence[Span]) -> Case:
    """Of a row: in which of the spans its `field` lies, by its place among them."""
    numbered = [When(_in(field, span), then=Value(number)) for number, span in enumerate(spans)]
    return Case(*numbered, output_field=IntegerField())


def _in(field: str, span: Span) -> Q:
    return Q(**{f"{field}__gte": span.since, f"{field}__lt": span.until})
