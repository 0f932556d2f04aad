"""What needs the merchant about an order, from being found out to being settled."""

from __future__ import annotations

import pytest
from django.utils import timezone

from messaging.models import OutgoingMessage, OutgoingState
from orders import attention, questions
from orders.models import Order
from subscribers import audit
from subscribers.models import Notice
from tests import shops
from tests.factories import ConfirmationFactory, OrderFactory
from tests.shops import Shop

pytestmark = [pytest.mark.django_db(transaction=True)]


def open_notices() -> list[str]:
    return sorted(Notice.objects.filter(ended_at=None).values_list("kind", flat=True))


@pytest.fixture
def refused(shop: Shop) -> Order:
    """An order whose question the operator refused for its header, found by the next poll."""
    shop.change_event(header="BASKA")
    placed = shop.place()
    for _ in range(2):
        shops.poll(everything=True)
    return shop.order(placed)


def test_tells_of_a_question_that_the_operator_refused(shop: Shop, refused: Order) -> None:
    notice = Notice.objects.get(kind="question_not_sent")

    assert (notice.about_id, notice.detail["reason"], notice.detail["code"]) == (refused.pk, "refused", "40")
    assert open_notices() == ["header_not_defined", "question_not_sent"]


def test_tells_of_a_question_that_was_too_late_to_send(shop: Shop) -> None:
    order = ConfirmationFactory.create(order__subscriber=shop.subscriber, order__store=shop.store).order
    questions.send_question(order, shop.event)
    OutgoingMessage.objects.update(stale_at=timezone.now())
    for _ in range(2):
        shops.poll(everything=True)

    assert Notice.objects.get(kind="question_not_sent").detail["reason"] == OutgoingState.EXPIRED


def test_does_not_tell_again_of_a_question_that_is_asked_again(shop: Shop, refused: Order) -> None:
    shop.change_event(header="ORNEK")
    questions.send_question(refused, shop.event, round=2, by=shop.subscriber_owner())
    for _ in range(2):
        shops.poll(everything=True)

    assert open_notices() == []


def test_keeps_the_header_in_mind_until_a_message_with_it_is_taken(shop: Shop, refused: Order) -> None:
    attention.settle(refused)
    attention.look_after(shop.store)
    assert open_notices() == ["header_not_defined", "question_not_sent"]

    OutgoingMessage.objects.update(state=OutgoingState.ACCEPTED, sent_at=timezone.now())
    attention.settle(refused)
    attention.look_after(shop.store)
    assert open_notices() == []


def test_forgets_a_header_that_no_event_uses_any_more(shop: Shop, refused: Order) -> None:
    shop.change_event(header="ORNEK")
    attention.look_after(shop.store)

    assert open_notices() == ["question_not_sent"]


def test_settles_everything_about_an_order_and_nothing_else(shop: Shop) -> None:
    opened = ConfirmationFactory.create(order__subscriber=shop.subscriber, order__store=shop.store)
    audit.raise_notice(about=opened.order, kind="answer_from_other_phone")
    audit.raise_notice(about=opened, kind="approval_failed")
    audit.raise_notice(about=OrderFactory.create(subscriber=shop.subscriber), kind="answer_from_other_phone")
    audit.raise_notice(about=shop.account, kind="line_taken")
    attention.settle(opened.order)

    assert open_notices() == ["answer_from_other_phone", "line_taken"]
