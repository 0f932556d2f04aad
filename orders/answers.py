"""What a buyer's answer brings about.

`matching.match` says what an answer means; this module gives it the line's events and the orders it may concern, asks
the store for a reference nobody knows yet, and writes down what follows, all in one transaction. In doubt nothing is
approved, and the message stays where a person sees it with the reason.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from integrations.failures import Failure, Rejected, Unavailable
from integrations.ideasoft import client
from integrations.ideasoft import connection as stores
from integrations.ideasoft.models import Connection, Store
from integrations.ideasoft.payloads import Status
from messaging import inbox
from messaging.models import IncomingMessage, IncomingState, InteractiveEvent, OtherPhone
from orders import (
    approvals,
    attention,
    blocked,
    intake,
    matching,
    questions,
    recognition,
    replies,
    terms,
    timeline,
    unread,
)
from orders.confirmation import Happening, State
from orders.matching import Outcome, Reason, Verdict
from orders.matching.concerned import CHANGED_MIND
from orders.models import REMEMBERED, Confirmation, Order
from subscribers import audit
from work import queues, wake
from work.claims import Claim

log = structlog.get_logger(__name__)

MOST_ORDERS = 200
MOST_REFERENCES = 3
STORE_ASKED = "store asked"
NOT_UNDERSTOOD = unread.STEP
_CALLED_OFF = (Status.CANCELLED, Status.DELETED)

_STATES: dict[State, matching.State] = {
    State.WAITING: matching.State.OPEN,
    State.CONFIRMED: matching.State.CONFIRMED,
    State.APPROVED: matching.State.CONFIRMED,
    State.DECLINED: matching.State.DECLINED,
    State.EXPIRED: matching.State.EXPIRED,
    State.CLOSED: matching.State.CLOSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What an answer means, with the line's events and the orders that it was held against."""

    outcome: Outcome
    events: list[InteractiveEvent]
    orders: list[Order]


def weigh(message: IncomingMessage, *, asked_store: bool, events: list[InteractiveEvent] | None = None) -> Weighed:
    """What an answer would mean now, also one that was never received: reads alone, locks and asks nothing.

    `events`: held against these instead of those that listen.
    """
    events = listening(message.subscriber_id) if events is None else events
    orders = _read_orders(_concerned(message))
    outcome = _outcome(message, events, orders, asked_store=asked_store)
    return Weighed(outcome=outcome, events=events, orders=orders)


def handle(claim: Claim[IncomingMessage]) -> None:
    """Handles the answers of one account, oldest first."""
    for message in sorted(claim.rows, key=lambda row: (row.sent_at, row.received_at)):
        _handle(claim, message)


def _handle(claim: Claim[IncomingMessage], message: IncomingMessage) -> None:
    """Matches, asks the stores where that is needed, and writes down what follows.

    While a store cannot be asked the answer waits, visibly: what nobody could look up is not called unknown.
    """
    to_ask = _settle(claim, message, asked_store=False)
    if to_ask is None:
        return
    wake.let_others()
    try:
        _ask_stores(message, to_ask)
    except Failure as failure:
        claim.again(message, failure=f"{STORE_ASKED}: {failure.reason}")
        return
    _settle(claim, message, asked_store=True)


@transaction.atomic
def _settle(claim: Claim[IncomingMessage], message: IncomingMessage, *, asked_store: bool) -> Outcome | None:
    """Matches under the orders' locks, so that two answers in the same instant see each other, and writes it down.

    Where a store must be asked first, gives back what to ask, and nothing has changed.
    """
    if not claim.holds(message):
        return None
    events = listening(message.subscriber_id)
    orders = _lock_orders(message)
    outcome = _outcome(message, events, orders, asked_store=asked_store)
    if outcome.verdict == Verdict.ASK_STORE:
        return outcome
    _write(claim, message, outcome, orders, events)
    return None


def _write(
    claim: Claim[IncomingMessage],
    message: IncomingMessage,
    outcome: Outcome,
    orders: list[Order],
    events: list[InteractiveEvent],
) -> None:
    for decision in outcome.decisions:
        order = next(order for order in orders if str(order.id) == decision.confirmation_id)
        if decision.reason == Reason.ORDER_BLOCKED:
            unread.show(message, order, reason=Reason.ORDER_BLOCKED)
            continue
        event = _event_of(decision.event or outcome.event, events)
        if event is not None:
            _apply(message, order, event, decision)
    is_unclear = outcome.verdict in (Verdict.UNMATCHED, Verdict.ASK_WHICH)
    if is_unclear and outcome.reason != Reason.ORDER_BLOCKED:
        unread.show_on_open(message, orders, reason=outcome.reason)
    if outcome.verdict == Verdict.ASK_WHICH:
        _ask_which(message, outcome, orders, events)
    state = IncomingState.UNMATCHED if outcome.verdict == Verdict.UNMATCHED else IncomingState.HANDLED
    claim.close(
        message,
        state=state,
        event=_event_of(outcome.event, events),
        outcome=str(outcome.verdict),
        reason=str(outcome.reason),
        trace=[asdict(step) for step in outcome.trace],
        handled_at=timezone.now(),
    )


