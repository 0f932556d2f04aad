"""SMS out: once, in batches, and what each of the operator's words brings about (R5, R6)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from integrations.netgsm import errands
from integrations.netgsm.models import Account
from integrations.netgsm.payloads import Report
from messaging import reports
from messaging.models import OutgoingMessage, OutgoingState, Purpose
from orders import questions
from subscribers.models import Notice
from tests import shops
from tests.shops import BUYER, Shop

pytestmark = pytest.mark.django_db(transaction=True)
PLAIN = {"first_name": "Ali", "last_name": "Ak", "cod": True, "webhook": False}
SEND = {"method": "POST", "path": "/sms/rest/v2/send"}


def states(shop: Shop) -> list[str]:
    return [message.state for message in shop.outgoing()]


def accepted(shop: Shop) -> list[dict[str, Any]]:
    return shop.sandbox.ledger("accepted", "netgsm")


def send_posts(shop: Shop) -> int:
    lines = shop.sandbox.ledger("request", "netgsm")
    return len([line for line in lines if line["path"] == SEND["path"]])


def release(shop: Shop) -> None:
    """Ends every pause and makes what waits due now."""
    type(shop.account).objects.update(paused_until=None, pauses=0)
    OutgoingMessage.objects.filter(due_at__isnull=False).update(due_at=timezone.now())


def place_many(shop: Shop, count: int) -> None:
    shop.sandbox.control("POST", "stores/ornek/orders", count=count, phone_base=5320000000, **PLAIN)


def test_sends_many_questions_in_one_call(shop: Shop) -> None:
    place_many(shop, 30)
    shops.poll()

    assert len(accepted(shop)) == 30
    assert send_posts(shop) == 1


def test_keeps_texts_of_different_encodings_in_calls_of_their_own(shop: Shop) -> None:
    place_many(shop, 2)
    shop.place(first_name="Ayşe", last_name="Işık")
    shops.poll()

    assert sorted(line["encoding"] or "" for line in accepted(shop)) == ["", "", "TR"]
    assert send_posts(shop) == 2


def test_never_puts_two_texts_to_one_phone_into_one_call(shop: Shop) -> None:
    place_many(shop, 3)
    for number in ("11111", "22222"):
        shop.place(transactionId=number, first_name="Ali", last_name="Ak")
    shops.poll()

    jobs = [line["jobid"] for line in accepted(shop) if line["to"] == BUYER]
    assert len(set(jobs)) == 2
    assert (len(accepted(shop)), send_posts(shop)) == (5, 2)


def test_moves_one_message_alone_by_the_report_of_its_job(shop: Shop) -> None:
    for number in ("11111", "22222"):
        shop.place(transactionId=number)
    shops.poll()
    first, second = shop.outgoing()
    report = Report(jobid=first.job_id, phone=first.phone, status=3, at=None, raw={})

    assert reports.apply(shop.account, report) == 1
    assert states(shop) == [OutgoingState.UNDELIVERED, second.state]


def test_follows_a_message_to_its_delivery(shop: Shop) -> None:
    shop.place()
    shops.poll()
    shops.poll()

    assert states(shop) == [OutgoingState.DELIVERED]


@pytest.mark.case(53)
@pytest.mark.parametrize("code", ["80", "85", "100", "101"])
def test_sends_again_later_where_the_operator_says_later(shop: Shop, code: str) -> None:
    shop.sandbox.fault("netgsm", "code", **SEND, code=code, times=1)
    shop.place()
    shops.poll()
    assert states(shop) == [OutgoingState.QUEUED]

    release(shop)
    shops.work_off()

    assert states(shop) == [OutgoingState.ACCEPTED]
    assert not Notice.objects.exists()


@pytest.mark.case(53)
@pytest.mark.parametrize("code", ["20", "40", "50", "51", "70"])
def test_ends_refused_where_the_operator_refuses_for_good(shop: Shop, code: str) -> None:
    shop.sandbox.fault("netgsm", "code", **SEND, code=code)
    shop.place()
    shops.poll()

    (message,) = shop.outgoing()
    assert (message.state, message.code) == (OutgoingState.REFUSED, code)
    assert send_posts(shop) == 1


@pytest.mark.case(53)
def test_tells_the_merchant_of_a_header_that_the_operator_does_not_know(shop: Shop) -> None:
    shop.change_event(header="BASKA")
    shop.place()
    shops.poll()

    assert Notice.objects.get(kind="header_not_defined").detail == {"header": "BASKA"}


@pytest.mark.case(53)
def test_holds_the_account_with_one_notice_where_the_operator_refuses_it(shop: Shop) -> None:
    account = {"usercode": shop.line, "line": shop.line, "headers": ["ORNEK"]}
    shop.sandbox.control("POST", "netgsm/accounts", **account, password="baska")
    place_many(shop, 5)
    shops.poll()
    shops.poll()

    assert set(states(shop)) == {OutgoingState.QUEUED}
    assert Notice.objects.filter(kind="refused", ended_at=None).count() == 1


@pytest.mark.case(53)
def test_goes_on_by_itself_once_the_operator_accepts_the_account_again(shop: Shop) -> None:
    account = {"usercode": shop.line, "line": shop.line, "headers": ["ORNEK"]}
    shop.sandbox.control("POST", "netgsm/accounts", **account, password="baska")
    shop.place()
    shops.poll()

    shop.sandbox.control("POST", "netgsm/accounts", **account, password="sms-parola")
    shops.poll(everything=True)
    shops.poll(everything=True)

    assert len(shop.texts()) == 1
    assert not Notice.objects.filter(kind="refused", ended_at=None).exists()


def test_asks_nothing_of_an_account_that_said_later(shop: Shop) -> None:
    until = timezone.now() + timedelta(minutes=30)
    Account.objects.update(paused_until=until, pauses=3, pause_reason="limit_exceeded 80")
    before = len(shop.sandbox.ledger("request", "netgsm"))
    shops.poll(everything=True)

    assert len(shop.sandbox.ledger("request", "netgsm")) == before
    assert (shop.account.paused_until, shop.account.pauses) == (until, 3)


def test_leaves_a_pause_alone_where_a_check_ends_a_refusal(shop: Shop) -> None:
    until = timezone.now() + timedelta(minutes=30)
    Account.objects.update(paused_until=until, refused_at=timezone.now())
    errands.check(shop.account)

    assert (shop.account.paused_until, shop.account.refused_at) == (until, None)


@pytest.mark.case(53)
def test_shows_low_credit_where_the_report_tells_it(shop: Shop) -> None:
    delivery = {"status": 14, "after_seconds": 0}
    account = {"usercode": shop.line, "password": "sms-parola", "line": shop.line, "headers": ["ORNEK"]}
    shop.sandbox.control("POST", "netgsm/accounts", **account, delivery=delivery)
    shop.place()
    shops.poll()
    shops.poll()

    (message,) = shop.outgoing()
    assert (message.state, message.report_status) == (OutgoingState.UNDELIVERED, 14)


@pytest.mark.parametrize("code", ["20", "70", "85"])
def test_splits_a_batch_that_one_message_spoils(shop: Shop, code: str) -> None:
    shop.sandbox.fault("netgsm", "code", **SEND, code=code, times=1)
    place_many(shop, 3)
    shops.poll()
    release(shop)
    shops.work_off()

    assert len(accepted(shop)) == 3
    assert send_posts(shop) == 4


@pytest.mark.case(3)
@pytest.mark.parametrize("kind", ["reset", "cut", "garbage", "html"])
def test_never_sends_a_message_again_that_the_operator_may_have(shop: Shop, kind: str) -> None:
    shop.sandbox.fault("netgsm", kind, **SEND, when="after", times=1)
    shop.place()
    shops.poll()
    for _ in range(3):
        release(shop)
        shops.work_off()

    assert len(shop.texts()) == 1
    assert send_posts(shop) == 1


@pytest.mark.case(3)
@pytest.mark.parametrize("status", [302, 404, 502])
def test_never_sends_a_message_again_after_an_answer_nobody_expects(shop: Shop, status: int) -> None:
    shop.sandbox.fault("netgsm", "status", **SEND, status=status, when="after", times=1)
    shop.place()
    shops.poll()
    release(shop)
    shops.work_off()

    assert send_posts(shop) == 1
    assert states(shop) == [OutgoingState.UNKNOWN]


@pytest.mark.case(3)
def test_settles_an_unknown_message_by_the_operators_reports(shop: Shop) -> None:
    shop.sandbox.fault("netgsm", "reset", **SEND, when="after", times=1)
    shop.place()
    shops.poll()
    shops.poll()

    assert states(shop) == [OutgoingState.DELIVERED]


@pytest.mark.case(3)
def test_leaves_a_message_unknown_that_no_report_tells_of(shop: Shop) -> None:
    shop.sandbox.fault("netgsm", "reset", **SEND, when="before", times=1)
    shop.place()
    shops.poll()
    shops.poll()

    assert states(shop) == [OutgoingState.UNKNOWN]
    assert shop.texts() == []


def test_does_not_send_a_question_whose_time_has_passed(shop: Shop) -> None:
    shop.sandbox.fault("netgsm", "code", **SEND, code="80", times=1)
    shop.place()
    shops.poll()
    OutgoingMessage.objects.update(stale_at=timezone.now())
    release(shop)
    shops.work_off()

    assert states(shop) == [OutgoingState.EXPIRED]
    assert shop.texts() == []


def test_sends_no_second_question_but_in_a_round_with_a_persons_name(shop: Shop) -> None:
    placed = shop.place()
    shops.poll()
    order, person = shop.order(placed), shop.subscriber_owner()
    questions.send_question(order, shop.event)
    questions.send_question(order, shop.event, round=2, by=person)
    shops.work_off()

    assert len(shop.texts(BUYER)) == 2
    assert OutgoingMessage.objects.get(purpose=Purpose.QUESTION, round=2).by == person
