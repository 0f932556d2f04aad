"""How many callers were answered, and to how many something of their orders was told: as long as calls are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from orders.calls import KEPT
from orders.models import Call
from subscribers import access, spans
from subscribers.models import Subscriber
from subscribers.spans import Span


@dataclass(frozen=True, slots=True)
class Calls:
    """So many calls `came`; at so many of them an order was `told` of."""

    came: int = 0
    told: int = 0


def counts(subscriber: Subscriber, wanted: Sequence[Span], *, store: str = "") -> list[Calls | None]:
    """For each span; None where it begins before the calls that are still kept.

    `store` is a public code, empty for all; of one store alone count the calls that were told of its orders.
    """
    kept_since = timezone.now() - KEPT
    rows = access.of(Call, subscriber).filter(spans.within("at", wanted))
    if store:
        rows = rows.filter(order__store__code=store)
    counted = rows.annotate(number=spans.number_of("at", wanted)).order_by().values_list("number")
    found = {
        number: Calls(came, told)
        for number, came, told in counted.annotate(came=Count("pk"), told=Count("pk", filter=Q(order__isnull=False)))
    }
    return [found.get(number, Calls()) if span.since >= kept_since else None for number, span in enumerate(wanted)]
