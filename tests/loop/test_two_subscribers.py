"""Two subscribers with the same reference and the same buyer never touch each other's order (R1)."""

from __future__ import annotations

import pytest

from messaging.models import IncomingState
from orders.confirmation import State
from subscribers.models import Notice
from tests import shops
from tests.sandboxes import Sandbox
from tests.shops import BUYER, Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R1")]


@pytest.fixture
def neighbours(sandbox: Sandbox) -> tuple[Shop, Shop]:
    """Two shops, each with an order 12345 of the same buyer, both asked."""
    pair = (shops.open_shop(sandbox), shops.open_shop(sandbox, name="komsu", line="8507654321"))
    for shop in pair:
        shop.place(transactionId="12345")
    shops.poll(everything=True)
    return pair


def _states(shop: Shop) -> list[str]:
    return list(shop.store.orders.values_list("confirmations__state", flat=True))


@pytest.mark.case(6)
def test_approves_the_order_of_the_line_that_was_answered_alone(neighbours: tuple[Shop, Shop]) -> None:
    ours, theirs = neighbours
    ours.answer("Onay 12345")
    shops.poll(everything=True)

    assert (_states(ours), _states(theirs)) == ([State.APPROVED], [State.WAITING])
    assert [line["method"] for line in ours.sandbox.ledger("request", "store:komsu") if line["method"] == "PUT"] == []


def test_approves_both_once_both_lines_were_answered(neighbours: tuple[Shop, Shop]) -> None:
    for shop in neighbours:
        shop.answer("Onay 12345")
    shops.poll(everything=True)

    assert [_states(shop) for shop in neighbours] == [[State.APPROVED], [State.APPROVED]]


def test_replies_once_from_each(neighbours: tuple[Shop, Shop]) -> None:
    for shop in neighbours:
        shop.answer("Onay 12345")
    shops.poll(everything=True)

    assert [[message.purpose for message in shop.outgoing()] for shop in neighbours] == [["question", "reply"]] * 2
    assert neighbours[0].texts(BUYER).count("Siparişiniz onaylanmıştır.") == 2


def test_shows_an_answer_to_the_subscriber_of_its_line_alone(neighbours: tuple[Shop, Shop]) -> None:
    ours, theirs = neighbours
    ours.answer("Onay 12345")
    shops.poll(everything=True)

    assert ([message.state for message in ours.incoming()], theirs.incoming()) == ([IncomingState.HANDLED], [])


def test_shows_what_nobody_understands_on_the_orders_of_its_line_alone(neighbours: tuple[Shop, Shop]) -> None:
    ours, _theirs = neighbours
    ours.answer("kargom nerede?")
    shops.poll(everything=True)

    notices = Notice.objects.filter(kind="answer_not_understood")
    assert list(notices.values_list("subscriber_id", "about_id")) == [(ours.subscriber.pk, ours.store.orders.get().pk)]


def test_declines_one_and_leaves_the_other(neighbours: tuple[Shop, Shop]) -> None:
    ours, theirs = neighbours
    ours.answer("Iptal 12345")
    theirs.answer("Onay 12345")
    shops.poll(everything=True)

    assert (_states(ours), _states(theirs)) == ([State.DECLINED], [State.APPROVED])
