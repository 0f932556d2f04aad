"""What becomes a mail, and to whom: a notice once an episode, the answers that nobody took up once each together, and
about the same thing at most once in twelve hours.

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
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from integrations.ideasoft.models import Store
from integrations.netgsm.models import Account
from messaging.credit_watch import CREDIT_LOW
from messaging.models import IncomingMessage, IncomingState
from orders import blocked
from portal.models import QUEUE, TELLING, Alert, Letter, LetterState, Post
from subscribers import reach
from subscribers.models import Membership, Notice, Role, Subscriber
from subscribers.reach import Purpose
from work import wake

SETTLES = timedelta(minutes=5)
UNREAD = timedelta(days=1)
OLDEST = timedelta(days=7)  # nobody is told of what has been on the screen for longer
APART = timedelta(hours=12)
AGAIN = timedelta(hours=1)  # a mail that told nobody is written anew, but not each minute
REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What may be told: by which switch, and about what. A notice, or the answers received up to `covers_until`."""

    subscriber_id: UUID
    alert: Alert
    about_id: UUID
    notice: Notice | None = None
    covers_until: datetime | None = None

    @property
    def mark(self) -> UUID:
        """By what those who were told of it are remembered."""
        return self.notice.pk if self.notice else self.subscriber_id


def is_on(membership: Membership, alert: str) -> bool:
    """Whether the person wants to be told: as chosen, else owners do and members do not."""
    chosen = (membership.alerts or {}).get(alert)
    return membership.role == Role.OWNER if chosen is None else bool(chosen)


def look() -> int:
    """Queues the mails that are due now; tells how many."""
    now = timezone.now()
    with reach.across(Purpose.SCHEDULE), transaction.atomic():
        cases = [*_notices(now), *_answers(now)]
        subscribers = {case.subscriber_id for case in cases}
        members: dict[UUID, list[Membership]] = defaultdict(list)
        for row in Membership.objects.filter(subscriber__in=subscribers, user__is_active=True):
            members[row.subscriber_id].append(row)
        letters = _letters(cases, members, told=_told(cases, now), quiet=_quiet(subscribers, now))
        if letters:
            sending = posts({letter.subscriber_id for letter in letters})
            for letter in letters:
                letter.post = sending[letter.subscriber_id]
            Letter.objects.bulk_create(letters, ignore_conflicts=True)
            wake.after_commit(QUEUE)
    return len(letters)


def _notices(now: datetime) -> list[Case]:
    """What stands open long enough, the oldest first."""
    found = Notice.objects.filter(
        kind__in=[REFUSED, CREDIT_LOW],
        raised_at__lte=now - SETTLES,
        raised_at__gt=now - OLDEST,
        ended_at__isnull=True,
    ).exclude(subscriber__in=Subscriber.objects.filter(suspended_at__isnull=False))
    rows = list(found.order_by("raised_at", "pk"))
    keys = [row.about_id for row in rows if row.kind == REFUSED]
    kinds: dict[UUID, Alert] = dict.fromkeys(
        Store.objects.filter(pk__in=keys).values_list("pk", flat=True), Alert.STORE
    )
    kinds |= dict.fromkeys(Account.objects.filter(pk__in=keys).values_list("pk", flat=True), Alert.ACCOUNT)
    cases = []
    for row in rows:
        alert = Alert.CREDIT if row.kind == CREDIT_LOW else kinds.get(row.about_id)
        if alert is not None:
            cases.append(Case(subscriber_id=row.subscriber_id, alert=alert, about_id=row.about_id, notice=row))
    return cases


def _answers(now: datetime) -> list[Case]:
    """Whose answers nobody took up for a day, each subscriber's with the newest of them."""
    waiting = IncomingMessage.objects.filter(
        subscriber=OuterRef("pk"),
        state=IncomingState.UNMATCHED,
        received_at__lte=now - UNREAD,
        received_at__gt=now - OLDEST,
    ).exclude(reason=blocked.REASON)  # as `notices.unread` counts them
    newest = Subquery(waiting.order_by("-received_at").values("received_at")[:1])
    found = Subscriber.objects.filter(suspended_at__isnull=True).annotate(newest=newest)
    rows = found.filter(newest__isnull=False).order_by("pk").values_list("pk", "newest")
    return [Case(subscriber_id=pk, alert=Alert.ANSWERS, about_id=pk, covers_until=until) for pk, until in rows]


def _told(cases: Iterable[Case], now: datetime) -> set[tuple[UUID, UUID]]:
    """(mark, person) of every mail that told of them, is on its way, or came to nothing only just now."""
    telling = Letter.objects.filter(Q(state__in=TELLING) | Q(created_at__gt=now - AGAIN))
    notices = telling.filter(notice__in=[case.notice.pk for case in cases if case.notice])
    told = set(notices.values_list("notice_id", "user_id"))
    newest: dict[UUID, datetime] = {case.subscriber_id: case.covers_until for case in cases if case.covers_until}
    piles = telling.filter(subscriber__in=newest, covers_until__gt=now - OLDEST)
    for subscriber, user, until in piles.values_list("subscriber_id", "user_id", "covers_until"):
        if until and until >= newest[subscriber]:
            told.add((subscriber, user))
    return told


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
        for member in members.get(case.subscriber_id, ()):
            key = (member.user_id, case.alert.value, case.about_id)
            if (case.mark, member.user_id) in told or key in quiet or not is_on(member, case.alert):
                continue
            quiet.add(key)
            found.append(
                Letter(
                    subscriber_id=member.subscriber_id,
                    user_id=member.user_id,
                    alert=case.alert,
                    about_id=case.about_id,
                    notice=case.notice,
                    covers_until=case.covers_until,
                    due_at=now,
                    work_since=now,
                )
            )
    return found


def posts(subscribers: set[UUID]) -> dict[UUID, Post]:
    """The subscribers' lanes of mail, made where there is none yet."""
    Post.objects.bulk_create([Post(subscriber_id=key) for key in subscribers], ignore_conflicts=True)
    return {row.subscriber_id: row for row in Post.objects.filter(subscriber__in=subscribers)}
