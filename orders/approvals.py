"""Decisions on their way into the store: read the order, change it only if it still waits, read it back, believe that.

The store has no idempotency key and no version check, so a change that may have happened is found by reading: an order
that is approved already was approved by us before the answer got lost, or by the merchant, and either is well.
"""

from __future__ import annotations

from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from integrations import setbacks
from integrations.failures import Failure, Unavailable
from integrations.ideasoft import client
from integrations.ideasoft import connection as stores
from integrations.ideasoft.payloads import Status
from messaging.models import IncomingMessage
from orders import attention, confirmation, intake, replies, timeline, unread
from orders.confirmation import Happening, State
from orders.models import Action, Approval, ApprovalState, Call, Confirmation, Order
from orders.news import noting
from subscribers import audit
from subscribers.models import ApiKey, User
from subscribers.postgresql import inserted
from work import queues, wake
from work.claims import Claim

log = structlog.get_logger(__name__)

STATUS = {Action.APPROVE: Status.APPROVED, Action.CANCEL: Status.CANCELLED}
DECIDED = {Action.APPROVE: State.CONFIRMED, Action.CANCEL: State.DECLINED}
STORE_CALLS_IN_FLIGHT = 4
LOOKS_BEFORE_GONE = 3


class LeaseLost(Exception):
    """The claim ran out while this worker slept; another has the row."""


class NotFailed(Exception):
    """The decision is in the store, on its way there, or no longer the decision."""


def decide(
    opened: Confirmation,
    happening: Happening,
    *,
    answer: IncomingMessage | None = None,
    call: Call | None = None,
    by: User | None = None,
    replies: bool = True,
    via: ApiKey | None = None,
) -> None:
    """Moves a locked confirmation by a buyer's answer or key or a person's click, and queues what the store must learn.

    `replies`: the buyer is told once the store has accepted. `via`: by which API key. Raises
    `confirmation.NotAllowed` where the table has no such transition.
    """
    opened.state = confirmation.advance(State(opened.state), happening)
    opened.answer = answer or opened.answer
    opened.call = call or opened.call
    opened.decided_by = by
    opened.decided_at = timezone.now()
    opened.save(update_fields=["state", "answer", "call", "decided_by", "decided_at"])
    way: dict[str, Any] = {"call": str(call.pk)} if call else {}
    attention.settle(opened.order, followed=by is not None)
    unread.decided(opened.order, by_hand=by is not None)
    timeline.tell(opened.order, str(happening), incoming=answer, by=by, via=via, **way)
    audit.record(about=opened, action=str(happening), by=by, via=via, answer=str(answer.id) if answer else "", **way)
    action = _action(opened)
    if action is not None:
        queue(opened, action, replies=replies)


def queue(opened: Confirmation, action: Action, *, replies: bool | None = None) -> Approval:
    """Queues a decision for the store: once, and once more where the last attempt failed for good or was overtaken.

    `replies` None: as it was told before, else yes.
    """
    now = timezone.now()
    mine = {"subscriber_id": opened.subscriber_id, "confirmation": opened, "action": action}
    due = {"store_id": opened.order.store_id, "due_at": now, "work_since": now}
    approval = Approval(**mine, **due, replies=replies is not False)
    is_new = inserted.insert_if_new(approval, key=tuple(mine))
    approval = approval if is_new else Approval.objects.get(**mine)
    if not is_new and approval.state in (ApprovalState.FAILED, ApprovalState.OVERTAKEN):
        approval.state, approval.due_at, approval.work_since = ApprovalState.DUE, now, now
        approval.attempts, approval.done_at = 0, None
        approval.replies = approval.replies if replies is None else replies
        approval.save(update_fields=["state", "due_at", "work_since", "attempts", "done_at", "replies"])
    wake.after_commit(WRITE.name)
    return approval


def write_again(approval: Approval, *, by: User, reason: str) -> None:
    """Queues a decision once more that the store did not take. Raises `NotFailed` where there is nothing to try."""
    with transaction.atomic():
        held = Order.objects.filter(confirmations=approval.confirmation_id).select_for_update(of=("self",))
        list(held.values_list("pk", flat=True))  # before its confirmation, as by whoever handles an answer
        found = Confirmation.objects.select_for_update(of=("self",)).select_related("order")
        opened = found.get(pk=approval.confirmation_id)
        known = Approval.objects.select_for_update(of=("self",)).get(pk=approval.pk)
        action = Action(known.action)
        if known.state != ApprovalState.FAILED or opened.state != DECIDED[action]:
            raise NotFailed
        queue(opened, action)
        audit.end_notice(about=opened, kind="approval_failed")
        timeline.tell(opened.order, "store_tried_again", by=by)
        audit.record(about=opened, action="store_tried_again", by=by, reason=reason, approval=str(known.pk))


