"""What belongs to the subscriber itself: who calls, the events, the credit, the figures by day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from messaging import credit, events
from messaging.models import InteractiveEvent
from messaging.tallies import Traffic
from orders import reports, story
from orders.queries import Tab
from orders.tallies import Tally as Counted
from portal.api import rates
from portal.api.callers import LARGEST_BODY
from portal.api.callers import of as caller_of
from portal.api.problems import FieldError, Problem
from portal.api.shapes import (
    CreditOut,
    Daily,
    Day,
    EventOut,
    Events,
    KeyOut,
    LimitsOut,
    Me,
    Money,
    SmsTally,
    SubscriberOut,
    Total,
)
from portal.api.wanted import Days
from portal.dashboard.periods import EARLIEST
from portal.kept_answers import KEPT
from subscribers import spans
from subscribers.spans import Grain

MOST_DAYS = 366
LATEST = date(2099, 12, 31)

router = Router(tags=["Account"])


@router.get("/me", response=Me, url_name="me", summary="Who am I?")
def me(request: HttpRequest) -> Me:
    """Whose data the key opens, what it may do, and how often."""
    caller = caller_of(request)
    subscriber, key = caller.subscriber, caller.key
    return Me(
        subscriber=SubscriberOut(
            name=subscriber.name, line=subscriber.line, suspended=subscriber.suspended_at is not None
        ),
        key=KeyOut(
            name=key.name,
            prefix=key.prefix,
            scope=key.scope,
            made_by=story.named(caller.person),
            made_at=key.created_at,
        ),
        limits=LimitsOut(
            reads_per_minute=rates.READS,
            writes_per_minute=rates.WRITES,
            page_size=100,
            body_bytes=LARGEST_BODY,
            idempotency_hours=int(KEPT / timedelta(hours=1)),
        ),
    )


@router.get("/events", response=Events, url_name="events", summary="List the interactive events")
def listed(request: HttpRequest) -> Events:
    """In the order in which they look at an incoming SMS."""
    return Events(items=[_event(row) for row in events.listed(caller_of(request).subscriber)])


@router.get("/credit", response=CreditOut, url_name="credit", summary="Read the SMS credit")
def left(request: HttpRequest) -> CreditOut:
    """As the operator said last; everything is null without an account, or where it named none."""
    found = credit.of(caller_of(request).subscriber)
    if found is None:
        return CreditOut(left=None, read_at=None, used_per_day=None, days=None, low=False)
    a_day = found.a_day.quantize(Decimal("0.01")) if found.a_day is not None else None
    return CreditOut(left=found.left, read_at=found.read_at, used_per_day=a_day, days=found.days, low=found.is_low)


@router.get("/reports/daily", response=Daily, url_name="reports_daily", summary="Read the figures by day")
def daily(request: HttpRequest, wanted: Query[Days]) -> Daily:
    """Those of the page Raporlar. Orders count on the day they were given, SMS on the day they were written."""
    _check(wanted)
    length = wanted.last - wanted.first + timedelta(days=1)
    report = reports.of(
        caller_of(request).subscriber,
        span=spans.of_days(wanted.first, wanted.last),
        before=spans.of_days(wanted.first - length, wanted.first - timedelta(days=1)),
        grain=Grain.DAY,
        store=wanted.store,
    )
    median, saved = report.now.median, report.now.saved
    return Daily(
        first=wanted.first,
        last=wanted.last,
        days=[Day(day=part.tally.on, **_tally(part.tally, part.traffic)) for part in report.parts],
        total=Total(
            **_tally(report.now.tally, report.now.traffic),
            median_answer_seconds=None if median is None else round(median.total_seconds()),
            saved=None if saved is None else Money(amount=saved, currency="TRY"),
        ),
    )


def _check(wanted: Days) -> None:
    """Raises `Problem` where there are no such days, or too many."""
    code = ""
    if not EARLIEST <= wanted.first <= LATEST or not EARLIEST <= wanted.last <= LATEST:
        field, code, detail = "from", "date_range", f"Days lie between {EARLIEST} and {LATEST}."
    elif wanted.last < wanted.first:
        field, code, detail = "to", "date_order", "The last day lies before the first."
    elif (wanted.last - wanted.first).days >= MOST_DAYS:
        field, code, detail = "to", "too_many_days", f"At most {MOST_DAYS} days."
    if code:
        raise Problem("invalid", errors=[FieldError(field=field, where="query", code=code, detail=detail)])


def _tally(tally: Counted, traffic: Traffic) -> dict[str, Any]:
    """The fields of `Tally`."""
    standing = {tab.value: tally.standing[tab] for tab in (Tab.WAITING, Tab.CONFIRMED, Tab.DECLINED, Tab.SILENT)}
    return {
        "came": tally.came,
        "asked": tally.asked,
        "agreed": tally.agreed,
        **standing,
        "closed": tally.closed,
        "expired": tally.expired,
        "spared": tally.spared,
        "sms": SmsTally(
            sent=traffic.sent,
            segments=traffic.segments,
            news=traffic.news,
            failed=traffic.failed,
            not_understood=traffic.unmatched,
            not_understood_read=traffic.read,
        ),
    }


def _event(row: InteractiveEvent) -> EventOut:
    return EventOut(
        id=row.pk,
        kind=row.kind,
        store=row.store.code,
        priority=row.priority,
        on=row.is_on,
        keyword=row.keyword or "Onay",
        header=row.header,
        question_mode=row.question_mode,
        question_text=row.question_text or None,
        reply_text=row.reply_text,
        other_phone=row.other_phone,
        cancels_declined=row.cancels_declined,
        confirming_words=row.confirming_words,
        refusal_words=row.refusal_words,
    )
