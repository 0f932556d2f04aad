"""Acts: an order approved, declined or asked by a program, in the name of the person who made its key."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status

from orders import acts, hand, story
from orders.models import Act, HandAct, HandActState, Order
from portal.api.callers import of as caller_of
from portal.api.problems import Problem
from portal.api.shapes import ActOut
from portal.api.wanted import ActIn
from subscribers import access
from subscribers.models import Subscriber

MOST = 20

router = Router(tags=["Acts"])


@router.post("/orders/{str:code}/acts", response={202: ActOut}, url_name="order_acts", summary="Decide about an order")
def want(request: HttpRequest, code: str, told: ActIn) -> Status[ActOut]:
    """Takes effect a few seconds later, at `takes_effect_at`; until then DELETE takes it back."""
    caller = caller_of(request)
    order = access.one(Order, caller.subscriber, code=code)
    together = uuid.uuid4()
    try:
        acts.want_one(order, told.act, by=caller.person, via=caller.key, replies=told.reply, together=together)
    except hand.NotPossible as problem:
        raise Problem(str(problem)) from problem
    return Status(202, shown(_rows(caller.subscriber).get(together=together, order=order)))


@router.get("/acts/{uuid:id}", response=ActOut, url_name="act", summary="Read an act")
def one(request: HttpRequest, id: uuid.UUID) -> ActOut:
    """Where it stands."""
    return shown(_one(caller_of(request).subscriber, id))


@router.delete("/acts/{uuid:id}", response=ActOut, url_name="act", summary="Undo an act")
def undo(request: HttpRequest, id: uuid.UUID) -> ActOut:
    """As if it had never been asked for, while nothing of it has left; the same again gives the same."""
    caller = caller_of(request)
    row = _one(caller.subscriber, id)
    acts.undo(caller.subscriber, row.together, by=caller.person, via=caller.key, code=row.order.code)
    now = _one(caller.subscriber, id)
    if now.state != HandActState.UNDONE:
        raise Problem("moved_on" if now.state == HandActState.OVERTAKEN else "too_late")
    return shown(now)


def of_order(subscriber: Subscriber, order: Order) -> list[ActOut]:
    """The newest acts about an order."""
    return [shown(row) for row in _rows(subscriber).filter(order=order).order_by("-asked_at", "pk")[:MOST]]


def shown(row: HandAct) -> ActOut:
    """A row with its order and its person."""
    return ActOut(
        id=row.pk,
        order=row.order.code,
        act=Act(row.act),
        state=row.state,
        reason=row.reason or None,
        reply=row.replies,
        by=story.named(row.by) or None,
        via=row.program or None,
        asked_at=row.asked_at,
        takes_effect_at=row.due_at if row.state == HandActState.DUE else None,
        ended_at=row.done_at,
    )


def _rows(subscriber: Subscriber) -> QuerySet[HandAct]:
    return access.of(HandAct, subscriber).select_related("order", "by", "api_key")


def _one(subscriber: Subscriber, key: uuid.UUID) -> HandAct:
    access.one(HandAct, subscriber, pk=key)
    return _rows(subscriber).get(pk=key)
