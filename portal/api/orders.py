"""Orders: the list by a cursor, one whole, and a note on it."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.responses import Status

from integrations import phones
from integrations.ideasoft.models import Store
from orders import notes, queries, story
from orders.confirmation import State
from orders.models import Order, OrderNote
from orders.narrowing import Narrow
from orders.queries import OrderLine, OrderSheet
from orders.story import TimelineStep
from portal.api import acts, pages
from portal.api.callers import of as caller_of
from portal.api.problems import FieldError, Problem
from portal.api.shapes import (
    ChargeOut,
    ItemOut,
    Money,
    NoteOut,
    OrderOut,
    Orders,
    OrderSheetOut,
    StepOut,
    StoreOut,
    Stores,
)
from portal.api.wanted import NoteIn, OrderFilter
from subscribers import access

router = Router(tags=["Orders"])


@router.get("/stores", response=Stores, url_name="stores", summary="List the stores")
def stores(request: HttpRequest) -> Stores:
    """All stores of the subscriber, the oldest first."""
    subscriber = caller_of(request).subscriber
    newest = access.of(Order, subscriber).filter(store=OuterRef("pk")).order_by("-created_at").values("created_at")
    rows = access.of(Store, subscriber).annotate(last_order_at=Subquery(newest[:1])).order_by("created_at", "pk")
    return Stores(
        items=[
            StoreOut(
                code=row.code,
                url=row.url,
                name=row.name,
                status=row.connection,
                connected_since=row.connected_at,
                last_order_at=row.last_order_at,
            )
            for row in rows
        ]
    )


@router.get("/orders", response=Orders, url_name="orders", summary="List orders")
def listed(request: HttpRequest, response: HttpResponse, wanted: Query[OrderFilter]) -> Orders:
    """The newest first, in pages that stay as they are while new orders come: follow `next` until it is null."""
    found = queries.Orders(caller_of(request).subscriber, tab=wanted.state, narrow=_narrow(wanted))
    lines, following = pages.cut(found.after, wanted, lambda line: (line.created_at, line.id))
    pages.link(request, response, following)
    return Orders(items=[OrderOut(**_facts(line)) for line in lines], next=following)


@router.get("/orders/{str:code}", response=OrderSheetOut, url_name="order", summary="Read an order")
def one(request: HttpRequest, code: str) -> OrderSheetOut:
    """Its facts, goods, story and notes, and what can be done about it now."""
    subscriber = caller_of(request).subscriber
    order = access.one(Order, subscriber, code=code)
    sheet = queries.sheet(subscriber, order.code)
    return OrderSheetOut(
        **_facts(sheet.line),
        external_id=sheet.external_id,
        store_url=sheet.store_url,
        phones=list(sheet.phones),
        expires_at=sheet.expires_at,
        items=[ItemOut(name=each.name, quantity=each.quantity, price=each.price) for each in sheet.items],
        charges=[ChargeOut(kind=str(each.part), amount=each.amount) for each in sheet.bill],
        timeline=[_step(step) for step in sheet.steps],
        notes=[_note(row) for row in notes.of_order(subscriber, order.pk)],
        acts=acts.of_order(subscriber, order),
        possible_acts=_possible(sheet, suspended=subscriber.suspended_at is not None),
    )


@router.post("/orders/{str:code}/notes", response={201: NoteOut}, url_name="order_notes", summary="Write a note")
def note(request: HttpRequest, code: str, told: NoteIn) -> Status[NoteOut]:
    """Stands beside the order for the whole team, and is written to the store's order a few seconds later."""
    caller = caller_of(request)
    order = access.one(Order, caller.subscriber, code=code)
    return Status(201, _note(notes.add(order, told.text, by=caller.person, via=caller.key)))


def _narrow(wanted: OrderFilter) -> Narrow:
    """Raises `Problem` for a phone that is none."""
    return Narrow(
        since=wanted.created_since,
        changed_since=wanted.updated_since,
        store=wanted.store,
        reference=wanted.reference,
        phones=frozenset({number(wanted.phone)}) if wanted.phone else None,
        is_cod=wanted.cod,
    )


def number(typed: str) -> str:
    """A number in any spelling as E.164. Raises `Problem` for one that is none."""
    found = phones.any_number(typed)
    if found is None:
        told = FieldError(field="phone", where="query", code="phone", detail="This is no phone number.")
        raise Problem("invalid", errors=[told])
    return found


def _facts(line: OrderLine) -> dict[str, Any]:
    """The fields of `OrderOut`."""
    state = None if line.state == queries.UNASKED else State(line.state)
    return {
        "code": line.code,
        "reference": line.reference,
        "store": line.store_code,
        "state": queries.tab_of(state, is_silent=line.is_silent).value,
        "confirmation": line.state,
        "state_since": line.state_at,
        "not_asked": line.not_asked or None,
        "needs_you": line.needs_you,
        "blocked": line.is_blocked,
        "decided_by": line.decided_by or None,
        "answered_by": line.answered_by or None,
        "buyer_name": line.buyer_name,
        "phone": line.phone or None,
        "total": None if line.amount is None else Money(amount=line.amount, currency=line.currency),
        "city": line.city,
        "payment_type": line.payment_type_name,
        "cod": line.is_cod,
        "store_status": line.store_status,
        "created_at": line.created_at,
        "updated_at": line.changed_at,
    }


def _step(step: TimelineStep) -> StepOut:
    reason = step.detail.get("reason")
    return StepOut(
        kind=step.kind,
        at=step.at,
        by=step.by or None,
        via=step.via or None,
        reason=reason if isinstance(reason, str) and reason else None,
        messages=[sms.id for sms in (step.incoming, step.outgoing) if sms],
    )


def _note(row: OrderNote) -> NoteOut:
    return NoteOut(
        id=row.pk,
        text=row.text,
        by=story.named(row.by) or None,
        via=row.program or None,
        state=row.state,
        created_at=row.created_at,
    )


def _possible(sheet: OrderSheet, *, suspended: bool) -> list[Any]:
    return [] if suspended else sorted(sheet.acts)