def _apply(
    message: IncomingMessage,
    order: Order,
    event: InteractiveEvent,
    decision: matching.Decision,
) -> None:
    if decision.verdict == Verdict.CONFIRM:
        approvals.decide(_opened(order, event), Happening.BUYER_CONFIRMS, answer=message)
    elif decision.verdict == Verdict.DECLINE:
        approvals.decide(_opened(order, event), Happening.BUYER_DECLINES, answer=message)
        replies.declined(order, event)
    elif decision.verdict == Verdict.OTHER_PHONE:
        timeline.tell(order, "answer_from_other_phone", incoming=message, reason=str(decision.reason))
        audit.raise_notice(about=order, kind="answer_from_other_phone", message=str(message.pk))
        replies.other_phone(order, event, message)
    elif decision.verdict == Verdict.LATE:
        reason, decided = str(decision.reason), _decided(order)
        timeline.tell(order, "answer_late", incoming=message, reason=reason, decided=decided)
        if decision.reason in CHANGED_MIND.values():
            attention.mind_changed(order, message, reason=reason, decided=decided)
        replies.late(order, event, message, why=str(decision.reason))


def _decided(order: Order) -> str:
    """Who had decided the order before: `buyer`, `person` or, where the store moved it on by itself, `store`."""
    opened = next(iter(order.confirmations.all()), None)
    if opened is None or opened.state == State.CLOSED:
        return "store"
    return "person" if opened.answer_id is None and opened.call_id is None else "buyer"


def _ask_which(message: IncomingMessage, outcome: Outcome, orders: list[Order], events: list[InteractiveEvent]) -> None:
    event = _event_of(outcome.event, events)
    named = {decision.confirmation_id for decision in outcome.decisions}
    meant = [order for order in orders if str(order.id) in named]
    if event is not None and meant:
        replies.which(meant, event, message)


def _opened(order: Order, event: InteractiveEvent) -> Confirmation:
    """The order's confirmation, read under its lock; opened now where its buyer answered before we asked."""
    known = next(iter(order.confirmations.all()), None)
    if known is not None:
        return known
    opened, _ = Confirmation.objects.select_related("order", "event").get_or_create(
        subscriber_id=order.subscriber_id,
        order=order,
        defaults={"event": event, "state": State.WAITING, "expires_at": terms.ends_at(order.subscriber)},
    )
    return opened


def _outcome(
    message: IncomingMessage, events: list[InteractiveEvent], orders: list[Order], *, asked_store: bool
) -> Outcome:
    """What the answer means, less what the shop's blocks set aside."""
    known = blocked.among(message.subscriber_id, [message.sender, *(phone for each in orders for phone in each.phones)])
    outcome = _match(message, events, orders, asked_store=asked_store)
    if message.sender in known:
        is_aside = blocked.sets_aside(outcome.verdict, is_blocked=True)
        return Outcome(verdict=Verdict.UNMATCHED, reason=Reason.PHONE_BLOCKED) if is_aside else outcome
    free = [order for order in orders if known.isdisjoint(order.phones)]
    return blocked.spare(
        outcome,
        held=frozenset(str(order.pk) for order in orders if not known.isdisjoint(order.phones)),
        asked=frozenset(str(order.pk) for order in orders if order.confirmations.all()),
        without=lambda: _match(message, events, free, asked_store=asked_store),
    )


def _match(
    message: IncomingMessage, events: list[InteractiveEvent], orders: list[Order], *, asked_store: bool
) -> Outcome:
    return matching.match(
        message.text,
        sender=message.sender,
        sent_at=message.sent_at,
        events=[plain_event(event) for event in events],
        confirmations=[_plain_order(order) for order in orders],
        asked_store=asked_store,
        asked_which=_asked_which(message, orders),
    )


def _asked_which(message: IncomingMessage, orders: list[Order]) -> frozenset[str]:
    """The sender's open orders, where the newest question *which one* to that phone named just these, and lately."""
    opened = [order for order in orders if message.sender in order.phones and _state(order) == matching.State.OPEN]
    if len(opened) < 2 or not replies.asked_which(opened, message):
        return frozenset()
    return frozenset(str(order.pk) for order in opened)


def listening(subscriber_id: uuid.UUID) -> list[InteractiveEvent]:
    """The line's events that are on, the one that looks first leading."""
    events = InteractiveEvent.objects.filter(
        subscriber_id=subscriber_id, kind=questions.KIND, is_on=True
    ).select_related("store")
    return list(events.order_by("priority", "created_at"))


