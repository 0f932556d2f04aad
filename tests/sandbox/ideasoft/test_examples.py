from collections import Counter
from random import Random

import pytest

from sandbox.ideasoft.examples import OrderWriter
from sandbox.netgsm.numbers import is_mobile


@pytest.mark.parametrize("first_order", [1, 1001, 9_999_999, 1_795_507_482, 4_102_444_800])
def test_gives_every_order_a_turkish_mobile_phone(first_order: int) -> None:
    writer = OrderWriter(Random(1), first_order=first_order)
    phones = {writer.write({})["customerPhone"] for _ in range(30)}
    assert (len(phones), all(map(is_mobile, phones))) == (30, True)


def test_lets_three_of_four_buyers_pay_at_the_door() -> None:
    writer = OrderWriter(Random(1), first_order=1)
    payments = Counter(writer.write({})["paymentTypeName"] for _ in range(80))
    assert payments == {
        "Kapıda Ödeme Nakit": 40,
        "Kapıda Ödeme Kredi Kartı": 20,
        "Havale": 10,
        "Kredi Kartı": 10,
    }


def test_sets_the_trap_of_who_pays_the_cargo() -> None:
    writer = OrderWriter(Random(1), first_order=1)
    orders = [writer.write({}) for _ in range(8)]
    trapped = [order["paymentTypeName"] for order in orders if order["shippingPaymentType"] == "cash_on_delivery"]
    assert trapped == ["Havale"]
