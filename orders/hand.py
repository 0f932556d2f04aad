"""What a person decides from a screen: approve, decline, ask again, say what an answer means that nobody understood."""

from __future__ import annotations

from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from integrations.netgsm.models import Account
from messaging import outbox
from messaging.models import IncomingMessage, IncomingState, OutgoingMessage, Purpose
from orders import approvals, attention, confirmation, questions, terms, timeline
from orders.confirmation import Happening, State
from orders.models import Confirmation, Order
from subscribers import audit
from subscribers.models import User


class Act(StrEnum):
    """What a person can do about an order."""

    APPROVE = "approve"
    DECLINE = "decline"
    ASK = "ask"


class NotPossible(Exception):
    """The order is no longer where the person saw it, or something is missing; the message is a word for a screen."""


_OF_STATE: dict[State | None, frozenset[Act]] = {
    None: frozenset(Act),
    State.WAITING: frozenset(Act),
    State.EXPIRED: frozenset(Act),
    State.DECLINED: frozenset({Act.APPROVE}),
}
_HAPPENING = {Act.APPROVE: Happening.PERSON_APPROVES, Act.DECLINE: Happening.PERSON_DECLINES}


def possible(state: State | None, *, is_cod: bool, store_status: str, phone: str) -> frozenset[Act]:
    """What can be done about an order; `state` is None where no confirmation was opened.

    What the merchant did in the store's panel always wins: only an order that still waits there can be decided here.
    """
    if not is_cod or store_status != questions.WAITING_STATUS:
        return frozenset()
    acts = _OF_STATE.get(state, frozenset())
    return acts if phone else acts - {Act.ASK}


def decide(order: Order, act: Act, *, by: User, answer: IncomingMessage | None = None) -> None:
    """Approves or declines an order by a person's click, with who and when. Raises `NotPossible`."""
    with transaction.atomic():
        order = _locked(order, act)
        opened, _is_new = Confirmation.objects.select_related("order", "event").get_or_create(
            subscriber_id=order.subscriber_id,
            order=order,
            defaults={
                "event": questions.event_of(order.store),
                "state": State.WAITING,
                "expires_at": terms.ends_at(order.subscriber),
            },
        )
        opened.order = order
        approvals.decide(opened, _HAPPENING[act], answer=answer, by=by)


def ask(order: Order, *, by: User, round: int, reason: str = "", replaces: OutgoingMessage | None = None) -> None:
    """Sends the question again, or for the first time where it was not asked by itself. Raises `NotPossible`.

    `round` counts the order's questions with this one: the same click twice asks once. `replaces`: the question that
    did not arrive.
    """
    with transaction.atomic():
        order = _locked(order, Act.ASK)
        known = asked(order)
        if round <= known:
            return
        event = questions.event_of(order.store)
        if event is None:
            raise NotPossible("no_event")
        opened = Confirmation.objects.filter(subscriber_id=order.subscriber_id, order=order).first()
        try:
            if opened is None:
                opened = questions.ask(order, event, by=by)
            else:
                _reopen(opened)
                questions.send_question(order, opened.event or event, round=known + 1, by=by, replaces=replaces)
        except Account.DoesNotExist as problem:
            raise NotPossible("no_account") from problem
        except outbox.TextTooLong as problem:
            raise NotPossible("text_too_long") from problem
        audit.record(about=opened, action=str(Happening.ASKED_AGAIN), by=by, reason=reason)


def asked(order: Order) -> int:
    """How many questions of the order were queued."""
    return OutgoingMessage.objects.filter(
        subscriber_id=order.subscriber_id, about=order.pk, purpose=Purpose.QUESTION
    ).count()


def read(message: IncomingMessage, order: Order, *, as_act: Act | None, by: User) -> None:
    """Says of an answer nobody understood which order it is about, and what it means; `as_act` None means nothing more.

    Raises `NotPossible` where the order cannot be decided so any more, or somebody was quicker; then nothing changed.
    """
    with transaction.atomic():
        message = IncomingMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
        if message.state != IncomingState.UNMATCHED:
            raise NotPossible("message_handled")
        message.state, message.outcome, message.handled_at = IncomingState.HANDLED, "assigned", timezone.now()
        message.save(update_fields=["state", "outcome", "handled_at"])
        timeline.tell(order, "answer_assigned", incoming=message, by=by)
        audit.record(about=message, action="answer_assigned", by=by, order=str(order.pk))
        attention.answer_read(message)
        if as_act is not None:
            decide(order, as_act, by=by, answer=message)


def _locked(order: Order, act: Act) -> Order:
    """The order as it is now, nobody else deciding it meanwhile. Raises `NotPossible` where `act` is too late."""
    fresh = Order.objects.select_for_update(of=("self",)).select_related("store").get(pk=order.pk)
    opened = Confirmation.objects.select_for_update(of=("self",)).filter(order=fresh).first()
    state = State(opened.state) if opened else None
    acts = possible(state, is_cod=fresh.is_cod, store_status=fresh.store_status, phone=fresh.phone)
    if act not in acts:
        raise NotPossible("moved_on")
    return fresh


def _reopen(opened: Confirmation) -> None:
    """An expired confirmation waits again; every further question gives the buyer the whole time anew."""
    if opened.state == State.EXPIRED:
        opened.state = confirmation.advance(State(opened.state), Happening.ASKED_AGAIN)
        opened.decided_at = None
    opened.expires_at = terms.ends_at(opened.subscriber)
    opened.save(update_fields=["state", "expires_at", "decided_at"])
