"""A buyer phones the subscriber's line: what the switchboard reads out, from our own rows alone, since a caller waits.

The number finds the orders. Nothing of another phone's is told, nothing is asked of the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from integrations.ideasoft.payloads import ISTANBUL, OrderPayload, Status
from integrations.netgsm.switchboard import Asked
from orders import approvals, blocked, callers, recognition
from orders import payload as payloads
from orders.confirmation import Happening, State
from orders.matching import reference_key
from orders.models import REMEMBERED, Call, Confirmation, Order, Step, VoiceSettings
from orders.questions import DEFAULT_KEYWORD
from orders.voice import telling
from orders.voice.telling import Line, Manner, Outcome, Told
from subscribers import access, reach
from subscribers.models import Subscriber
from subscribers.reach import Purpose

KEPT = timedelta(days=30)
CONFIRMS = "1"
SHORTEST_REFERENCE = 4
MOST_TRIES = 5
COUNTED_FOR = timedelta(hours=1)
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
    if not asked.keys:  # nothing is decided, so nothing need be held
        told = weigh(subscriber, asked)
        _keep(subscriber, asked, told)
        return told
    with transaction.atomic():
        _one_by_one(subscriber, asked)
        told = weigh(subscriber, asked)
        call = _keep(subscriber, asked, told)
        if told.outcome == Outcome.CONFIRMED:
            _confirm(told.orders[0], call)
    return told


def weigh(subscriber: Subscriber, asked: Asked, *, manner: Manner | None = None) -> Answer:
    """What the caller would hear; nothing is kept. Without a `manner` as the merchant has set it."""
    kept, rows = callers.look(subscriber, asked.caller, most=telling.IN_FULL)
    manner = manner or (manner_of(kept) if kept else Manner())
    if subscriber.suspended_at is not None:
        return _without(subscriber, manner, Outcome.APOLOGY)
    if asked.keys == CONFIRMS and manner.confirms_by_key and asked.caller:
        waiting = _waiting(subscriber, asked.caller)
        if waiting:
            return _confirmed(subscriber, manner, waiting)
    elif len(asked.keys.strip("*#")) >= SHORTEST_REFERENCE:
        return _keyed(subscriber, manner, asked)
    if not asked.caller:
        return _without(subscriber, manner, Outcome.WITHHELD)
    if not rows:
        return _without(subscriber, manner, Outcome.NOTHING)
    open_to_key = len(_waiting(subscriber, asked.caller)) if manner.confirms_by_key else 0
    told = [_told(row) for row in rows]
    said = telling.of_orders(line_of(subscriber), manner, told, count=rows[0].count, waiting=open_to_key)
    return Answer(outcome=Outcome.TOLD, said=said, orders=tuple(rows))


def apologise(subscriber: Subscriber) -> Answer:
    """What a caller hears where the answer itself came to nothing."""
    kept = access.of(VoiceSettings, subscriber).first()
    return _without(subscriber, manner_of(kept) if kept else Manner(), Outcome.APOLOGY)


def manner_of(kept: VoiceSettings) -> Manner:
    """The settings, kept or only typed, as a plain value."""
    return Manner(
        extension=kept.extension,
        says_name=kept.says_name,
        says_amount=kept.says_amount,
        says_address=kept.says_address,
        says_tracking=kept.says_tracking,
        confirms_by_key=kept.confirms_by_key,
        texts=kept.texts if isinstance(kept.texts, dict) else {},
    )


def line_of(subscriber: Subscriber) -> Line:
    """Whose line is called."""
    return Line(name=subscriber.name, number=subscriber.line)


def forget() -> int:
    """Deletes the calls that are older than they are kept; tells how many."""
    with reach.across(Purpose.SCHEDULE):
        deciding = Confirmation.objects.filter(call__isnull=False).values("call")
        return Call.objects.filter(at__lt=timezone.now() - KEPT).exclude(pk__in=deciding).delete()[0]


def _without(subscriber: Subscriber, manner: Manner, outcome: Outcome) -> Answer:
    said = telling.of_none(line_of(subscriber), manner, outcome)
    return Answer(outcome=outcome, said=said, redirect=manner.extension)


def _one_by_one(subscriber: Subscriber, asked: Asked) -> None:
    """Of two requests with keys the second sees what the first did: tries are counted, and nothing confirmed twice."""
    Subscriber.objects.select_for_update(of=("self",), no_key=True).get(pk=subscriber.pk)
    if asked.keys == CONFIRMS and asked.caller:
        # Locked as whoever decides an order does, the orders first and in the order of their keys.
        ids = [row.pk for row in _waiting(subscriber, asked.caller)]
        list(access.of(Order, subscriber).filter(pk__in=ids).order_by("pk").select_for_update(of=("self",)))
        opened = access.of(Confirmation, subscriber).filter(order__in=ids).order_by("pk")
        list(opened.select_for_update(of=("self",)))


def _keep(subscriber: Subscriber, asked: Asked, told: Answer) -> Call:
    """The call as it was answered, written down."""
    call = Call(
        subscriber=subscriber,
        external_id=asked.call,
        caller=asked.caller,
        keys=asked.keys,
        outcome=told.outcome,
        said=told.said,
        redirect=told.redirect,
        order_id=told.orders[0].pk if told.orders else None,
    )
    heard = told.orders if told.outcome == Outcome.TOLD else ()
    callers.keep(call, [_heard(subscriber, order, asked) for order in heard])
    return call


def _confirmed(subscriber: Subscriber, manner: Manner, waiting: list[Any]) -> Answer:
    """The caller's only order that waits is confirmed by the key; of several it is not known which is meant."""
    if len(waiting) > 1:
        return _without(subscriber, manner, Outcome.WHICH)
    said = telling.of_confirmed(manner, _told(waiting[0]))
    return Answer(outcome=Outcome.CONFIRMED, said=said, orders=tuple(waiting))


