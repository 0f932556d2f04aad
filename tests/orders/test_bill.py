"""The lines of an order's bill add up to what the buyer pays."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.ideasoft.payloads import OrderPayload, parse_order
from orders import bill
from orders.bill import Part

ITEMS = [{"productName": "Gömlek", "productQuantity": 2, "productPrice": 100.0}]


def _order(**facts: Any) -> OrderPayload:
    return parse_order({"id": 1, "orderItems": ITEMS, **facts})


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"finalAmount": 200}, {}),
        ({"finalAmount": 290.5, "taxAmount": 40, "shippingAmount": 50.5}, {Part.SHIPPING: "50.5", Part.TAX: "40"}),
        ({"finalAmount": 215, "additionalServiceAmount": 15.0}, {Part.SERVICE: "15.0"}),
        ({"finalAmount": 180, "couponDiscount": 15, "promotionDiscount": 5}, {Part.DISCOUNT: "-20"}),
        (
            {"finalAmount": 230, "taxAmount": 33.33, "shippingAmount": 30},
            {Part.SHIPPING: "30", Part.TAX_INSIDE: "33.33"},
        ),
        ({"finalAmount": 207.25}, {Part.OTHER: "7.25"}),
        ({"shippingAmount": "çok"}, {}),
    ],
)
def test_names_what_stands_between_the_goods_and_the_total(facts: dict[str, Any], told: dict[Part, str]) -> None:
    assert {line.part: line.amount for line in bill.lines(_order(**facts))} == {
        part: Decimal(amount) for part, amount in told.items()
    }


_money = st.decimals(min_value=0, max_value=10**6, places=2)


@given(total=_money, tax=_money, shipping=_money, discount=_money)
def test_adds_up_whatever_the_store_says(total: Decimal, tax: Decimal, shipping: Decimal, discount: Decimal) -> None:
    facts = {"taxAmount": str(tax), "shippingAmount": str(shipping), "couponDiscount": str(discount)}
    lines = bill.lines(_order(finalAmount=str(total), **facts))

    assert 200 + sum(line.amount for line in lines if line.part != Part.TAX_INSIDE) == total
