"""The main job, from the store to the buyer's phone and back (R5, R6)."""

import pytest

from orders.confirmation import State
from tests import shops
from tests.shops import BUYER, Shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.requirement("R5")
def test_asks_a_new_cash_on_delivery_order(shop: Shop) -> None:
    shop.place(transactionId="12345", first_name="Ayşe", last_name="Yılmaz")
    shops.poll(everything=True)

    assert shop.texts() == ["Sn.Ayşe Yılmaz 12345 nolu siparisi onaylamak icin Onay 12345 yazip 8501234567 gonderin."]


@pytest.mark.requirement("R6")
def test_approves_the_order_in_the_store_and_replies(shop: Shop) -> None:
    placed = shop.place(transactionId="12345")
    shops.poll(everything=True)

    shop.answer("Onay 12345")
    shops.poll(everything=True)

    assert shop.status(placed) == "approved"
    assert shop.confirmation(placed).state == State.APPROVED
    assert shop.texts(BUYER)[1:] == ["Siparişiniz onaylanmıştır."]