def write(claim: Claim[Approval]) -> None:
    """Writes one decision into its store, where it is still the decision."""
    (approval,) = claim.rows
    opened = Confirmation.objects.select_related("order", "order__store", "event").get(pk=approval.confirmation_id)
    store = opened.order.store
    wanted = STATUS[Action(approval.action)]
    if opened.state != DECIDED[Action(approval.action)]:
        claim.close(approval, state=ApprovalState.OVERTAKEN, done_at=timezone.now())
        return
    try:
        status = stores.call(store, lambda api: _change(api, claim, opened.order.external_id, wanted))
    except LeaseLost:
        return
    except Failure as failure:
        if failure.reason != client.NOT_FOUND:
            setbacks.put_off(claim, approval, store, failure)
            return
        if approval.attempts < LOOKS_BEFORE_GONE:
            claim.again(approval, failure=failure.reason)
            return
        status = Status.DELETED.value
    setbacks.went_well(claim, store)
    with transaction.atomic():
        if claim.holds(approval):
            _record(claim, approval, opened, status, wanted)


def _change(api: client.Store, claim: Claim[Approval], external_id: int, wanted: Status) -> str:
    """The order's status in the store after our change, where it was ours to make.

    Raises `LeaseLost` where another worker has the decision by now: this one slept, and what it read is old. Raises
    `Unavailable` where the store said yes and still shows the old status: it is read again later.
    """
    found = client.order(api, external_id)
    if found.status != Status.WAITING_FOR_APPROVAL:
        return found.status_raw
    if not claim.fence():
        raise LeaseLost
    client.set_status(api, external_id, wanted)
    found = client.order(api, external_id)
    if found.status == Status.WAITING_FOR_APPROVAL:
        raise Unavailable(reason="change_not_shown")
    return found.status_raw


def _record(claim: Claim[Approval], approval: Approval, opened: Confirmation, status: str, wanted: Status) -> None:
    in_effect = intake.APPROVED_IN_EFFECT if approval.action == Action.APPROVE else {wanted}
    done = status in in_effect
    claim.close(approval, state=ApprovalState.DONE if done else ApprovalState.OVERTAKEN, done_at=timezone.now())
    before, now = opened.order.store_status, timezone.now()
    Order.objects.filter(pk=opened.order_id).update(store_status=status, changed_at=now)
    opened.order.store_status = status
    noting.note(opened.order, before=before, changed_at=now)
    attention.settle(opened.order)
    locked = Confirmation.objects.select_for_update(of=("self",))
    opened = locked.select_related("order__store", "event").get(pk=opened.pk)
    if approval.action == Action.CANCEL:
        timeline.tell(opened.order, "cancelled_in_store" if done else "closed_by_store", status=status)
        return
    if opened.state != State.CONFIRMED:
        return
    happening = Happening.STORE_APPROVED if done else Happening.STORE_MOVED_ON
    opened.state = confirmation.advance(State(opened.state), happening)
    opened.closed_reason = "" if done else status
    opened.save(update_fields=["state", "closed_reason"])
    timeline.tell(opened.order, "approved_in_store" if done else "closed_by_store", status=status)
    _reply(approval, opened, done=done)


def _reply(approval: Approval, opened: Confirmation, *, done: bool) -> None:
    event = opened.event
    if event is None or not approval.replies:
        return
    if not done and opened.answer is not None:
        replies.late(opened.order, event, opened.answer, why="closed")
    together = _answered_together(opened)
    if any(other.state == State.CONFIRMED for other in together):
        return
    approved = [other.order for other in together if other.state == State.APPROVED]
    if approved:
        replies.approved(approved, event, opened.answer)


def _answered_together(opened: Confirmation) -> list[Confirmation]:
    """The confirmations that one answer decided, this one among them: one reply names them all (rule 9).

    The answer's row is locked, so that of two that settle at once the later sees the other.
    """
    if opened.answer_id is None:
        return [opened]
    opened.answer = IncomingMessage.objects.select_for_update(of=("self",)).get(pk=opened.answer_id)
    others = Confirmation.objects.filter(subscriber_id=opened.subscriber_id, answer_id=opened.answer_id)
    together = [opened, *others.exclude(pk=opened.pk).select_related("order__store")]
    return sorted(together, key=lambda one: one.order.reference)


def _action(opened: Confirmation) -> Action | None:
    if opened.state == State.CONFIRMED:
        return Action.APPROVE
    if opened.state == State.DECLINED and opened.event is not None and opened.event.cancels_declined:
        return Action.CANCEL
    return None


def _give_up(approval: Approval, reason: str) -> None:
    Approval.objects.filter(pk=approval.pk).update(state=ApprovalState.FAILED, done_at=timezone.now())
    order = approval.confirmation.order
    timeline.tell(order, "approval_failed", reason=reason)
    audit.raise_notice(about=approval.confirmation, kind="approval_failed", reason=reason, order=order.reference)


WRITE = queues.register(
    queues.Queue(
        name="store.approvals",
        model=Approval,
        lane="store",
        perform=write,
        give_up=_give_up,
        in_flight=STORE_CALLS_IN_FLIGHT,
        heeds_suspension=True,
    )
)
