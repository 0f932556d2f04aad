"""What failed and is tried again by a person's wish: once, under a record of who wanted it and why (R10)."""

from __future__ import annotations

import pytest

from integrations.ideasoft import connection as stores
from integrations.ideasoft.models import Connection, Store, StoreErrand
from integrations.netgsm import errands
from integrations.netgsm.models import AccountErrand
from messaging import outbox
from messaging.models import OutgoingMessage, OutgoingState
from orders import approvals, hand, resending
from orders.confirmation import State
from orders.models import Approval, ApprovalState, Step
from subscribers.models import AuditEntry, Notice, User
from tests import shops
from tests.factories import UserFactory
from tests.shops import Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R10")]
WHY = "alıcı aradı, gelmemiş"


@pytest.fixture
def staff(transactional_db: None) -> User:
    return UserFactory.create(is_staff=True, name="")


@pytest.fixture
def placed(shop: Shop) -> dict[str, object]:
    placed = shop.place()
    shops.poll(everything=True)
    return placed


def _lose(shop: Shop, state: OutgoingState = OutgoingState.UNKNOWN) -> OutgoingMessage:
    """The shop's last message, as if it had been lost."""
    OutgoingMessage.objects.filter(pk=shop.outgoing()[-1].pk).update(state=state, job_id="", due_at=None)
    return shop.outgoing()[-1]


@pytest.mark.parametrize("state", outbox.LOST)
def test_asks_a_lost_question_anew_by_a_message_that_names_it(
    shop: Shop, placed: dict[str, object], staff: User, state: OutgoingState
) -> None:
    lost = _lose(shop, state)
    again = resending.send_again(lost, by=staff, reason=WHY)
    shops.work_off()

    assert (again.replaces, again.round, again.by, again.phone) == (lost, 2, staff, lost.phone)
    assert len(shop.texts()) == 2
    lost.refresh_from_db()
    assert lost.state == state


def test_sends_any_other_lost_text_as_it_was_under_the_events_header(
    shop: Shop, placed: dict[str, object], staff: User
) -> None:
    shop.answer(f"onay {placed['transactionId']}")
    shops.poll(everything=True)
    lost = _lose(shop, OutgoingState.REFUSED)
    OutgoingMessage.objects.filter(pk=lost.pk).update(header="ESKI")
    again = resending.send_again(lost, by=staff, reason=WHY)

    assert (again.text, again.purpose, again.header, again.replaces) == (lost.text, "reply", "ORNEK", lost)


def test_sends_a_lost_message_anew_once(shop: Shop, placed: dict[str, object], staff: User) -> None:
    lost = _lose(shop)
    resending.send_again(lost, by=staff, reason=WHY)
    with pytest.raises(outbox.NotLost, match="replaced"):
        resending.send_again(lost, by=staff, reason=WHY)

    assert len(shop.outgoing()) == 2


@pytest.mark.parametrize("state", [state for state in OutgoingState if state not in outbox.LOST])
def test_leaves_a_message_alone_that_arrived_or_is_on_its_way(
    shop: Shop, placed: dict[str, object], staff: User, state: OutgoingState
) -> None:
    with pytest.raises(outbox.NotLost, match="not_lost"):
        resending.send_again(_lose(shop, state), by=staff, reason=WHY)


def test_asks_no_question_anew_whose_order_has_moved_on(shop: Shop, placed: dict[str, object], staff: User) -> None:
    shop.answer(f"onay {placed['transactionId']}")
    shops.poll(everything=True)
    question = shop.outgoing()[0]
    OutgoingMessage.objects.filter(pk=question.pk).update(state=OutgoingState.UNKNOWN)
    with pytest.raises(hand.NotPossible):
        resending.send_again(question, by=staff, reason=WHY)


def test_tells_on_the_orders_story_that_support_sent_it_anew(
    shop: Shop, placed: dict[str, object], staff: User
) -> None:
    again = resending.send_again(_lose(shop), by=staff, reason=WHY)
    step = Step.objects.get(outgoing=again)
    entries = AuditEntry.objects.filter(action="message_sent_again")

    assert (step.kind, step.by, step.order) == ("question_queued", staff, shop.order(placed))
    assert [(entry.actor, entry.reason, entry.about_id) for entry in entries] == [(staff, WHY, again.replaces_id)]


def _fail(shop: Shop, placed: dict[str, object]) -> Approval:
    """A decision that the store never took."""
    shop.sandbox.fault("store:ornek", "status", method="PUT", status=400, body="{}", times=None)
    shop.answer(f"onay {placed['transactionId']}")
    shops.poll(everything=True)
    shop.sandbox.control("DELETE", "faults")
    return Approval.objects.get(confirmation=shop.confirmation(placed))


def test_writes_a_failed_decision_into_the_store_after_all(shop: Shop, placed: dict[str, object], staff: User) -> None:
    failed = _fail(shop, placed)
    assert failed.state == ApprovalState.FAILED
    approvals.write_again(failed, by=staff, reason=WHY)
    shops.work_off()

    assert (shop.status(placed), shop.confirmation(placed).state) == ("approved", State.APPROVED)
    assert not Notice.objects.filter(kind="approval_failed", ended_at=None).exists()
    assert AuditEntry.objects.get(action="store_tried_again").reason == WHY


def test_tries_a_failed_decision_again_once(shop: Shop, placed: dict[str, object], staff: User) -> None:
    failed = _fail(shop, placed)
    approvals.write_again(failed, by=staff, reason=WHY)
    with pytest.raises(approvals.NotFailed):
        approvals.write_again(failed, by=staff, reason=WHY)


def test_asks_a_store_and_an_account_now(shop: Shop, staff: User) -> None:
    stores.ask_now(shop.store, by=staff, reason=WHY)
    errands.ask_now(shop.account, by=staff, reason=WHY)
    placed = shop.place()
    shops.work_off()

    assert len(shop.texts()) == 1
    assert shop.order(placed)
    assert (
        StoreErrand.objects.filter(claim__isnull=False).count()
        == AccountErrand.objects.filter(claim__isnull=False).count()
        == 0
    )


def test_asks_no_store_that_does_not_let_us_in(shop: Shop, staff: User) -> None:
    Store.objects.update(connection=Connection.WITHDRAWN)
    with pytest.raises(stores.NotConnected):
        stores.ask_now(shop.store, by=staff, reason=WHY)
