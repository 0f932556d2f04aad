"""*Aktif İnteraktif olay listesi*: a subscriber's events in the order in which they look at an incoming SMS."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from integrations.netgsm import length
from messaging import outbox, texts
from messaging.models import InteractiveEvent
from subscribers.models import Subscriber


def listed(subscriber: Subscriber) -> QuerySet[InteractiveEvent]:
    """All of them, first the one that looks first; equal priorities by age."""
    events = InteractiveEvent.objects.filter(subscriber=subscriber).select_related("store")
    return events.order_by("priority", "created_at")


def move(event: InteractiveEvent, *, up: bool) -> None:
    """Lets the event look one place earlier or later; priorities become 1, 2, 3… in the list's order."""
    with transaction.atomic():
        Subscriber.objects.select_for_update().get(pk=event.subscriber_id)  # two windows may move at once
        order = list(listed(event.subscriber))
        place = order.index(event)
        other = place + (-1 if up else 1)
        if 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
        for priority, each in enumerate(order, start=1):
            InteractiveEvent.objects.filter(pk=each.pk).exclude(priority=priority).update(priority=priority)


def check_text(text: str, *, purpose: texts.Purpose) -> None:
    """Refuses what could not be sent as it stands. Raises `texts.UnknownPlaceholder` and `outbox.TextTooLong`."""
    texts.check(text, purpose=purpose)
    measure = length.measure(text)
    if measure.units > measure.longest:
        raise outbox.TextTooLong(measure)
