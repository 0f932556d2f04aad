"""*Aktif İnteraktif olay listesi*: a subscriber's events in the order in which they look at an incoming SMS."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet

from integrations.netgsm import length
from messaging import outbox, texts
from messaging.models import IncomingMessage, IncomingState, InteractiveEvent, Settled
from messaging.turkish import fold
from subscribers import audit
from subscribers.models import Subscriber, User

MOST_WORDS = 30


class TooManyWords(Exception):
    """The event knows as many words of that kind as one may."""


def listed(subscriber: Subscriber) -> QuerySet[InteractiveEvent]:
    """All of them, first the one that looks first; equal priorities by age."""
    events = InteractiveEvent.objects.filter(subscriber=subscriber).select_related("store")
    return events.order_by("priority", "created_at")


def matched(subscriber: Subscriber, *, since: datetime) -> dict[UUID, int]:
    """How many answers each event took and understood since then, by its key; those without any are left out."""
    handled = IncomingMessage.objects.filter(
        subscriber=subscriber, state=IncomingState.HANDLED, event__isnull=False, received_at__gte=since
    ).exclude(outcome__in=Settled.values)
    return dict(handled.order_by().values_list("event").annotate(Count("pk")))


def save(event: InteractiveEvent, *, by: User) -> None:
    """Keeps an event as it was filled in."""
    with transaction.atomic():
        event.save()
        audit.record(about=event, action="event_saved", by=by)


def learn(event: InteractiveEvent, word: str, *, refuses: bool, by: User, **detail: Any) -> bool:
    """Teaches an event a word that confirms, or one that refuses; false where it knows the word already.

    `detail` goes into the audit. Raises `TooManyWords`.
    """
    name = "refusal_words" if refuses else "confirming_words"
    with transaction.atomic():
        # Answers that are handled meanwhile name the event: their rows must not wait for this.
        fresh = InteractiveEvent.objects.select_for_update(no_key=True, of=("self",)).get(pk=event.pk)
        known: list[str] = getattr(fresh, name)
        if fold(word) in map(fold, known):
            return False
        if len(known) >= MOST_WORDS:
            raise TooManyWords
        setattr(fresh, name, [*known, word])
        fresh.save(update_fields=[name])
        audit.record(about=fresh, action="event_word_learned", by=by, word=word, list=name, **detail)
    return True


def turn(event: InteractiveEvent, *, on: bool, by: User) -> None:
    """On or off; written down where that is a change."""
    if event.is_on == on:
        return
    event.is_on = on
    with transaction.atomic():
        event.save(update_fields=["is_on"])
        audit.record(about=event, action="event_turned_on" if on else "event_turned_off", by=by)


def move(event: InteractiveEvent, *, up: bool, by: User) -> None:
    """Lets the event look one place earlier or later."""
    with transaction.atomic():
        order = _locked(event.subscriber)
        place = order.index(event)
        other = place + (-1 if up else 1)
        if 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
        _number(event.subscriber, order, by=by)


def arrange(subscriber: Subscriber, keys: Sequence[UUID], *, by: User) -> None:
    """Lets the events look in the order of these keys; what is not named, or came meanwhile, looks behind them."""
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    with transaction.atomic():
        order = sorted(_locked(subscriber), key=lambda event: places.get(event.pk, len(places)))
        _number(subscriber, order, by=by)


def _locked(subscriber: Subscriber) -> list[InteractiveEvent]:
    """All events in their order, with nobody else ordering them meanwhile: two windows may do so at once."""
    Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    return list(listed(subscriber))


def _number(subscriber: Subscriber, order: list[InteractiveEvent], *, by: User) -> None:
    """Priorities become 1, 2, 3… in this order; written down where that changed one."""
    moved = [event for priority, event in enumerate(order, start=1) if event.priority != priority]
    for priority, event in enumerate(order, start=1):
        event.priority = priority
    if moved:
        InteractiveEvent.objects.bulk_update(moved, ["priority"])
        audit.record(about=subscriber, action="events_ordered", by=by, order=[str(event.pk) for event in order])


def check_text(text: str, *, purpose: texts.Purpose) -> None:
    """Refuses what could not be sent as it stands. Raises `texts.UnknownPlaceholder` and `outbox.TextTooLong`."""
    texts.check(text, purpose=purpose)
    measure = length.measure(text)
    if measure.units > measure.longest:
        raise outbox.TextTooLong(measure)
