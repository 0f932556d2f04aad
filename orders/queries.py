"""Reads for screens: the list of orders, one order and its story, as plain values."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet, TextField
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from integrations.documents import Unreadable
from integrations.ideasoft.payloads import Item, Status, parse_order
from messaging import search
from messaging.models import IncomingMessage
from messaging.queries import Sms, incoming_sms, outgoing_sms
from orders import silence
from orders.confirmation import State
from orders.models import REMEMBERED, Approval, ApprovalState, Order, Step
from subscribers import access
from subscribers.models import Notice, Subscriber, User

UNASKED = "unasked"
MOST_CANDIDATES = 20


class Tab(StrEnum):
    """Which orders a list shows."""

    ALL = "all"
    NEEDS_YOU = "needs_you"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    SILENT = "silent"
    CLOSED = "closed"
    UNASKED = "unasked"


TAB_OF: dict[State | None, Tab] = {
    State.WAITING: Tab.WAITING,
    State.CONFIRMED: Tab.CONFIRMED,
    State.APPROVED: Tab.CONFIRMED,
    State.DECLINED: Tab.DECLINED,
    State.EXPIRED: Tab.SILENT,
    State.CLOSED: Tab.CLOSED,
    None: Tab.UNASKED,
}


def tab_of(state: State | None, *, is_silent: bool) -> Tab:
    """Under which tab an order stands; one that waits too long, under that of the silent."""
    return Tab.SILENT if is_silent else TAB_OF[state]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineStep:
    """One step of an order's story, with the message it was about and the person who did it."""

    at: datetime
    kind: str
    detail: dict[str, Any]
    outgoing: Sms | None
    incoming: Sms | None
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """An order in a list.

    `state` is one of `confirmation.State`, or `UNASKED` where no question was opened (why: `not_asked`); `state_at` is
    since when; `is_silent`, that a waiting one waits too long. `phone` is E.164, empty where there is none.
    """

    id: uuid.UUID
    code: str
    reference: str
    buyer_name: str
    phone: str
    amount: Decimal | None
    currency: str
    city: str
    store: str
    state: str
    state_at: datetime
    not_asked: str
    needs_you: bool
    is_silent: bool
    last_step: TimelineStep | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreWrite:
    """A decision on its way into the store; `due_at` is its next try, `last_failure` why the last one failed."""

    action: str
    state: str
    due_at: datetime | None
    last_failure: str
    is_held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSheet:
    """One order whole: its line, what the store told about it, its story, and what is still on its way.

    `notice_keys` are the rows that notices about this order may be about.
    """

    line: OrderLine
    notice_keys: tuple[uuid.UUID, ...]
    store_url: str
    external_id: int
    payment_type_name: str
    is_cod: bool
    store_status: str
    created_at: datetime
    seen_at: datetime
    seen_by: str
    expires_at: datetime | None
    typed_phone: str
    items: tuple[Item, ...]
    steps: tuple[TimelineStep, ...]
    writes: tuple[StoreWrite, ...]


class Orders:
    """The orders of one subscriber under one tab, newest first: counted, and cut into pages as a paginator asks."""

    def __init__(
        self, subscriber: Subscriber, *, tab: Tab = Tab.ALL, typed: str = "", since: datetime | None = None
    ) -> None:
        self._subscriber = subscriber
        self._rows = _under(tab, _found(_orders(subscriber), typed, since))

    def __len__(self) -> int:
        return self._rows.count()

    count = __len__

    def __getitem__(self, part: slice) -> list[OrderLine]:
        rows = list(self._rows.select_related("store").order_by("-created_at", "-seen_at")[part])
        last = _last_steps(self._subscriber, [row.id for row in rows])
        return [_line(row, last.get(row.id)) for row in rows]


