"""What an order's total is made of, line by line, so that the lines add up to it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from integrations.ideasoft.payloads import OrderPayload

LEAST = Decimal("0.01")


class Part(StrEnum):
    """What a line of the bill is for."""

    SHIPPING = "shipping"
    SERVICE = "service"
    TAX = "tax"
    TAX_INSIDE = "tax_inside"
    DISCOUNT = "discount"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line below the goods. `TAX_INSIDE` is told and not added: the goods' prices hold it."""

    part: Part
    amount: Decimal


def lines(order: OrderPayload) -> tuple[Line, ...]:
    """What stands between the goods and what the buyer pays.

    The platform says that goods are without tax and the total is the sum of all (facts, 2.4: A); a store whose prices
    hold the tax is seen by its sum. What nobody can name (an instalment's charge, a discount of a product) is `OTHER`.
    """
    charges = order.charges
    told = [
        Line(part=Part.DISCOUNT, amount=-charges.discount),
        Line(part=Part.SHIPPING, amount=charges.shipping),
        Line(part=Part.SERVICE, amount=charges.service),
        Line(part=Part.TAX, amount=charges.tax),
    ]
    told = [line for line in told if abs(line.amount) >= LEAST]
    if order.amount is None or not order.items:
        return tuple(told)
    goods = sum((item.price * item.quantity for item in order.items), Decimal(0))
    rest = (order.amount - goods - sum(line.amount for line in told)).quantize(LEAST)
    if charges.tax and rest == -charges.tax.quantize(LEAST):
        inside = [line for line in told if line.part != Part.TAX]
        return (*inside, Line(part=Part.TAX_INSIDE, amount=charges.tax))
    return (*told, Line(part=Part.OTHER, amount=rest)) if rest else tuple(told)
