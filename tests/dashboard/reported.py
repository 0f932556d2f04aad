"""What the tests of *Raporlar* count: orders, their questions and other SMS, and the report of a shop."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from messaging.models import OutgoingState, Purpose
from orders.confirmation import State
from orders.models import Order
from orders.reports import Report
from portal.dashboard import periods
from portal.dashboard.reports import report_of
from subscribers.models import Subscriber
from tests.factories import (
    Cast,
    ConfirmationFactory,
    OrderFactory,
    OutgoingMessageFactory,
)


def order(cast: Cast, state: State | None = None, *, days_ago: int = 0, is_asked: bool = True, **facts: Any) -> Order:
    at = timezone.now() - timedelta(days=days_ago)
    made: Order = OrderFactory.create(**{"subscriber": cast.shop, "created_at": at, **facts})
    if state is not None:
        by = cast.owner if state in (State.CONFIRMED, State.APPROVED) else None
        ConfirmationFactory.create(order=made, state=state, decided_by=by, opened_at=at)
        if is_asked:
            question(made)
    return made


def question(about: Order) -> None:
    OutgoingMessageFactory.create(
        subscriber=about.subscriber, about=about.pk, purpose=Purpose.QUESTION, created_at=about.created_at
    )


def sms(
    cast: Cast, *, days_ago: int = 0, segments: int = 1, state: str = OutgoingState.DELIVERED, **facts: Any
) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    sent_at = None if state == OutgoingState.QUEUED else at
    OutgoingMessageFactory.create(
        subscriber=cast.shop, created_at=at, sent_at=sent_at, segments=segments, state=state, **facts
    )


def report(shop: Subscriber, name: str = periods.USUAL, store: str = "") -> Report:
    return report_of(shop, periods.named(name, now=timezone.now()), store)


def text_of(client: Client, query: str = "") -> str:
    return client.get(f"/raporlar/{query}").content.decode()