def _concerned(message: IncomingMessage) -> list[uuid.UUID]:
    """The COD orders this answer may concern: those of its sender, and those whose reference it may name."""
    keys = list(matching.candidate_references(message.text))
    concerns = recognition.by_reference(keys)
    if message.sender:
        concerns |= recognition.by_phone([message.sender])
    orders = Order.objects.filter(
        concerns,
        subscriber_id=message.subscriber_id,
        is_cod=True,
        created_at__gte=message.sent_at - REMEMBERED,
    )
    return list(orders.order_by("-created_at").values_list("pk", flat=True)[:MOST_ORDERS])


def _lock_orders(message: IncomingMessage) -> list[Order]:
    """The orders this answer may concern, locked with their confirmations in the order of their keys, read afresh."""
    opened = Confirmation.objects.order_by("pk").select_for_update(of=("self",))
    locked = _with_store(_concerned(message)).order_by("pk").select_for_update(of=("self",))
    return sorted(locked.prefetch_related(Prefetch("confirmations", opened)), key=_age, reverse=True)


def _read_orders(ids: list[uuid.UUID]) -> list[Order]:
    return sorted(_with_store(ids).prefetch_related("confirmations"), key=_age, reverse=True)


def _with_store(ids: list[uuid.UUID]) -> QuerySet[Order]:
    return Order.objects.filter(pk__in=ids).select_related("store")


def _age(order: Order) -> datetime:
    return order.created_at


def plain_event(event: InteractiveEvent) -> matching.Event:
    """The event as matching takes it."""
    return matching.Event(
        id=str(event.pk),
        store=str(event.store_id),
        priority=event.priority,
        keyword=event.keyword,
        created_at=event.created_at,
        accept_other_phone=event.other_phone == OtherPhone.ACCEPT,
        refusal_words=tuple(event.refusal_words),
        confirming_words=tuple(event.confirming_words),
    )


def _plain_order(order: Order) -> matching.Confirmation:
    return matching.Confirmation(
        id=str(order.pk),
        store=str(order.store_id),
        references=(order.reference, str(order.external_id)),
        phones=frozenset(order.phones),
        created_at=order.created_at,
        state=_state(order),
    )


def _state(order: Order) -> matching.State:
    """What the order counts as. What the store shows now stands, whatever it was closed for, or approved as."""
    opened = next(iter(order.confirmations.all()), None)
    if opened is not None and opened.state == State.CLOSED and order.store_status in intake.APPROVED_IN_EFFECT:
        return matching.State.CONFIRMED
    if opened is not None and opened.state == State.APPROVED and order.store_status in _CALLED_OFF:
        return matching.State.CLOSED
    if opened is not None:
        return _STATES[State(opened.state)]
    waits = order.store_status == questions.WAITING_STATUS
    return matching.State.OPEN if waits else matching.State.CLOSED


def _event_of(event: matching.Event | None, events: list[InteractiveEvent]) -> InteractiveEvent | None:
    return next((row for row in events if event is not None and str(row.pk) == event.id), None)


def _ask_stores(message: IncomingMessage, outcome: Outcome) -> None:
    """Asks the line's stores for the references nobody knows yet: in store mode a buyer answers before the next poll.

    Raises what a store's call raises, unless another store has the order.
    """
    failure: Failure | None = None
    found_any = False
    asked = Store.objects.filter(
        subscriber_id=message.subscriber_id, connection=Connection.CONNECTED, events__is_on=True
    )
    for store in asked.distinct():
        try:
            found_any |= _ask_store(store, outcome.unknown_references[:MOST_REFERENCES])
        except Failure as problem:
            failure = problem
    if failure is not None and not found_any:
        raise failure


def _ask_store(store: Store, references: Iterable[str]) -> bool:
    """Whether the store has an order of one of these references; what it has is kept. Its pause is heeded."""
    if store.paused_until is not None and store.paused_until > timezone.now():
        raise Unavailable("store_paused")
    found_any = False
    for reference in references:
        try:
            found = stores.call(store, lambda api, named=reference: client.find(api, named))  # type: ignore[misc]
        except Rejected as failure:
            log.info("store_find_refused", store=str(store.pk), reason=failure.reason)
            continue
        if found is not None:
            intake.take(store, found, seen_by="answer")
            found_any = True
    return found_any


def _give_up(message: IncomingMessage, reason: str) -> None:
    why = "store_not_asked" if reason.startswith(STORE_ASKED) else "broke"
    with transaction.atomic():
        IncomingMessage.objects.filter(pk=message.pk).update(
            state=IncomingState.UNMATCHED, outcome=Verdict.UNMATCHED, reason=why, handled_at=timezone.now()
        )
        unread.show_on_open(message, _lock_orders(message), reason=why)


ANSWER = queues.register(
    queues.Queue(
        name=inbox.ANSWER_QUEUE,
        model=IncomingMessage,
        lane="account",
        perform=handle,
        give_up=_give_up,
        batch=20,
        in_flight=2,
        heeds_pause=False,
        heeds_refusal=False,
        heeds_suspension=True,
    )
)