def _confirm(row: Any, call: Call) -> None:
    confirmations = access.of(Confirmation, call.subscriber).select_related("order", "event")
    approvals.decide(confirmations.get(order_id=row.pk), Happening.BUYER_CONFIRMS, call=call)


def _keyed(subscriber: Subscriber, manner: Manner, asked: Asked) -> Answer:
    """The order of the reference that was keyed in, whoever calls: so few may be tried, and little is told."""
    tried = Q(caller=asked.caller) | Q(external_id=asked.call) if asked.call else Q(caller=asked.caller)
    lately = timezone.now() - COUNTED_FOR
    tries = access.of(Call, subscriber).filter(tried, at__gte=lately, outcome__in=[Outcome.KEYED, Outcome.UNKNOWN])
    if tries.count() >= MOST_TRIES:
        return _without(subscriber, manner, Outcome.TRIES)
    key = reference_key(asked.keys.strip("*#"))
    found = list(_orders(subscriber).filter(recognition.by_reference([key])).order_by("-created_at", "-pk")[:1])
    if not found:
        return _without(subscriber, manner, Outcome.UNKNOWN)
    return Answer(outcome=Outcome.KEYED, said=telling.of_keyed(manner, _told(found[0])), orders=tuple(found))


def _waiting(subscriber: Subscriber, caller: str) -> list[Any]:
    """The caller's orders that a key could confirm, none of a blocked phone; two say that it is not known which."""
    rows = _orders(subscriber).filter(recognition.by_phone([caller]), is_blocked=False, is_cod=True)
    rows = rows.filter(confirmations__state=State.WAITING, store_status=Status.WAITING_FOR_APPROVAL)
    return list(rows.order_by("pk"))


def _orders(subscriber: Subscriber) -> QuerySet[Any]:
    """What a caller may be told of, with `state`, the `keyword` of its event, and whether it `is_blocked`."""
    lately = timezone.now() - REMEMBERED
    rows = access.of(Order, subscriber).filter(created_at__gte=lately).exclude(store_status=Status.DELETED)
    opened = {"state": F("confirmations__state"), "keyword": F("confirmations__event__keyword")}
    stated = rows.annotate(**opened, is_blocked=blocked.of_order())
    return stated.select_related("store__subscriber")


def _told(row: Any) -> Told:
    payload = payloads.of(row)
    return Told(
        reference=row.reference,
        status=row.store_status,
        state=row.state or "",
        created_on=row.created_at.astimezone(ISTANBUL).date(),
        store=row.store.name_for_buyers,
        buyer=row.buyer_name,
        amount=row.amount,
        currency=row.currency or "TRY",
        address=_address(payload, row.city),
        carrier=payload.shipping_company if payload else "",
        tracking=payload.tracking_code if payload else "",
        keyword=(row.keyword or "").strip() or DEFAULT_KEYWORD,
        is_blocked=row.is_blocked,
    )


def _address(payload: OrderPayload | None, city: str) -> str:
    """Street, district and city as the store has them."""
    shipping = payload.raw.get("shippingAddress") if payload else None
    parts = [shipping.get(name) for name in ("address", "subLocation")] if isinstance(shipping, dict) else []
    return ", ".join(part.strip() for part in [*parts, city] if isinstance(part, str) and part.strip())


def _heard(subscriber: Subscriber, order: Any, asked: Asked) -> Step:
    return Step(subscriber_id=subscriber.pk, order_id=order.pk, kind=HEARD, detail={"caller": asked.caller})
