"""Delivery reports: asked for in pages, within the operator's limits, and applied so that nothing goes backwards.

Strictest documented limits (facts: A): 10 queries a minute and account, 50 jobs a call, each job once a minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import Count, F, Min, Q
from django.db.models.functions import Now
from django.utils import timezone

from integrations import setbacks
from integrations.failures import Failure
from integrations.netgsm import client, credentials
from integrations.netgsm.codes import Outcome
from integrations.netgsm.models import Account, AccountErrand, ErrandKind
from integrations.netgsm.payloads import Report
from messaging.models import OutgoingMessage, OutgoingState
from work import lanes, queues
from work.claims import Claim

log = structlog.get_logger(__name__)

JOBS_A_CALL = 50
PAGES_A_TURN = 8
JOB_SECONDS = 60
WINDOW = timedelta(hours=48)
UNKNOWN_WINDOW = timedelta(hours=24)

_OPEN = (OutgoingState.ACCEPTED, OutgoingState.UNKNOWN)
_STATES = {Outcome.DELIVERED: OutgoingState.DELIVERED, Outcome.UNDELIVERED: OutgoingState.UNDELIVERED}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    id: str
    first_sent_at: datetime


def ask(claim: Claim[AccountErrand]) -> None:
    """Asks for one account's open reports and comes again after `REPORT_POLL_SECONDS`."""
    (errand,) = claim.rows
    account = errand.account
    try:
        _ask_jobs(account)
        _look_for_unknown(account)
    except Failure as failure:
        setbacks.put_off(claim, errand, account, failure)
        return
    lanes.went_well(account)
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


def _ask_jobs(account: Account) -> None:
    jobs = _due_jobs(account)
    if not jobs:
        return
    since = min(job.first_sent_at for job in jobs) - timedelta(minutes=10)
    ids = [job.id for job in jobs]
    OutgoingMessage.objects.filter(account=account, job_id__in=ids).update(report_asked_at=timezone.now())
    for report in _pages(account, jobids=ids, start_at=since):
        apply(account, report)


def _due_jobs(account: Account) -> list[_Job]:
    """Up to 50 jobs not asked within a minute, longest unasked first, no more messages than a turn's pages hold."""
    now = timezone.now()
    fresh = Q(report_asked_at__isnull=True) | Q(report_asked_at__lte=now - timedelta(seconds=_job_seconds()))
    rows = (
        OutgoingMessage.objects.filter(account=account, state=OutgoingState.ACCEPTED, sent_at__gt=now - WINDOW)
        .exclude(job_id="")
        .filter(fresh)
        .values("job_id")
        .annotate(first=Min("sent_at"), size=Count("pk"), asked=Min("report_asked_at"))
        .order_by(F("asked").asc(nulls_first=True), "first")
        .values_list("job_id", "first", "size")[:JOBS_A_CALL]
    )
    chosen: list[_Job] = []
    size = 0
    for job_id, first_sent_at, count in rows:
        size += count
        if chosen and size > PAGES_A_TURN * 100:
            break
        chosen.append(_Job(id=job_id, first_sent_at=first_sent_at))
    return chosen


def _look_for_unknown(account: Account) -> None:
    """Looks for `unknown` messages in the account's reports of their time.

    No job id ever came for them, so a report settles one only if its phone and time fit, its job is none of ours, and
    one unknown message alone may be meant (facts: I).
    """
    now = timezone.now()
    unknown = list(
        OutgoingMessage.objects.filter(
            account=account, state=OutgoingState.UNKNOWN, sent_at__gt=now - UNKNOWN_WINDOW, job_id=""
        ).order_by("sent_at")[:100]
    )
    fresh = [row for row in unknown if _may_ask(row, now)]
    if not fresh:
        return
    OutgoingMessage.objects.filter(pk__in=[row.pk for row in unknown]).update(report_asked_at=now)
    first = unknown[0].sent_at or now
    found = _pages(account, jobids=(), start_at=first - timedelta(minutes=2))
    # Before the known jobs are read: who gets a job id meanwhile is then a rival, or known, or both.
    alone = _alone(account)
    known = set(
        OutgoingMessage.objects.filter(account=account, job_id__in={report.jobid for report in found}).values_list(
            "job_id", "phone"
        )
    )
    for row in unknown:
        if row.phone in alone:
            _settle(account, row, [report for report in found if (report.jobid, report.phone) not in known])


def _alone(account: Account) -> set[str]:
    """The phones to which one message alone may have left without a job id: unknown by now, or still being sent."""
    since = timezone.now() - UNKNOWN_WINDOW
    without_job = OutgoingMessage.objects.filter(
        account=account, state__in=[OutgoingState.UNKNOWN, OutgoingState.SENDING], sent_at__gt=since, job_id=""
    )
    counted = without_job.values("phone").annotate(messages=Count("pk"))
    return {row["phone"] for row in counted if row["messages"] == 1}


def _settle(account: Account, row: OutgoingMessage, found: list[Report]) -> None:
    mine = [report for report in found if report.phone == row.phone]
    if len(mine) != 1:
        return
    OutgoingMessage.objects.filter(pk=row.pk, state=OutgoingState.UNKNOWN).update(
        state=OutgoingState.ACCEPTED, job_id=mine[0].jobid, report_asked_at=None
    )
    log.info("unknown_settled", message=str(row.pk))
    apply(account, mine[0])


def _may_ask(row: OutgoingMessage, now: datetime) -> bool:
    return row.report_asked_at is None or row.report_asked_at <= now - timedelta(seconds=_job_seconds())


def _job_seconds() -> int:
    """A job at most once a minute; less only where the installation asks for reports more often (demo, tests)."""
    return min(JOB_SECONDS, settings.REPORT_POLL_SECONDS)


def _pages(account: Account, *, jobids: list[str] | tuple[str, ...], start_at: datetime) -> list[Report]:
    opened = credentials.of(account)
    found: list[Report] = []
    for page in range(1, PAGES_A_TURN + 1):
        answer = client.reports(
            opened,
            jobids=jobids,
            start_at=start_at,
            stop_at=timezone.now() + timedelta(minutes=2),
            page=page,
            page_size=100,
        )
        found += answer.reports
        if not answer.more:
            break
    return found


REPORTS = queues.register(
    queues.Queue(
        name="sms.reports",
        model=AccountErrand,
        lane="account",
        only={"kind": ErrandKind.REPORTS.value},
        perform=ask,
        give_up=queues.comes_again(timedelta(minutes=15)),
    )
)
