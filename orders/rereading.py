"""Answers that a block set aside are read again once it is gone, where a person wants that; never by themselves.

They are handled as any answer, as they stand, `UNDO_SECONDS` later: until somebody begins that can be taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from messaging import inbox
from messaging.models import IncomingMessage, IncomingState
from orders import attention, blocked, unread
from orders.matching import Reason, Verdict
from orders.models import BlockedPhone, Order
from subscribers import access, audit
from subscribers.models import Subscriber, User
from work import wake

SET_ASIDE = (Reason.PHONE_BLOCKED, Reason.ORDER_BLOCKED)
MOST_AT_ONCE = 200
READ_AGAIN, TAKEN_BACK = "answer_read_again", "answer_reading_undone"


@dataclass(frozen=True, slots=True)
class Pending:
    """How many answers are about to be read again, the last of them at `until`."""

    count: int
    until: datetime


def freed(subscriber: Subscriber) -> QuerySet[IncomingMessage]:
    """The answers that were set aside for a block, and that no block sets aside any more; nobody took them up since."""
    mine = {"subscriber_id": subscriber.pk}
    sender_blocked = Exists(BlockedPhone.objects.filter(**mine, phone=OuterRef("sender")))
    shown = Order.objects.filter(**mine, steps__kind=unread.STEP, steps__incoming=OuterRef("pk"))
    held = Exists(shown.filter(blocked.of_order()))
    rows = access.of(IncomingMessage, subscriber).filter(state=IncomingState.UNMATCHED, reason__in=SET_ASIDE)
    return rows.filter(~sender_blocked, ~Q(held, reason=Reason.ORDER_BLOCKED))


def read_again(subscriber: Subscriber, *, by: User) -> int:
    """Has those of `freed` read again, the newest at most; tells how many."""
    now = timezone.now()
    with transaction.atomic():
        newest = freed(subscriber).order_by("-received_at").values_list("pk", flat=True)[:MOST_AT_ONCE]
        rows = _locked(freed(subscriber).filter(pk__in=list(newest)))
        IncomingMessage.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=IncomingState.RECEIVED,
            handled_at=None,
            due_at=now + timedelta(seconds=settings.UNDO_SECONDS),
            work_since=now,
        )
        for row in rows:
            audit.record(about=row, action=READ_AGAIN, by=by)
            attention.answer_read(row)
        wake.after_commit(inbox.ANSWER_QUEUE)
    return len(rows)


def take_back(subscriber: Subscriber, *, by: User) -> int:
    """Those that nobody has begun to read wait for a person again, as before; tells how many."""
    with transaction.atomic():
        rows = _locked(_waiting(subscriber))
        IncomingMessage.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=IncomingState.UNMATCHED, outcome=Verdict.UNMATCHED, due_at=None, work_since=None
        )
        for row in rows:
            audit.record(about=row, action=TAKEN_BACK, by=by)
            unread.ask_again(row)
    return len(rows)


def pending(subscriber: Subscriber) -> Pending | None:
    """Those that can still be taken back; None without any."""
    found = _waiting(subscriber).aggregate(count=Count("pk"), until=Max("due_at"))
    return Pending(count=found["count"], until=found["until"]) if found["count"] else None


def _waiting(subscriber: Subscriber) -> QuerySet[IncomingMessage]:
    """Being read gives an answer another reason, so one with this is only to be."""
    rows = access.of(IncomingMessage, subscriber).filter(state=IncomingState.RECEIVED, reason__in=SET_ASIDE)
    return rows.filter(due_at__isnull=False, claim__isnull=True)


def _locked(rows: QuerySet[IncomingMessage]) -> list[IncomingMessage]:
    return list(rows.select_for_update(of=("self",)).order_by("pk"))
