"""Delivery reports: asked for in pages, within the operator's limits, and applied so that nothing goes backwards.

Strictest documented limits (facts: A): 10 queries a minute and account (`quota.py`), 50 jobs a call, each job once a
minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import Count, F, Min, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from integrations import setbacks
from integrations.failures import Failure
from integrations.netgsm import client, credentials
from integrations.netgsm.codes import Outcome
from integrations.netgsm.models import Account, AccountErrand, ErrandKind
from integrations.netgsm.payloads import Report, ReportPage
from messaging import quota
from messaging.models import OutgoingMessage, OutgoingState
from messaging.quota import Quota
from work import queues
from work.claims import Claim

log = structlog.get_logger(__name__)

JOBS_A_CALL = 50
PAGES_OF_JOBS = 8
PAGE = 100
MOST_UNKNOWN = 500
WINDOW = timedelta(hours=48)
UNKNOWN_WINDOW = timedelta(hours=24)
EARLY = timedelta(minutes=1)
LATE = timedelta(minutes=5)
TOGETHER = timedelta(minutes=10)

_OPEN = (OutgoingState.ACCEPTED, OutgoingState.UNKNOWN)
_STATES = {Outcome.DELIVERED: OutgoingState.DELIVERED, Outcome.UNDELIVERED: OutgoingState.UNDELIVERED}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    id: str
    first_sent_at: datetime


def ask(claim: Claim[AccountErrand]) -> None:
    """Asks for one account's open reports and comes again after `REPORT_POLL_SECONDS`."""
    (errand,) = claim.rows
    account, left = errand.account, quota.of(errand)
    try:
        _ask_jobs(account, left)
        _look_for_unknown(account, left)
    except Failure as failure:
        setbacks.put_off(claim, errand, account, failure)
        return
    setbacks.went_well(claim, account)
    close_old(account)
    claim.reschedule(errand, at=Now() + timedelta(seconds=settings.REPORT_POLL_SECONDS), done_at=timezone.now())


def apply(account: Account, report: Report) -> int:
    """Writes one report to its message and tells how many rows it moved: a terminal state never goes back.

    A report of delivery settles what was thought undelivered; nothing settles what was delivered.
    """
    state = _STATES.get(report.delivery.outcome)
    if state is None:
        return 0
    from_states = [*_OPEN, OutgoingState.UNREPORTED]
    if state == OutgoingState.DELIVERED:
        from_states.append(OutgoingState.UNDELIVERED)
    messages = OutgoingMessage.objects.filter(account=account, job_id=report.jobid, phone=report.phone)
    now = timezone.now()
    return messages.filter(state__in=from_states).update(
        state=state, report_status=report.status, reported_at=report.at or now, settled_at=now
    )


def close_old(account: Account) -> None:
    """What no report came for within the window ends visibly; `unknown` stays so, for a person to decide."""
    old = OutgoingMessage.objects.filter(account=account, sent_at__lt=timezone.now() - WINDOW)
    old.filter(state=OutgoingState.ACCEPTED).update(state=OutgoingState.UNREPORTED, settled_at=timezone.now())
    quiet = Q(settled_at__isnull=True, sent_at__lt=timezone.now() - UNKNOWN_WINDOW, state=OutgoingState.UNKNOWN)
    OutgoingMessage.objects.filter(quiet, account=account).update(settled_at=timezone.now())


def _ask_jobs(account: Account, left: Quota) -> None:
    pages = min(PAGES_OF_JOBS, left.left())
    jobs = _due_jobs(account, pages) if pages else []
    if not jobs:
        return
    since = min(job.first_sent_at for job in jobs) - timedelta(minutes=10)
    ids = [job.id for job in jobs]
    OutgoingMessage.objects.filter(account=account, job_id__in=ids).update(report_asked_at=timezone.now())
    for report in _ask(account, left, jobids=ids, start_at=since, most=pages).reports:
        apply(account, report)


def _due_jobs(account: Account, pages: int) -> list[_Job]:
    """Up to 50 jobs not asked within a minute, longest unasked first, no more messages than `pages` hold."""
    rows = (
        _due(account, OutgoingState.ACCEPTED, WINDOW)
        .exclude(job_id="")
        .values("job_id")
        .annotate(first=Min("sent_at"), size=Count("pk"), asked=Min("report_asked_at"))
        .order_by(F("asked").asc(nulls_first=True), "first")
        .values_list("job_id", "first", "size")[:JOBS_A_CALL]
    )
    chosen: list[_Job] = []
    size = 0
    for job_id, first_sent_at, count in rows:
        size += count
        if chosen and size > pages * PAGE:
            break
        chosen.append(_Job(id=job_id, first_sent_at=first_sent_at))
    return chosen


