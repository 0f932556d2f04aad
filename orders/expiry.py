"""Questions that nobody answered: after the merchant's days (`orders/terms.py`) they end, and a person decides."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from orders import attention, changes, confirmation, timeline
from orders.confirmation import Happening, State
from orders.models import Confirmation, Order
from subscribers import access, reach
from subscribers.models import Subscriber
from subscribers.reach import Purpose


def expire(*, batch: int = 500) -> int:
    """Ends up to `batch` questions whose time ran out and tells how many.

    Orders are held before their confirmations, as by whoever handles an answer; one that somebody holds waits for the
    next time. A suspended subscriber's wait: an answer that came in time is read only once it is resumed.
    """
    now = timezone.now()
    with reach.across(Purpose.SCHEDULE), transaction.atomic():
        late = Confirmation.objects.filter(state=State.WAITING, expires_at__lte=now).select_related("order")
        late = late.exclude(subscriber__in=Subscriber.objects.filter(suspended_at__isnull=False))
        orders = Order.objects.filter(pk__in=list(late.order_by("pk").values_list("order_id", flat=True)[:batch]))
        held = orders.order_by("pk").select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)
        waiting = late.filter(order__in=list(held)).order_by("pk")
        rows = list(waiting.select_for_update(of=("self",), skip_locked=True))
        for row in rows:
            row.state = confirmation.advance(State(row.state), Happening.TIME_RAN_OUT)
            row.save(update_fields=["state"])
            attention.settle(row.order)
            timeline.tell(row.order, "expired")
    return len(rows)


def put_off(subscriber: Subscriber, *, by: timedelta) -> None:
    """Gives every open question of the subscriber that much more time."""
    orders = access.of(Order, subscriber).filter(confirmations__state=State.WAITING).order_by("pk")
    with transaction.atomic():
        changes.mark(subscriber.pk, orders.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
        waiting = Confirmation.objects.filter(subscriber=subscriber, state=State.WAITING)
        waiting.update(expires_at=F("expires_at") + by)
