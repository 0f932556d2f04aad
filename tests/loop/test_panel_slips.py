"""The merchant sets an order back in the store's panel: its question is open again, and its story tells it once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from integrations.netgsm.models import AccountErrand
from messaging.models import OutgoingMessage
from orders import expiry, queries
from orders.confirmation import State
from orders.models import Approval, Confirmation
from portal.dashboard import sentences
from tests import shops
from tests.shops import Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement("R6")]


@pytest.fixture
def placed(shop: Shop) -> dict[str, Any]:
    """An order whose buyer was asked."""
    placed = shop.place(transactionId="12345")
    shops.poll()
    return placed


def move(shop: Shop, placed: dict[str, Any], *statuses: str) -> None:
    for status in statuses:
        shop.change(placed, status=status, webhook=False)
        shops.poll()


def answer(shop: Shop, text: str) -> None:
    shop.answer(text)
    shops.poll()


def titles(shop: Shop, placed: dict[str, Any]) -> list[str]:
    with translation.override("tr"):
        return [entry.title for entry in sentences.story(queries.sheet(shop.subscriber, shop.order(placed).code))]


@pytest.mark.parametrize("slip", ["fulfilled", "cancelled"])
def test_an_answer_counts_again_once_the_store_waits_again(shop: Shop, placed: dict[str, Any], slip: str) -> None:
    move(shop, placed, slip)
    assert shop.confirmation(placed).state == State.CLOSED
    move(shop, placed, "waiting_for_approval")
    assert (shop.confirmation(placed).state, len(shop.texts())) == (State.WAITING, 1)
    assert titles(shop, placed)[-1] == "Mağaza yeniden onay bekliyor"

    answer(shop, "Onay 12345")
    assert shop.status(placed) == "approved"
    assert shop.texts()[-1] == "Siparişiniz onaylanmıştır."


def test_its_time_goes_on_as_before(shop: Shop, placed: dict[str, Any]) -> None:
    ends_at = shop.confirmation(placed).expires_at
    move(shop, placed, "fulfilled", "waiting_for_approval")
    assert shop.confirmation(placed).expires_at == ends_at

    Confirmation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    expiry.expire()
    assert shop.confirmation(placed).state == State.EXPIRED


def test_a_yes_that_the_store_overtook_is_said_anew(shop: Shop, placed: dict[str, Any]) -> None:
    shop.change(placed, status="cancelled", webhook=False)
    shop.answer("Onay 12345")
    AccountErrand.objects.filter(kind="inbox").update(due_at=timezone.now())
    shops.work_off("sms.inbox", "sms.answer", "store.approvals", "sms.send")
    assert [row.state for row in Approval.objects.all()] == ["overtaken"]

    move(shop, placed, "waiting_for_approval")
    opened = shop.confirmation(placed)
    assert (opened.state, opened.answer, opened.decided_at) == (State.WAITING, None, None)

    answer(shop, "Evet, onay 12345")  # the very same words in the same second would be a copy
    assert shop.status(placed) == "approved"


@pytest.mark.parametrize(
    ("statuses", "title", "reply"),
    [
        (
            ["approved"],
            "Alıcı onay yazdı; sipariş mağazada zaten ilerlemişti",
            "12345 numaralı siparişiniz daha önce onaylanmıştır.",
        ),
        (
            ["fulfilled"],
            "Alıcı onay yazdı; sipariş mağazada zaten ilerlemişti",
            "12345 numaralı siparişiniz daha önce onaylanmıştır.",
        ),
        (["cancelled"], "Yanıt geç geldi", "12345 numaralı siparişin durumu değiştiği için"),
        (["approved", "cancelled"], "Yanıt geç geldi", "12345 numaralı siparişin durumu değiştiği için"),
    ],
    ids=["approved", "shipped", "cancelled", "approved, then cancelled"],
)
def test_a_first_yes_to_an_order_that_moved_on_is_told_as_that(
    shop: Shop, placed: dict[str, Any], statuses: list[str], title: str, reply: str
) -> None:
    move(shop, placed, *statuses)
    answer(shop, "Onay 12345")

    assert title in titles(shop, placed)
    assert shop.texts()[-1].startswith(reply)


def test_a_second_yes_is_told_as_a_second(shop: Shop, placed: dict[str, Any]) -> None:
    answer(shop, "Onay 12345")
    answer(shop, "Onay 12345 lütfen")

    assert "Alıcı yeniden onay yazdı" in titles(shop, placed)


def test_a_yes_to_an_order_cancelled_after_its_first_is_not_told_approved(shop: Shop, placed: dict[str, Any]) -> None:
    answer(shop, "Onay 12345")
    move(shop, placed, "cancelled")
    OutgoingMessage.objects.update(created_at=timezone.now() - timedelta(hours=1))
    answer(shop, "Onay 12345 lütfen")

    assert shop.texts()[-1].startswith("12345 numaralı siparişin durumu değiştiği için")
