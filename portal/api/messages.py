"""Messages: SMS in and out by a cursor, and one alone."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from messaging.queries import Box, Sms
from messaging.queries import Messages as Found
from orders import queries
from portal.api import pages
from portal.api.callers import of as caller_of
from portal.api.orders import number
from portal.api.shapes import MessageOut, Messages
from portal.api.wanted import MessageFilter
from subscribers.models import Subscriber

router = Router(tags=["Messages"])
_BOX = {"in": Box.INCOMING, "out": Box.OUTGOING, None: Box.ALL}


@router.get("/messages", response=Messages, url_name="messages", summary="List messages")
def listed(request: HttpRequest, response: HttpResponse, wanted: Query[MessageFilter]) -> Messages:
    """The newest first, both ways unless `direction` says which; follow `next` until it is null."""
    subscriber = caller_of(request).subscriber
    found = Found(
        subscriber,
        box=Box.UNMATCHED if wanted.unmatched else _BOX[wanted.direction],
        phone=number(wanted.phone) if wanted.phone else "",
        keys=_keys(subscriber, wanted),
    )
    rows, following = pages.cut(found.after, wanted, lambda sms: (sms.at, sms.id))
    pages.link(request, response, following)
    return Messages(items=_shown(subscriber, rows), next=following)


@router.get("/messages/{uuid:id}", response=MessageOut, url_name="message", summary="Read a message")
def one(request: HttpRequest, id: uuid.UUID) -> MessageOut:
    """One SMS, and how far it came."""
    subscriber = caller_of(request).subscriber
    rows = Found(subscriber, keys=[id]).after(None, 1)
    if not rows:
        raise Http404
    return _shown(subscriber, rows)[0]


def _keys(subscriber: Subscriber, wanted: MessageFilter) -> set[uuid.UUID] | None:
    """Those of an order, where one is named; no outgoing message is one that nobody understood."""
    if wanted.unmatched and wanted.direction == "out":
        return set()
    return queries.messages_of(subscriber, wanted.order) if wanted.order else None


def _shown(subscriber: Subscriber, rows: list[Sms]) -> list[MessageOut]:
    orders = queries.of_messages(subscriber, [sms.id for sms in rows])
    return [_one(sms, sorted(orders.get(sms.id, {}))) for sms in rows]


def _one(sms: Sms, orders: list[str]) -> MessageOut:
    went = not sms.is_incoming
    return MessageOut(
        id=sms.id,
        direction="out" if went else "in",
        phone=sms.phone if sms.phone.startswith("+") else None,
        named=sms.phone,
        text=sms.text,
        state=sms.state,
        at=sms.at,
        sent_at=sms.sent_at,
        settled_at=sms.settled_at,
        event=sms.event or None,
        outcome=sms.outcome or None,
        reason=sms.reason or None,
        purpose=sms.purpose or None,
        header=sms.header or None,
        segments=sms.segments if went else None,
        orders=orders,
    )
