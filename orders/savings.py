"""What the portal saved: parcels that never left because the buyer was asked first."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from integrations.ideasoft.payloads import Status
from messaging.models import OutgoingMessage, Purpose
from orders.confirmation import State
from orders.models import Order, Step
from subscribers import access
from subscribers.models import Subscriber

ON_ITS_WAY = (Status.FULFILLED, Status.DELIVERED, Status.REFUNDED)
STAYED = (Status.WAITING_FOR_APPROVAL, Status.CANCELLED, Status.DELETED)


def parcels(subscriber: Subscriber, *, since: datetime) -> int:
    """How many COD orders that came since then were not sent although they would have been.

    Those whose buyer or merchant declined, and those whose buyer stayed silent until the store cancelled; none that the
    store ever sent, and none that it cancelled while the buyer still had time.
    """
    declined = Q(confirmations__state=State.DECLINED, store_status__in=STAYED)
    in_silence = Q(confirmations__state=State.EXPIRED) | Q(confirmations__state=State.CLOSED) & Exists(
        _closed_in_silence(subscriber)
    )
    sent = Step.objects.filter(
        subscriber=subscriber, order=OuterRef("pk"), kind="store_status", detail__after__in=list(ON_ITS_WAY)
    )
    orders = access.of(Order, subscriber).filter(created_at__gte=since, is_cod=True)
    return orders.filter(declined | in_silence & Q(store_status=Status.CANCELLED)).exclude(Exists(sent)).count()


def _closed_in_silence(subscriber: Subscriber) -> QuerySet[Step]:
    """The step of an order by which the store closed it, where the buyer's hours were over by then."""
    hours = timedelta(hours=subscriber.silent_hours)
    asked_since = OutgoingMessage.objects.filter(
        subscriber=subscriber,
        about=OuterRef("order_id"),
        purpose=Purpose.QUESTION,
        sent_at__gt=OuterRef("at") - hours,
    )
    return Step.objects.filter(
        ~Exists(asked_since),
        subscriber=subscriber,
        order=OuterRef("pk"),
        kind="closed_by_store",
        at__gte=OuterRef("confirmations__opened_at") + hours,
    )
