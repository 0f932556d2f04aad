"""Delivery reports: within the operator's limits, and of our own messages alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pytest_django import Settings

from integrations.netgsm.models import Account, AccountErrand
from integrations.netgsm.payloads import Report
from messaging import reports
from messaging.models import OutgoingMessage, OutgoingState
from tests.factories import AccountFactory, OutgoingMessageFactory
from tests.messaging.operators import Reports
from work import drain

pytestmark = pytest.mark.django_db
PHONE = "+905321234567"
MINUTE = timedelta(minutes=1)


def message(account: Account, **facts: Any) -> OutgoingMessage:
    facts = {"state": OutgoingState.UNKNOWN, "phone": PHONE, "sent_at": timezone.now() - 30 * MINUTE, **facts}
    row: OutgoingMessage = OutgoingMessageFactory.create(subscriber=account.subscriber, account=account, **facts)
    return row


def turn(errand: AccountErrand) -> None:
    """One turn of the question about reports, whenever it would be due."""
    AccountErrand.objects.filter(pk=errand.pk).update(due_at=timezone.now() - timedelta(hours=1))
    drain.drain("sms.reports")


def states() -> list[str]:
    return list(OutgoingMessage.objects.order_by("created_at").values_list("state", flat=True))


@pytest.mark.case(3)
@pytest.mark.parametrize("minutes", [-0.9, 0, 4.9])
def test_settles_an_unknown_message_by_a_report_of_its_time(
    account: Account, errand: AccountErrand, operator: Reports, minutes: float
) -> None:
    row = message(account)
    operator.tell(jobid="7", phone=PHONE, at=row.sent_at + minutes * MINUTE)
    turn(errand)

    row.refresh_from_db()
    assert (row.state, row.job_id) == (OutgoingState.DELIVERED, "7")


@pytest.mark.case(3)
@pytest.mark.parametrize("minutes", [-18 * 60, -1.1, 5.1, None])
def test_takes_no_report_of_another_time_for_an_unknown_message(
    account: Account, errand: AccountErrand, operator: Reports, minutes: float | None
) -> None:
    row = message(account)
    operator.tell(jobid="7", phone=PHONE, at=None if minutes is None else row.sent_at + minutes * MINUTE)
    turn(errand)

    row.refresh_from_db()
    assert (row.state, row.job_id) == (OutgoingState.UNKNOWN, "")


@pytest.mark.case(3)
def test_settles_nothing_where_a_report_without_a_time_may_be_the_true_one(
    account: Account, errand: AccountErrand, operator: Reports
) -> None:
    row = message(account)
    operator.tell(jobid="7", phone=PHONE, at=row.sent_at)
    operator.tell(jobid="8", phone=PHONE, at=None, status=0)
    turn(errand)

    assert states() == [OutgoingState.UNKNOWN]


def test_settles_unknown_messages_of_different_times_in_one_turn(
    account: Account, errand: AccountErrand, operator: Reports
) -> None:
    for hours, phone in enumerate([PHONE, "+905329876543"], start=1):
        row = message(account, phone=phone, sent_at=timezone.now() - timedelta(hours=hours))
        operator.tell(jobid=str(hours), phone=phone, at=row.sent_at)
    turn(errand)

    assert states() == [OutgoingState.DELIVERED] * 2
    assert operator.questions == [(), ()]


def many_reports(account: Account, operator: Reports) -> None:
    """More open jobs than a minute's questions tell of, and an unknown message beside more reports than that."""
    row = message(account)
    for number in range(900):
        phone = f"+90533{number:07d}"
        message(account, phone=phone, state=OutgoingState.ACCEPTED, job_id=str(number // 20))
        operator.tell(jobid=str(number // 20), phone=phone, at=row.sent_at)
    for _ in range(900):
        operator.tell(jobid="foreign", phone="+905340000000", at=row.sent_at)


def test_asks_ten_times_a_minute_at_most_for_jobs_and_unknown_messages_together(
    account: Account, errand: AccountErrand, operator: Reports
) -> None:
    many_reports(account, operator)
    for _ in range(3):
        turn(errand)

    assert len(operator.questions) == 10
    assert [bool(jobs) for jobs in operator.questions] == [True] * 8 + [False] * 2


def test_asks_on_in_the_next_minute(account: Account, errand: AccountErrand, operator: Reports) -> None:
    many_reports(account, operator)
    turn(errand)
    errand.refresh_from_db()
    errand.cursor["asked_at"] = [(timezone.now() - MINUTE).isoformat()] * 10
    errand.save(update_fields=["cursor"])
    turn(errand)

    assert len(operator.questions) > 10


def test_counts_a_question_that_failed(
    account: Account, errand: AccountErrand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("integrations.netgsm.client.reports", refuse)
    message(account)
    turn(errand)

    errand.refresh_from_db()
    assert len(errand.cursor["asked_at"]) == 1


def test_asks_as_often_as_an_installation_polls_on_purpose(
    account: Account, errand: AccountErrand, operator: Reports, settings: Settings
) -> None:
    settings.REPORT_POLL_SECONDS = 2
    now = timezone.now()
    errand.cursor = {"asked_at": [(now - timedelta(seconds=3)).isoformat()] * 10}
    errand.save(update_fields=["cursor"])
    message(account)
    turn(errand)

    assert len(operator.questions) == 1


def test_settles_no_unknown_message_where_reports_of_its_time_remain_unread(
    account: Account, errand: AccountErrand, operator: Reports
) -> None:
    row = message(account)
    operator.tell(jobid="7", phone=PHONE, at=row.sent_at)
    for _ in range(1000):
        operator.tell(jobid="foreign", phone="+905340000000", at=row.sent_at)
    turn(errand)

    assert states() == [OutgoingState.UNKNOWN]


JOB, FOREIGN = "17377215342605050417149344", "17377215342605050417149399"
RANKS = [OutgoingState.ACCEPTED, OutgoingState.UNREPORTED, OutgoingState.UNDELIVERED, OutgoingState.DELIVERED]
WINDOW_PASSES = "the window passes"
FAILED = [2, 3, 4, 11, 12, 13, 14, 15, 16, 17, 103]
reports_of_it = st.tuples(
    st.sampled_from([0, 1, *FAILED, 99]),
    st.sampled_from([JOB, FOREIGN]),
    st.sampled_from([PHONE, "+905329876543", None]),
)
events = st.lists(st.one_of(st.just(WINDOW_PASSES), reports_of_it, reports_of_it), max_size=12)


def happen(account: Account, event: Any) -> None:
    if event == WINDOW_PASSES:
        OutgoingMessage.objects.update(sent_at=timezone.now() - 49 * 60 * MINUTE)
        reports.close_old(account)
        return
    status, jobid, phone = event
    reports.apply(account, Report(jobid=jobid, phone=phone, status=status, at=None, raw={}))


def settled_by(happened: list[Any]) -> str:
    """The state that follows from what happened, in whatever order it did."""
    told = {event[0] for event in happened if event != WINDOW_PASSES and event[1:] == (JOB, PHONE)}
    if 1 in told:
        return OutgoingState.DELIVERED
    if told & set(FAILED):
        return OutgoingState.UNDELIVERED
    return OutgoingState.UNREPORTED if WINDOW_PASSES in happened else OutgoingState.ACCEPTED


@pytest.mark.case(54)
@given(happened=events)
@examples(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
def test_ends_alike_in_whatever_order_reports_come(account: Account, happened: list[Any]) -> None:
    OutgoingMessage.objects.all().delete()
    row = message(account, state=OutgoingState.ACCEPTED, job_id=JOB)
    ranks = [0]
    for event in happened:
        happen(account, event)
        row.refresh_from_db()
        ranks.append(RANKS.index(OutgoingState(row.state)))

    assert ranks == sorted(ranks)
    assert row.state == settled_by(happened)
    assert (row.settled_at is None) == (row.state == OutgoingState.ACCEPTED)


@pytest.mark.case(54)
def test_does_not_count_a_report_twice(account: Account) -> None:
    message(account, state=OutgoingState.ACCEPTED, job_id=JOB)
    report = Report(jobid=JOB, phone=PHONE, status=1, at=None, raw={})

    assert [reports.apply(account, report) for _ in range(2)] == [1, 0]


@pytest.mark.case(54)
def test_says_unreported_where_no_report_came_within_the_window(
    account: Account, errand: AccountErrand, operator: Reports
) -> None:
    message(account, state=OutgoingState.ACCEPTED, job_id=JOB, sent_at=timezone.now() - timedelta(hours=49))
    turn(errand)

    assert states() == [OutgoingState.UNREPORTED]


@pytest.mark.case(54)
def test_moves_nothing_of_another_account(account: Account) -> None:
    message(account, state=OutgoingState.ACCEPTED, job_id=JOB)
    report = Report(jobid=JOB, phone=PHONE, status=1, at=None, raw={})

    assert reports.apply(AccountFactory.create(), report) == 0
    assert states() == [OutgoingState.ACCEPTED]
