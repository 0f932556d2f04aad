"""An order as its store told it, read again from the row: the goods, the carrier, whatever has no column of its own."""

from __future__ import annotations

from integrations.documents import Unreadable
from integrations.ideasoft.payloads import OrderPayload, parse_order
from orders.models import Order


def of(order: Order) -> OrderPayload | None:
    """What the store told last; None where that cannot be read."""
    try:
        return parse_order(order.raw)
    except Unreadable:
        return None
