"""An answer that nobody understood, and a word that it teaches, in the tests of *Bunu da anla*."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from integrations.netgsm.models import Account
from messaging.models import IncomingMessage, IncomingState, InteractiveEvent
from orders.confirmation import State
from orders.models import Order
from subscribers.models import Subscriber
from tests.factories import (
    ConfirmationFactory,
    IncomingMessageFactory,
    OrderFactory,
)


def unmatched(shop: Subscriber, text: str = "Gönderin lütfen", **facts: Any) -> IncomingMessage:
    told = {"state": IncomingState.UNMATCHED, "reason": "no_keyword", "outcome": "unmatched", **facts}
    return IncomingMessageFactory.create(
        subscriber=shop, text=text, account=Account.objects.get(subscriber=shop), **told
    )


def ordered(event: InteractiveEvent, **facts: Any) -> Order:
    placed = timezone.now() - timedelta(hours=2)
    order = OrderFactory.create(subscriber=event.subscriber, store=event.store, created_at=placed, **facts)
    ConfirmationFactory.create(order=order, state=State.WAITING)
    return order


def page_of(answer: Any) -> str:
    return " ".join(str(answer.content.decode()).split())


def teach(client: Client, message: IncomingMessage, event: InteractiveEvent, **typed: str) -> Any:
    """Keeps the word for which the page has shown what changes; `again` unless told otherwise."""
    told = {"word": "gönderin", "meaning": "confirms", "event": str(event.pk), "again": "on", **typed}
    seen = client.post(f"/mesajlar/{message.pk}/anla/", {**told, "preview": "1"})
    shown = page_of(seen).partition('name="shown" value="')[2].partition('"')[0]
    return client.post(f"/mesajlar/{message.pk}/anla/", {**told, "shown": shown})


def shown_for(client: Client, message: IncomingMessage, event: InteractiveEvent, **typed: str) -> str:
    """What the page says once *Ne değişir, göster* was pressed."""
    return page_of(client.post(f"/mesajlar/{message.pk}/anla/", typed_for(event, **typed)))


def typed_for(event: InteractiveEvent, **typed: str) -> dict[str, str]:
    """What the form sends when *Ne değişir, göster* is pressed."""
    return {"word": "gönderin", "meaning": "confirms", "event": str(event.pk), "preview": "1", **typed}


def words_of(event: InteractiveEvent) -> tuple[list[str], list[str]]:
    event.refresh_from_db()
    return event.confirming_words, event.refusal_words
