"""An order as the store tells it, kept.

However often an order comes, it is one row; an older telling never overwrites a newer one. What the merchant does in
the store's panel wins: an order that no longer waits for approval closes its question, one that waits again opens it.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone

from integrations.ideasoft.models import Store
from integrations.ideasoft.payloads import OrderPayload, Status, is_cod
from orders import attention, confirmation, questions, timeline, unread
from orders import payload as payloads
from orders.confirmation import Happening, State
from orders.matching import reference_key
from orders.models import MOST_PHONES, Approval, Confirmation, Order
from orders.news import noting
from work import locks

log = structlog.get_logger(__name__)

PAST = "past"  # seen when the orders from before the connection were read: nothing is news that happened before

# What an order that was approved goes on to: the approval holds, whoever made it.
APPROVED_IN_EFFECT = frozenset(
    {Status.APPROVED, Status.BEING_PREPARED, Status.ON_ACCUMULATION, Status.FULFILLED, Status.DELIVERED}
)


def take(store: Store, payload: OrderPayload, *, seen_by: str) -> Order:
    """Keeps what the store told about one order, follows it, asks its buyer where that is due, and notes its news."""
    with transaction.atomic():
        _lock(store, payload.external_id)
        order = (
            Order.objects.filter(subscriber_id=store.subscriber_id, store=store, external_id=payload.external_id)
            .select_related("store")
            .select_for_update(of=("self",))
            .first()
        )
        is_new = order is None
        order = order or Order(
            subscriber_id=store.subscriber_id, store=store, external_id=payload.external_id, seen_by=seen_by
        )
        if not is_new and _is_older(payload, order):
            return order
        before, told_at, code = order.store_status, order.updated_at, "" if is_new else _code_of(order)
        if _copy(store, payload, order):
            order.changed_at = timezone.now()
            order.save()
        if is_new:
            came_at = order.created_at if seen_by == PAST else None  # that is no step of today
            timeline.tell(order, "order_came", by_way=seen_by, status=order.store_status, at=came_at)
        elif before != order.store_status:
            timeline.tell(order, "store_status", before=before, after=order.store_status)
        if not is_new:
            follow(order)
        questions.consider(order)
        _note_news(order, payload, before=None if is_new else before, told_at=told_at, code=code)
    return order


def follow(order: Order) -> None:
    """Ends the question of an order that the store already moved on, and a confirmation that nobody writes any more.

    Where the store waits again, so does the question that it had closed.
    """
    if order.store_status == questions.WAITING_STATUS:
        _wait_again(order)
        return
    attention.settle(order, followed=order.store_status != Status.APPROVED)
    opened = (
        Confirmation.objects.select_for_update(of=("self",))
        .filter(subscriber_id=order.subscriber_id, order=order, state__in=[State.WAITING, State.CONFIRMED])
        .first()
    )
    if opened is None or (opened.state == State.CONFIRMED and _is_being_written(opened)):
        return
    approved = opened.state == State.CONFIRMED and order.store_status in APPROVED_IN_EFFECT
    happening = Happening.STORE_APPROVED if approved else Happening.STORE_MOVED_ON
    opened.state = confirmation.advance(State(opened.state), happening)
    opened.closed_reason = "" if approved else order.store_status
    opened.save(update_fields=["state", "closed_reason"])
    unread.decided(order, by_hand=False)
    timeline.tell(order, "approved_in_store" if approved else "closed_by_store", status=order.store_status)


def _wait_again(order: Order) -> None:
    """The merchant took a status back: nobody is asked anew, and the time to answer goes on as before.

    What was decided before the store closed it is decided no more: it was not carried out.
    """
    closed = Confirmation.objects.select_for_update(of=("self",)).filter(
        subscriber_id=order.subscriber_id, order=order, state=State.CLOSED
    )
    opened = closed.first()
    if opened is None:
        return
    opened.state = confirmation.advance(State.CLOSED, Happening.STORE_WAITS_AGAIN)
    opened.closed_reason = ""
    opened.answer, opened.call, opened.decided_by, opened.decided_at = None, None, None, None
    opened.save(update_fields=["state", "closed_reason", "answer", "call", "decided_by", "decided_at"])
    unread.undecided(order)
    timeline.tell(order, "store_waits_again", status=order.store_status)


def lose(store: Store, external_id: int) -> None:
    """The store no longer has an order that it once told of: somebody deleted it there."""
    with transaction.atomic():
        _lock(store, external_id)
        order = Order.objects.filter(subscriber_id=store.subscriber_id, store=store, external_id=external_id).first()
        if order is None or order.store_status == Status.DELETED:
            return
        before = order.store_status
        timeline.tell(order, "store_status", before=before, after=Status.DELETED)
        order.store_status, order.changed_at = Status.DELETED, timezone.now()
        order.save(update_fields=["store_status", "changed_at"])
        follow(order)
        noting.note(order, before=before, changed_at=timezone.now())


def _note_news(order: Order, payload: OrderPayload, *, before: str | None, told_at: datetime | None, code: str) -> None:
    """`before` and `code`: its status and tracking code until now.

    Where the store moves the order on and leaves its time at `told_at`, the change is as old as our seeing it.
    """
    if before == order.store_status and payload.tracking_code:
        noting.code_came(order, payload.tracking_code, before=code)
    changed_at = payload.updated_at if payload.updated_at != told_at else None
    noting.note(order, before=before, changed_at=changed_at or timezone.now())


def _code_of(order: Order) -> str:
    """The tracking code that the store told last."""
    told = payloads.of(order) if order.store_status == Status.FULFILLED else None
    return told.tracking_code if told else ""


def _is_being_written(opened: Confirmation) -> bool:
    """Whether a decision of ours is still on its way: then it reads the order itself."""
    return Approval.objects.filter(
        subscriber_id=opened.subscriber_id, confirmation=opened, due_at__isnull=False
    ).exists()


def _lock(store: Store, external_id: int) -> None:
    """Webhook and poll may bring the same order in the same instant: one after the other."""
    locks.hold(str(store.pk), str(external_id))


def _is_older(payload: OrderPayload, order: Order) -> bool:
    return bool(payload.updated_at and order.updated_at and payload.updated_at < order.updated_at)


def _copy(store: Store, payload: OrderPayload, order: Order) -> bool:
    """False where the row said all of it before."""
    before = _told(order)
    order.reference = _cut(payload.reference, "reference") or str(payload.external_id)
    order.reference_keys = sorted({reference_key(order.reference), reference_key(str(payload.external_id))} - {""})
    order.buyer_name = _cut(payload.full_name, "buyer_name")
    order.phone = payload.mobile or ""
    order.phones = sorted({phone.e164 for phone in payload.phones if phone.e164})[:MOST_PHONES]
    order.payment_type_name = _cut(payload.payment_type_name, "payment_type_name")
    order.is_cod = is_cod(payload.payment_type_name, store.cod_names)
    order.store_status = _cut(payload.status_raw, "store_status")
    order.amount = payload.amount
    order.currency = _cut(payload.currency, "currency")
    order.city = _cut(payload.city, "city")
    order.created_at = payload.created_at or order.created_at or timezone.now()
    order.updated_at = payload.updated_at or order.updated_at
    order.raw = payload.raw
    return order._state.adding or _told(order) != before


def _told(order: Order) -> tuple[object, ...]:
    """The document, and what of an order is not read from it alone, or may have been written since."""
    return order.raw, order.is_cod, order.store_status, order.reference_keys, order.phones, order.phone


def _cut(text: str, field: str) -> str:
    """What fits into the column: a store or a buyer may write more, and one order must not stop the others."""
    return text[: getattr(Order._meta.get_field(field), "max_length", None)]
