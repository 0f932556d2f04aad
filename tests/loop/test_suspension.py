"""A suspended subscriber: nothing is sent, what comes is kept, and after the resumption what still holds goes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from integrations.netgsm import client as operator
from messaging.models import IncomingState, OutgoingMessage, OutgoingState
from orders import expiry, resumption
from orders.confirmation import State
from orders.models import Confirmation
from subscribers import suspension
from subscribers.models import AuditEntry, Subscriber, User
from tests import shops
from tests.factories import UserFactory
from tests.shops import BUYER, Shop
from work import queues

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R10")]


@pytest.fixture
def staff(transactional_db: None) -> User:
    return UserFactory.create(is_staff=True)


@pytest.fixture
def suspended(shop: Shop, staff: User) -> Shop:
    suspension.suspend(shop.subscriber, by=staff, reason="fatura ödenmedi")
    return shop


def _resume(shop: Shop, staff: User) -> None:
    resumption.resume(shop.subscriber, by=staff, reason="ödendi")
    shops.poll(everything=True)


def test_holds_back_a_question_and_sends_it_after_the_resumption(suspended: Shop, staff: User) -> None:
    suspended.place()
    shops.poll(everything=True)
    assert (suspended.texts(), [row.state for row in suspended.outgoing()]) == ([], ["queued"])

    _resume(suspended, staff)
    assert len(suspended.texts()) == 1


def test_keeps_an_answer_and_approves_the_order_after_the_resumption(shop: Shop, staff: User) -> None:
    placed = shop.place()
    shops.poll(everything=True)
    suspension.suspend(shop.subscriber, by=staff, reason="fatura ödenmedi")
    shop.answer(f"onay {placed['transactionId']}")
    shops.poll(everything=True)
    (kept,) = shop.incoming()
    assert (kept.state, shop.status(placed)) == (IncomingState.RECEIVED, "waiting_for_approval")

    _resume(shop, staff)
    assert (shop.status(placed), shop.confirmation(placed).state) == ("approved", State.APPROVED)


def test_reads_an_answer_as_in_time_though_the_time_ran_out_meanwhile(shop: Shop, staff: User) -> None:
    placed = shop.place()
    shops.poll(everything=True)
    suspension.suspend(shop.subscriber, by=staff, reason="fatura ödenmedi")
    shop.answer(f"onay {placed['transactionId']}")
    long_ago = timedelta(days=9)
    Subscriber.objects.update(suspended_at=timezone.now() - long_ago)
    Confirmation.objects.update(expires_at=timezone.now() - timedelta(days=2))
    expiry.expire()
    assert shop.confirmation(placed).state == State.WAITING

    _resume(shop, staff)
    assert (shop.status(placed), shop.confirmation(placed).state) == ("approved", State.APPROVED)
    assert shop.confirmation(placed).expires_at > timezone.now() + timedelta(days=6)
    assert len(shop.texts()) == 2


def test_takes_a_push_with_200_meanwhile(suspended: Shop) -> None:
    address = suspended.result["hooks"]["sms"].partition("/hooks/")[2]
    body = {"content": "onay 1", "sourceNumber": BUYER, "subscriberNumber": suspended.line}
    answer = Client().post(f"/hooks/{address}", body, content_type="application/json")

    assert (answer.status_code, len(suspended.incoming())) == (200, 1)


def _approve(shop: Shop, placed: dict[str, Any]) -> str:
    """Presses *Elle onayla* and gives back the page that came."""
    client = Client()
    client.force_login(shop.subscriber_owner(), backend="allauth.account.auth_backends.AuthenticationBackend")
    address = f"/siparisler/{shop.order(placed).code}/karar/"
    return client.post(address, {"act": "approve"}, follow=True).content.decode()


def test_takes_no_decision_of_a_person_meanwhile_and_says_why(shop: Shop, staff: User) -> None:
    placed = shop.place()
    shops.poll(everything=True)
    suspension.suspend(shop.subscriber, by=staff, reason="fatura ödenmedi")
    page = _approve(shop, placed)

    assert "Hizmetiniz askıda olduğu için karar alınmadı." in page
    assert ('id="held-back"' in page, 'id="act-' in page) == (True, False)


def test_writes_no_decision_of_a_person_into_the_store_meanwhile(shop: Shop, staff: User) -> None:
    placed = shop.place()
    shops.poll(everything=True)
    _approve(shop, placed)
    suspension.suspend(shop.subscriber, by=staff, reason="fatura ödenmedi")
    shops.poll(everything=True)
    assert shop.status(placed) == "waiting_for_approval"

    _resume(shop, staff)
    assert shop.status(placed) == "approved"


def test_sends_no_question_that_went_stale_meanwhile(suspended: Shop, staff: User) -> None:
    suspended.place()
    shops.poll(everything=True)
    OutgoingMessage.objects.update(stale_at=timezone.now() - timedelta(seconds=1))
    _resume(suspended, staff)

    assert (suspended.texts(), [row.state for row in suspended.outgoing()]) == ([], [OutgoingState.EXPIRED])


def test_is_patient_anew_with_what_waited_for_days(suspended: Shop, staff: User) -> None:
    suspended.place()
    shops.poll(everything=True)
    OutgoingMessage.objects.update(work_since=timezone.now() - timedelta(days=9))
    send = {"method": "POST", "path": "/sms/rest/v2/send"}
    suspended.sandbox.fault("netgsm", "status", **send, status=503, when="before", times=1)
    _resume(suspended, staff)

    assert [row.state for row in suspended.outgoing()] != [OutgoingState.REFUSED]


def test_finds_at_the_fence_a_suspension_that_came_after_the_claim(
    shop: Shop, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = queues.get("sms.send")
    shop.place()

    def suspend_then_send(claim: Any) -> None:
        suspension.suspend(shop.subscriber, by=staff, reason="fatura ödenmedi")
        queue.perform(claim)

    monkeypatch.setitem(queues._registered, "sms.send", _performing(queue, suspend_then_send))
    shops.poll(everything=True)
    (row,) = shop.outgoing()

    assert (row.state, row.last_failure, row.claim, row.attempts, shop.texts()) == ("queued", "suspended", None, 0, [])


def test_lets_finish_what_has_passed_its_fence(shop: Shop, staff: User, monkeypatch: pytest.MonkeyPatch) -> None:
    send = operator.send

    def send_and_suspend(*args: Any, **kwargs: Any) -> Any:
        suspension.suspend(shop.subscriber, by=staff, reason="fatura ödenmedi")
        return send(*args, **kwargs)

    monkeypatch.setattr(operator, "send", send_and_suspend)
    shop.place()
    shops.poll(everything=True)

    assert ([row.state for row in shop.outgoing()], len(shop.texts())) == ([OutgoingState.ACCEPTED], 1)


def test_shows_its_merchant_what_is_the_matter(suspended: Shop) -> None:
    client = Client()
    client.force_login(suspended.subscriber_owner(), backend="allauth.account.auth_backends.AuthenticationBackend")

    assert "Hizmetiniz askıya alındı" in client.get("/").content.decode()


def test_writes_down_who_suspended_and_why(suspended: Shop, staff: User) -> None:
    entry = AuditEntry.objects.get(action="subscriber_suspended")

    assert (entry.actor, entry.reason, entry.about_id) == (staff, "fatura ödenmedi", suspended.subscriber.pk)


def test_suspends_once(suspended: Shop, staff: User) -> None:
    with pytest.raises(suspension.AlreadySo):
        suspension.suspend(suspended.subscriber, by=staff, reason="yine")


def test_holds_back_what_is_sent_and_what_would_bring_that_about_and_nothing_else() -> None:
    held = {queue.name for queue in queues.every() if queue.heeds_suspension}

    assert held == {
        "sms.send",
        "sms.answer",
        "store.approvals",
        "orders.hand",
        "orders.news",
        "store.notes",
        "mail.alerts",
    }


def _performing(queue: queues.Queue[Any], perform: Any) -> queues.Queue[Any]:
    return replace(queue, perform=perform)
