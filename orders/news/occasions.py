"""Which news a store's order status stands for, and which of the store's own SMS says the same. Plain values.

Source: facts on the store platform, 2.5 (statuses) and 7 (`sms_config`).
"""

from __future__ import annotations

from integrations.ideasoft.payloads import Status
from orders.models import When

STATUS_OF: dict[When, Status] = {
    When.RECEIVED: Status.WAITING_FOR_APPROVAL,
    When.WAITING_FOR_PAYMENT: Status.WAITING_FOR_PAYMENT,
    When.APPROVED: Status.APPROVED,
    When.BEING_PREPARED: Status.BEING_PREPARED,
    When.SHIPPED: Status.FULFILLED,
    When.DELIVERED: Status.DELIVERED,
    When.CANCELLED: Status.CANCELLED,
    When.REFUNDED: Status.REFUNDED,
    When.PERSONAL_1: Status.PERSONAL_1,
    When.PERSONAL_2: Status.PERSONAL_2,
    When.PERSONAL_3: Status.PERSONAL_3,
}
_WHEN = {status.value: when for when, status in STATUS_OF.items()}

# The store's own SMS switch (`sms_config`) of the same occasion: with both on, the buyer gets two texts.
SWITCH_OF: dict[When, str] = {
    When.RECEIVED: "orderReceived",
    When.WAITING_FOR_PAYMENT: "orderWaitingPayment",
    When.APPROVED: "orderApproved",
    When.BEING_PREPARED: "orderWaitingPrepare",
    When.SHIPPED: "shipmentSent",
    When.DELIVERED: "shipmentReceived",
    When.CANCELLED: "orderCancelled",
    When.REFUNDED: "orderRefunded",
    When.PERSONAL_1: "personalOrderStatus1",
    When.PERSONAL_2: "personalOrderStatus2",
    When.PERSONAL_3: "personalOrderStatus3",
}


def of_status(status: str) -> When | None:
    """The news that an order at this status of the store may give; None where there is none."""
    return _WHEN.get(status)
