"""*Bir cevap dene*: what a buyer's answer would bring about, without sending, asking or writing anything.

The answer is weighed by `answers.weigh`, over the same events and orders as one that came in: only nobody is asked
and nothing follows. Where the live way would ask the stores for a number nobody knows, the trial says so and tells
what comes of it where they do not have it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from messaging.models import IncomingMessage, InteractiveEvent
from orders import answers, matching
from orders.matching import Outcome, Verdict
from orders.models import Order
from subscribers import access
from subscribers.models import Subscriber

MOST_OFFERED = 20
SAMPLE_REFERENCE = "100245"
SAMPLE_PHONE = "+905320000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """One order that the answer was held to be about; `order` is None for the sample's."""

    decision: matching.Decision
    order: Order | None
    event: InteractiveEvent | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What would happen. `event` takes the message; `asked_for`: the numbers that stores would be asked for."""

    outcome: Outcome
    event: InteractiveEvent | None
    meant: tuple[Meant, ...]
    asked_for: tuple[str, ...] = ()


def answer(subscriber: Subscriber, *, text: str, sender: str) -> Trial:
    """Tries an answer from that phone (E.164), sent now, against the orders that are there."""
    message = _message(subscriber, text, sender)
    asked_for: tuple[str, ...] = ()
    weighed = answers.weigh(message, asked_store=False)
    if weighed.outcome.verdict == Verdict.ASK_STORE:
        asked_for = weighed.outcome.unknown_references[: answers.MOST_REFERENCES]
        weighed = answers.weigh(message, asked_store=True)
    orders = {str(order.id): order for order in weighed.orders}
    return _trial(weighed.outcome, weighed.events, orders.get, asked_for)


def sample(subscriber: Subscriber, event: InteractiveEvent, *, text: str, sender: str = SAMPLE_PHONE) -> Trial:
    """Tries an answer where nothing but one made-up order of the event's store waits; its phone is `SAMPLE_PHONE`."""
    now, events = timezone.now(), answers.listening(subscriber.pk)
    order = matching.Confirmation(
        id=SAMPLE_REFERENCE,
        store=str(event.store_id),
        references=(SAMPLE_REFERENCE,),
        phones=frozenset({SAMPLE_PHONE}),
        created_at=now,
        state=matching.State.OPEN,
    )
    outcome = matching.match(
        text,
        sender=sender,
        sent_at=now,
        events=[answers.plain_event(each) for each in events],
        confirmations=[order],
        asked_store=True,
    )
    return _trial(outcome, events, lambda _id: None, ())


def offered(subscriber: Subscriber) -> list[Order]:
    """The newest orders whose buyer might write."""
    orders = access.of(Order, subscriber).filter(is_cod=True).exclude(phone="")
    return list(orders.order_by("-created_at")[:MOST_OFFERED])


def _message(subscriber: Subscriber, text: str, sender: str) -> IncomingMessage:
    """An answer that is never saved."""
    return IncomingMessage(subscriber=subscriber, text=text, sender=sender, sent_at=timezone.now())


def _trial(
    outcome: Outcome,
    events: list[InteractiveEvent],
    order_of: Callable[[str], Order | None],
    asked_for: tuple[str, ...],
) -> Trial:
    rows = {str(event.pk): event for event in events}
    meant = tuple(
        Meant(
            decision=decision,
            order=order_of(decision.confirmation_id),
            event=rows.get(decision.event.id) if decision.event else None,
        )
        for decision in outcome.decisions
    )
    event = rows.get(outcome.event.id) if outcome.event else None
    return Trial(outcome=outcome, event=event, meant=meant, asked_for=asked_for)