def counts(subscriber: Subscriber, *, typed: str = "", since: datetime | None = None) -> dict[Tab, int]:
    """How many orders each tab holds among those that a search finds, or that came since then."""
    found = _found(_orders(subscriber), typed, since)
    told = dict.fromkeys(Tab, 0)
    states = found.values_list("state", "is_silent", "needs_you")
    for state, is_silent, needs_you, count in states.annotate(Count("pk")).order_by():
        for tab in (Tab.ALL, tab_of(state, is_silent=is_silent), *([Tab.NEEDS_YOU] if needs_you else [])):
            told[tab] += count
    return told


def sheet(subscriber: Subscriber, code: str) -> OrderSheet:
    """The order of that public code. Raises `Http404` where the subscriber has none."""
    found = access.one(Order, subscriber, code=code)
    row = _orders(subscriber).select_related("store").get(pk=found.pk)
    confirmation = row.confirmations.first()
    steps = tuple(timeline_step(step) for step in steps_of(subscriber).filter(order=row).order_by("at", "id"))
    return OrderSheet(
        line=_line(row, steps[-1] if steps else None),
        notice_keys=(row.id, confirmation.id) if confirmation else (row.id,),
        store_url=row.store.url,
        external_id=row.external_id,
        payment_type_name=row.payment_type_name,
        is_cod=row.is_cod,
        store_status=row.store_status,
        created_at=row.created_at,
        seen_at=row.seen_at,
        seen_by=row.seen_by,
        expires_at=confirmation.expires_at if confirmation else None,
        typed_phone=_typed_phone(row),
        items=_items(row),
        steps=steps,
        writes=tuple(_writes(subscriber, row)),
    )


def of_messages(subscriber: Subscriber, messages: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[str, str]]:
    """(code, reference) of the order that each of these messages belongs to, where it belongs to one."""
    ids = list(messages)
    steps = access.of(Step, subscriber).filter(Q(outgoing_id__in=ids) | Q(incoming_id__in=ids)).order_by("at")
    links: dict[uuid.UUID, tuple[str, str]] = {}
    for outgoing, incoming, code, reference in steps.values_list(
        "outgoing_id", "incoming_id", "order__code", "order__reference"
    ):
        links.update({message: (code, reference) for message in (outgoing, incoming) if message})
    return links


def candidates(subscriber: Subscriber, message: IncomingMessage) -> QuerySet[Order]:
    """The COD orders that an answer nobody understood may be about: its sender's first, else all that wait for one."""
    orders = access.of(Order, subscriber).filter(is_cod=True, created_at__gte=message.sent_at - REMEMBERED)
    senders = orders.filter(phones__contains=[message.sender]) if message.sender else orders.none()
    waiting = orders.filter(confirmations__state=State.WAITING)
    found = senders if senders.exists() else waiting
    newest = found.order_by("-created_at").values("pk")[:MOST_CANDIDATES]
    return access.of(Order, subscriber).filter(pk__in=newest).order_by("-created_at")


def _orders(subscriber: Subscriber) -> QuerySet[Any]:
    """With `state`, `state_at`, `is_silent` and `needs_you`; an order has at most one confirmation."""
    asked_about = access.of(Notice, subscriber).filter(ended_at__isnull=True).values("about_id")
    to_call = Q(not_asked="no_mobile", store_status=Status.WAITING_FOR_APPROVAL, confirmations__isnull=True)
    needs_you = Q(pk__in=asked_about) | Q(confirmations__pk__in=asked_about) | to_call
    return access.of(Order, subscriber).annotate(
        state=F("confirmations__state"),
        state_at=Coalesce("confirmations__decided_at", "confirmations__opened_at", "seen_at"),
        is_silent=silence.is_silent(subscriber),
        needs_you=ExpressionWrapper(needs_you, output_field=BooleanField()),
    )


