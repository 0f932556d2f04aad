"""Which notices become mails, and to whom: once an episode, and about the same thing at most once in twelve hours.

Looked at every minute (`portal.tells`): a notice has to stand for some minutes first, since much mends itself. A store
that flaps raises a notice each time it breaks; only one that still stands when the last mail is old enough is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from integrations.ideasoft.models import Store
from integrations.netgsm.models import Account
from messaging.credit_watch import CREDIT_LOW
from portal.models import QUEUE, Alert, Letter, LetterState, Post
from subscribers import reach
from subscribers.models import Membership, Notice, Role, Subscriber
from subscribers.reach import Purpose
from work import wake

SETTLES = timedelta(minutes=5)
UNREAD = timedelta(days=1)
OLDEST = timedelta(days=7)  # nobody is told of what has been on the screen for longer
APART = timedelta(hours=12)
REFUSED, NOT_UNDERSTOOD = "refused", "answer_not_understood"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A notice as mails see it: which switch it is under, and about what."""

    notice: Notice
    alert: Alert
    about_id: UUID


def is_on(membership: Membership, alert: str) -> bool:
    """Whether the person wants to be told: as chosen, else owners do and members do not."""
    chosen = (membership.alerts or {}).get(alert)
    return membership.role == Role.OWNER if chosen is None else bool(chosen)


def look() -> int:
    """Queues the mails that are due now; tells how many."""
    now = timezone.now()
    with reach.across(Purpose.SCHEDULE), transaction.atomic():
        cases = _cases(now)
        subscribers = {case.notice.subscriber_id for case in cases}
        members: dict[UUID, list[Membership]] = defaultdict(list)
        for row in Membership.objects.filter(subscriber__in=subscribers, user__is_active=True):
            members[row.subscriber_id].append(row)
        letters = _letters(cases, members, told=_told(cases), quiet=_quiet(subscribers, now))
        if letters:
            posts = _posts({letter.subscriber_id for letter in letters})
            for letter in letters:
                letter.post = posts[letter.subscriber_id]
            Letter.objects.bulk_create(letters, ignore_conflicts=True)
            wake.after_commit(QUEUE)
    return len(letters)


def _cases(now: datetime) -> list[Case]:
    """What stands open long enough, the oldest first."""
    soon, late = (
        Q(kind__in=[REFUSED, CREDIT_LOW], raised_at__lte=now - SETTLES),
        Q(kind=NOT_UNDERSTOOD, raised_at__lte=now - UNREAD),
    )
    found = Notice.objects.filter(soon | late, ended_at__isnull=True, raised_at__gt=now - OLDEST)
    found = found.exclude(subscriber__in=Subscriber.objects.filter(suspended_at__isnull=False))
    rows = list(found.order_by("raised_at", "pk"))
    keys = [row.about_id for row in rows if row.kind == REFUSED]
    kinds: dict[UUID, Alert] = dict.fromkeys(
        Store.objects.filter(pk__in=keys).values_list("pk", flat=True), Alert.STORE
    )
    kinds |= dict.fromkeys(Account.objects.filter(pk__in=keys).values_list("pk", flat=True), Alert.ACCOUNT)
    cases = []
    for row in rows:
        if row.kind == NOT_UNDERSTOOD:
            cases.append(Case(notice=row, alert=Alert.ANSWERS, about_id=row.subscriber_id))
        elif row.kind == CREDIT_LOW:
            cases.append(Case(notice=row, alert=Alert.CREDIT, about_id=row.about_id))
        elif row.about_id in kinds:
            cases.append(Case(notice=row, alert=kinds[row.about_id], about_id=row.about_id))
    return cases


def _told(cases: Iterable[Case]) -> set[tuple[UUID, UUID]]:
    """(notice, person) of every mail there is about them, whatever became of it."""
    mine = Letter.objects.filter(notice__in=[case.notice.pk for case in cases])
    return set(mine.values_list("notice_id", "user_id"))


def _quiet(subscribers: Iterable[UUID], now: datetime) -> set[tuple[UUID, str, UUID]]:
    """(person, alert, about) of what is on its way, or was told too short a time ago."""
    recent = Q(state=LetterState.DUE) | Q(sent_at__gt=now - APART)
    mine = Letter.objects.filter(recent, subscriber__in=subscribers)
    return set(mine.values_list("user_id", "alert", "about_id"))


def _letters(
    cases: Iterable[Case],
    members: Mapping[UUID, Iterable[Membership]],
    *,
    told: set[tuple[UUID, UUID]],
    quiet: set[tuple[UUID, str, UUID]],
) -> list[Letter]:
    """The mails to be written, each without its post."""
    found, now = [], timezone.now()
    for case in cases:
        for member in members.get(case.notice.subscriber_id, ()):
            key = (member.user_id, case.alert.value, case.about_id)
            if (case.notice.pk, member.user_id) in told or key in quiet or not is_on(member, case.alert):
                continue
            quiet.add(key)
            facts = {"notice": case.notice, "alert": case.alert, "about_id": case.about_id}
            mine = {"subscriber_id": member.subscriber_id, "user_id": member.user_id}
            found.append(Letter(**mine, **facts, due_at=now, work_since=now))
    return found


def _posts(subscribers: set[UUID]) -> dict[UUID, Post]:
    Post.objects.bulk_create([Post(subscriber_id=key) for key in subscribers], ignore_conflicts=True)
    return {row.subscriber_id: row for row in Post.objects.filter(subscriber__in=subscribers)}
