"""A buyer phones the subscriber's line: what the switchboard reads out, from our own rows alone, since a caller waits.

The number finds the orders. Nothing of another phone's is told, nothing is asked of the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Window
from django.utils import timezone

from integrations.documents import Unreadable
from integrations.ideasoft.payloads import ISTANBUL, OrderPayload, Status, parse_order
from integrations.netgsm.switchboard import Asked
from orders.models import REMEMBERED, Call, Order, Step, VoiceSettings
from orders.questions import DEFAULT_KEYWORD
from orders.voice import telling
from orders.voice.telling import Line, Manner, Outcome, Told
from subscribers import access, reach
from subscribers.models import Subscriber
from subscribers.reach import Purpose

KEPT = timedelta(days=30)
HEARD = "caller_heard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is read out, and to which extension the caller is put through then; `orders` are those that are told of."""

    outcome: Outcome
    said: str
    redirect: str = ""
    orders: tuple[Any, ...] = ()


def answer(subscriber: Subscriber, asked: Asked) -> Answer:
    """Answers a call and keeps what was said, with a step in the story of each order that was told of."""
    with transaction.atomic():
        told = weigh(subscriber, asked)
        Call.objects.create(
            subscriber_id=subscriber.pk,
            external_id=asked.call,
            caller=asked.caller,
            keys=asked.keys,
            outcome=told.outcome,
            said=told.said,
            redirect=told.redirect,
            order_id=told.orders[0].pk if told.orders else None,
        )
        Step.objects.bulk_create(_heard(subscriber, order, asked) for order in told.orders)
    return told


def weigh(subscriber: Subscriber, asked: Asked, *, manner: Manner | None = None) -> Answer:
    """What the caller would hear; nothing is kept. Without a `manner` as the merchant has set it."""
    manner = manner or manner_of(subscriber)
    if subscriber.suspended_at is not None:
        return _without(subscriber, manner, Outcome.APOLOGY)
    if not asked.caller:
        return _without(subscriber, manner, Outcome.WITHHELD)
    rows = _newest(subscriber, asked.caller)
    if not rows:
        return _without(subscriber, manner, Outcome.NOTHING)
    said = telling.of_orders(line_of(subscriber), manner, [_told(row) for row in rows], count=rows[0].count)
    return Answer(outcome=Outcome.TOLD, said=said, orders=tuple(rows))


def apologise(subscriber: Subscriber) -> Answer:
    """What a caller hears where the answer itself came to nothing."""
    return _without(subscriber, manner_of(subscriber), Outcome.APOLOGY)


def manner_of(subscriber: Subscriber) -> Manner:
    """How the merchant wants its callers answered."""
    kept = access.of(VoiceSettings, subscriber).first()
    return manner(kept) if kept else Manner()


def manner(kept: VoiceSettings) -> Manner:
    """The settings, kept or only typed, as a plain value."""
    return Manner(
        extension=kept.extension,
        says_name=kept.says_name,
        says_amount=kept.says_amount,
        says_address=kept.says_address,
        says_tracking=kept.says_tracking,
        texts=kept.texts if isinstance(kept.texts, dict) else {},
    )


def line_of(subscriber: Subscriber) -> Line:
    """Whose line is called."""
    return Line(name=subscriber.name, number=subscriber.line)


def forget() -> int:
    """Deletes the calls that are older than they are kept; tells how many."""
    with reach.across(Purpose.SCHEDULE):
        return Call.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]


def _without(subscriber: Subscriber, manner: Manner, outcome: Outcome) -> Answer:
    said = telling.of_none(line_of(subscriber), manner, outcome)
    return Answer(outcome=outcome, said=said, redirect=manner.extension)


def _newest(subscriber: Subscriber, caller: str) -> list[Any]:
    """The caller's newest orders that are told in full, each with how many there are in all."""
    lately = timezone.now() - REMEMBERED
    rows = access.of(Order, subscriber).filter(phones__contains=[caller], created_at__gte=lately)
    rows = rows.exclude(store_status=Status.DELETED).select_related("store")
    rows = rows.annotate(
        state=F("confirmations__state"),
        keyword=F("confirmations__event__keyword"),
        count=Window(Count("pk")),
    )
    return list(rows.order_by("-created_at", "-pk")[: telling.IN_FULL])


def _told(row: Any) -> Told:
    payload = _payload(row)
    return Told(
        reference=row.reference,
        status=row.store_status,
        state=row.state or "",
        created_on=row.created_at.astimezone(ISTANBUL).date(),
        store=str(row.store),
        buyer=row.buyer_name,
        amount=row.amount,
        currency=row.currency or "TRY",
        address=_address(payload, row.city),
        carrier=payload.shipping_company if payload else "",
        tracking=payload.tracking_code if payload else "",
        keyword=(row.keyword or "").strip() or DEFAULT_KEYWORD,
    )


def _payload(row: Order) -> OrderPayload | None:
    try:
        return parse_order(row.raw)
    except Unreadable:
        return None


def _address(payload: OrderPayload | None, city: str) -> str:
    """Street, district and city as the store has them."""
    shipping = payload.raw.get("shippingAddress") if payload else None
    parts = [shipping.get(name) for name in ("address", "subLocation")] if isinstance(shipping, dict) else []
    return ", ".join(part.strip() for part in [*parts, city] if isinstance(part, str) and part.strip())


def _heard(subscriber: Subscriber, order: Any, asked: Asked) -> Step:
    return Step(subscriber_id=subscriber.pk, order_id=order.pk, kind=HEARD, detail={"caller": asked.caller})
