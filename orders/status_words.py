"""A store's order statuses as a Turkish sentence tells them to a buyer, by SMS or on the phone. Plain values.

Screens have words of their own, in the reader's language (`portal/dashboard/looks.py`).
"""

from __future__ import annotations

from integrations.ideasoft.payloads import Status

STATUSES: dict[str, str] = {
    Status.WAITING_FOR_APPROVAL: "onay bekliyor",
    Status.APPROVED: "onaylandı",
    Status.FULFILLED: "kargoya verildi",
    Status.CANCELLED: "iptal edildi",
    Status.DELIVERED: "teslim edildi",
    Status.ON_ACCUMULATION: "tedarik ediliyor",
    Status.WAITING_FOR_PAYMENT: "ödeme bekliyor",
    Status.BEING_PREPARED: "hazırlanıyor",
    Status.REFUNDED: "iade edildi",
}
OTHER = "işlemde"


def of(status: str) -> str:
    """The status that the store wrote, in words; one that has none of its own is under way."""
    return STATUSES.get(status, OTHER)
