"""What a person decides about an order takes effect: approved, declined, asked again, and a refusal taken back.

`acts.py` holds it back for a moment first, so that it can be undone before anything leaves.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from integrations.netgsm.models import Account
from messaging import outbox
from messaging.models import IncomingMessage, OutgoingMessage, Purpose
from orders import approvals, changes, confirmation, intake, questions, terms, unread
from orders.confirmation import Happening, State
from orders.models import Act, Approval, ApprovalState, Confirmation, Order
from subscribers import audit
from subscribers.models import ApiKey, User


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


def decide(
    order: Order,
    act: Act,
    *,
    by: User,
    answer: IncomingMessage | None = None,
    replies: bool = False,
    via: ApiKey | None = None,
) -> Confirmation:
    """Approves or declines an order by a person's click, with who and when. Raises `NotPossible`.

    `replies`: once the store has accepted an approval, its buyer is told. `via`: by which API key.
    """
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
        approvals.decide(opened, _HAPPENING[act], answer=answer, by=by, replies=replies, via=via)
    return opened


def ask(
    order: Order,
    *,
    by: User,
    round: int,
    reason: str = "",
    replaces: OutgoingMessage | None = None,
    via: ApiKey | None = None,
) -> None:
    """Sends the question again, or for the first time where it was not asked by itself. Raises `NotPossible`.

    `round` counts the order's questions with this one: the same click twice asks once. `replaces`: the question that
    did not arrive. `via`: by which API key.
    """
    with transaction.atomic():
        order = _locked(order, Act.ASK)
        known = asked(order)
        if round <= known:
            changes.mark(order.subscriber_id, [order.pk])  # its act is done all the same
            return
        event = questions.event_of(order.store)
        if event is None:
            raise NotPossible("no_event")
        opened = Confirmation.objects.filter(subscriber_id=order.subscriber_id, order=order).first()
        try:
            if opened is None:
                opened = questions.ask(order, event, by=by, via=via)
            else:
                _reopen(opened)
                facts: dict[str, Any] = {"round": known + 1, "by": by, "replaces": replaces, "via": via}
                questions.send_question(order, opened.event or event, **facts)
        except Account.DoesNotExist as problem:
            raise NotPossible("no_account") from problem
        except outbox.TextTooLong as problem:
            raise NotPossible("text_too_long") from problem
        audit.record(about=opened, action=str(Happening.ASKED_AGAIN), by=by, via=via, reason=reason)


def asked(order: Order) -> int:
    """How many questions of the order were queued."""
    return OutgoingMessage.objects.filter(
        subscriber_id=order.subscriber_id, about=order.pk, purpose=Purpose.QUESTION
    ).count()


def stayed_inside(opened: Confirmation) -> bool:
    """Whether a person's decision can still be taken back: nobody has begun to write any of it into the store."""
    theirs = opened.decided_by_id is not None and opened.state in (State.CONFIRMED, State.DECLINED)
    return theirs and not _written(opened).exclude(_UNTOUCHED).exists()


def take_back(opened: Confirmation, *, before: str) -> bool:
    """A person's decision never was; false where it has begun to leave. The order must be locked.

    What the store did meanwhile is followed. `before` is empty where the decision itself had opened the confirmation.
    """
    # Whoever writes a decision into the store locks its row first and the confirmation then: never wait for it here.
    mine = list(_written(opened).filter(_UNTOUCHED).select_for_update(of=("self",), skip_locked=True))
    if not stayed_inside(opened) or len(mine) != _written(opened).count():
        return False
    _written(opened).filter(pk__in=[row.pk for row in mine]).delete()
    unread.undecided(opened.order)
    if not before:
        opened.delete()
        return True
    order = opened.order
    opened.state = confirmation.advance(State(opened.state), Happening.PERSON_UNDOES)
    if before == State.EXPIRED:
        opened.state = confirmation.advance(opened.state, Happening.TIME_RAN_OUT)
    opened.decided_by, opened.decided_at, opened.answer = None, None, None
    opened.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    intake.follow(order)
    return True


# One that was put back has been in a worker's hands, who may have written it: `last_failure` says why it came back.
_UNTOUCHED = Q(state=ApprovalState.DUE, claim__isnull=True, attempts=0, last_failure="")


def _written(opened: Confirmation) -> QuerySet[Approval]:
    """What is written of it into the store, or is to be."""
    return Approval.objects.filter(subscriber_id=opened.subscriber_id, confirmation=opened)


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