def _look_for_unknown(account: Account, left: Quota) -> None:
    """Looks for `unknown` messages in the account's reports of their time, longest unasked first.

    No job id ever came for them, so a report settles one only if its phone and time fit, its job is none of ours, and
    one unknown message alone may be meant (facts: I).
    """
    found = _due(account, OutgoingState.UNKNOWN, UNKNOWN_WINDOW).filter(job_id="")
    rows = list(found.order_by(F("report_asked_at").asc(nulls_first=True), "sent_at")[:MOST_UNKNOWN])
    while rows and left.left():
        first = _sent_at(rows[0])
        _look(account, left, [row for row in rows if abs(_sent_at(row) - first) <= TOGETHER])
        rows = [row for row in rows if abs(_sent_at(row) - first) > TOGETHER]


def _look(account: Account, left: Quota, rows: list[OutgoingMessage]) -> None:
    """Looks for messages of one time; settles none where the reports of that time could not all be read."""
    now = timezone.now()
    OutgoingMessage.objects.filter(pk__in=[row.pk for row in rows]).update(report_asked_at=now)
    sent_at = [_sent_at(row) for row in rows]
    answer = _ask(account, left, start_at=min(sent_at) - 2 * EARLY, stop_at=max(sent_at) + LATE + EARLY)
    if answer.more:
        log.info("unknown_not_looked_through", account=str(account.pk), reports=len(answer.reports))
        return
    # Before the known jobs are read: who gets a job id meanwhile is then a rival, or known, or both.
    alone = _alone(account)
    known = _known(account, answer.reports)
    for row in rows:
        if row.phone in alone:
            _settle(account, row, [report for report in answer.reports if (report.jobid, report.phone) not in known])


def _alone(account: Account) -> set[str]:
    """The phones to which one message alone may have left without a job id: unknown by now, or still being sent."""
    since = timezone.now() - UNKNOWN_WINDOW
    without_job = OutgoingMessage.objects.filter(
        account=account, state__in=[OutgoingState.UNKNOWN, OutgoingState.SENDING], sent_at__gt=since, job_id=""
    )
    counted = without_job.values("phone").annotate(messages=Count("pk"))
    return {row["phone"] for row in counted if row["messages"] == 1}


def _known(account: Account, found: list[Report]) -> set[tuple[str, str]]:
    """The jobs and phones of these reports that are messages of ours already."""
    ours = OutgoingMessage.objects.filter(account=account, job_id__in={report.jobid for report in found})
    return set(ours.values_list("job_id", "phone"))


def _settle(account: Account, row: OutgoingMessage, found: list[Report]) -> None:
    """The one report that fits is the message's. One without a time fits nothing, yet may be the true one."""
    mine = [report for report in found if report.phone == row.phone and _may_be(row, report)]
    if len(mine) != 1 or mine[0].at is None:
        return
    OutgoingMessage.objects.filter(pk=row.pk, state=OutgoingState.UNKNOWN).update(
        state=OutgoingState.ACCEPTED, job_id=mine[0].jobid, report_asked_at=None
    )
    log.info("unknown_settled", message=str(row.pk))
    apply(account, mine[0])


def _may_be(row: OutgoingMessage, report: Report) -> bool:
    """Whether the report's time allows the message: stores send by the same account, to the same buyers."""
    sent_at = _sent_at(row)
    return report.at is None or sent_at - EARLY <= report.at <= sent_at + LATE


def _due(account: Account, state: OutgoingState, window: timedelta) -> QuerySet[OutgoingMessage]:
    """The account's messages of a state and window that were not asked for within a minute."""
    now = timezone.now()
    fresh = Q(report_asked_at__isnull=True) | Q(report_asked_at__lte=now - quota.minute())
    return OutgoingMessage.objects.filter(fresh, account=account, state=state, sent_at__gt=now - window)


def _sent_at(row: OutgoingMessage) -> datetime:
    assert row.sent_at is not None
    return row.sent_at


def _ask(
    account: Account,
    left: Quota,
    *,
    start_at: datetime,
    stop_at: datetime | None = None,
    jobids: Sequence[str] = (),
    most: int = quota.QUERIES_A_MINUTE,
) -> ReportPage:
    """All pages of an answer as one, as far as the quota and `most` reach: `more` where there may be others."""
    opened = credentials.of(account)
    soon = timezone.now() + timedelta(minutes=2)
    found: list[Report] = []
    for page in range(1, min(most, left.left()) + 1):
        left.spend()
        answer = client.reports(
            opened,
            jobids=jobids,
            start_at=start_at,
            stop_at=min(stop_at or soon, soon),
            page=page,
            page_size=PAGE,
        )
        found += answer.reports
        if not answer.more:
            return ReportPage(reports=found, more=False)
    return ReportPage(reports=found, more=True)


REPORTS = queues.register(
    queues.Queue(
        name="sms.reports",
        model=AccountErrand,
        lane="account",
        only={"kind": ErrandKind.REPORTS.value},
        perform=ask,
        give_up=setbacks.comes_again(timedelta(minutes=15), lane="account"),
    )
)
