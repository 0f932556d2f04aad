"""The payment types that a subscriber's stores are known to write on orders."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from integrations.ideasoft.payloads import fold, is_cod
from orders.models import REMEMBERED, Order
from subscribers import access
from subscribers.models import Subscriber

# The platform's own two (facts: A), so that they can be chosen before the first order came.
ALWAYS = ("Kapıda Ödeme Nakit", "Kapıda Ödeme Kredi Kartı")
MOST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentType:
    """A payment type by the name that the store writes, and whether it is paid at the door."""

    name: str
    is_cod: bool


def known(subscriber: Subscriber) -> list[PaymentType]:
    """Those of the last 60 days' orders, and the platform's own for payment at the door; each once, in order."""
    lately = access.of(Order, subscriber).filter(created_at__gte=timezone.now() - REMEMBERED)
    rows = lately.exclude(payment_type_name="").order_by().values_list("payment_type_name", "is_cod").distinct()[:MOST]
    told = [*rows, *((name, is_cod(name)) for name in ALWAYS)]
    once = {fold(name): PaymentType(name=name, is_cod=cod) for name, cod in reversed(told)}
    return sorted(once.values(), key=lambda kind: (not kind.is_cod, fold(kind.name)))