def _found(rows: QuerySet[Any], typed: str, since: datetime | None) -> QuerySet[Any]:
    rows = rows.filter(created_at__gte=since) if since else rows
    if not typed.strip():
        return rows
    pattern = search.pattern(typed)
    wanted = Q(buyer_name__regex=pattern) | Q(reference__regex=pattern.removeprefix("\\#"))
    if digits := search.phone_digits(typed):
        wanted |= Q(every_phone__contains=digits)
        rows = rows.alias(every_phone=Cast("phones", TextField()))
    return rows.filter(wanted)


def _under(tab: Tab, rows: QuerySet[Any]) -> QuerySet[Any]:
    if tab == Tab.ALL:
        return rows
    if tab == Tab.NEEDS_YOU:
        return rows.filter(needs_you=True)
    if tab == Tab.UNASKED:
        return rows.filter(state__isnull=True)
    under = Q(state__in=[state for state, each in TAB_OF.items() if each == tab])
    if tab == Tab.SILENT:
        return rows.filter(under | Q(is_silent=True))
    return rows.filter(under, is_silent=False) if tab == Tab.WAITING else rows.filter(under)


def _line(row: Any, last: TimelineStep | None) -> OrderLine:
    return OrderLine(
        id=row.id,
        code=row.code,
        reference=row.reference,
        buyer_name=row.buyer_name,
        phone=row.phone,
        amount=row.amount,
        currency=row.currency,
        city=row.city,
        store=str(row.store),
        state=row.state or UNASKED,
        state_at=_since(row, last),
        not_asked=row.not_asked,
        needs_you=bool(row.needs_you),
        is_silent=row.is_silent,
        last_step=last,
    )


def _since(row: Any, last: TimelineStep | None) -> datetime:
    """Expiry, closing and the store's approval have no column of their own: the story's last step tells their time."""
    told_by_story = row.state in (State.APPROVED, State.EXPIRED, State.CLOSED)
    at: datetime = last.at if told_by_story and last else row.state_at
    return at


def steps_of(subscriber: Subscriber) -> QuerySet[Step]:
    """The steps of all its orders, with what `timeline_step` reads of each."""
    return access.of(Step, subscriber).select_related("outgoing", "incoming", "incoming__event", "by")


def _last_steps(subscriber: Subscriber, orders: list[uuid.UUID]) -> dict[uuid.UUID, TimelineStep]:
    newest = steps_of(subscriber).filter(order__in=orders).order_by("order_id", "-at", "-id").distinct("order_id")
    return {step.order_id: timeline_step(step) for step in newest}


def timeline_step(step: Step) -> TimelineStep:
    """One of `steps_of` as a plain value."""
    return TimelineStep(
        at=step.at,
        kind=step.kind,
        detail=step.detail,
        outgoing=outgoing_sms(step.outgoing) if step.outgoing else None,
        incoming=incoming_sms(step.incoming) if step.incoming else None,
        by=_named(step.by),
    )


def _named(person: User | None) -> str:
    """Who did it; of support, whose addresses are no merchant's business, that it was support."""
    if person is None or person.name:
        return person.name if person else ""
    return str(_("destek ekibi")) if person.is_staff else person.email


def _typed_phone(row: Order) -> str:
    """The order's first number as the buyer typed it, also where it is no mobile; empty where there is none."""
    try:
        return next((phone.raw for phone in parse_order(row.raw).phones), "")
    except Unreadable:
        return ""


def _items(row: Order) -> tuple[Item, ...]:
    try:
        return parse_order(row.raw).items
    except Unreadable:
        return ()


def _writes(subscriber: Subscriber, row: Order) -> Iterable[StoreWrite]:
    due = access.of(Approval, subscriber).filter(confirmation__order=row, state=ApprovalState.DUE)
    now = timezone.now()
    for approval in due.select_related("store"):
        yield StoreWrite(
            action=approval.action,
            state=approval.state,
            due_at=approval.due_at if approval.due_at and approval.due_at > now else None,
            last_failure=approval.last_failure,
            is_held=approval.store.refused_at is not None,
        )
