"""Questions that nobody answered: after `QUESTION_EXPIRES_DAYS` they end, and the order waits for a person."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from orders import attention, confirmation, timeline
from orders.confirmation import Happening, State
from orders.models import Confirmation
from subscribers import reach
from subscribers.reach import Purpose


def expire(*, batch: int = 500) -> int:
    """Ends up to `batch` questions whose time ran out and tells how many."""
    now = timezone.now()
    with reach.across(Purpose.SCHEDULE), transaction.atomic():
        late = Confirmation.objects.filter(state=State.WAITING, expires_at__lte=now).select_related("order")
        rows = list(late.order_by("pk").select_for_update(of=("self",), skip_locked=True)[:batch])
        for row in rows:
            row.state = confirmation.advance(State(row.state), Happening.TIME_RAN_OUT)
            row.save(update_fields=["state"])
            attention.settle(row.order)
            timeline.tell(row.order, "expired")
    return len(rows)
