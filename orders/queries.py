"""Reads for screens: the list of orders, one order and its story, as plain values."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.utils import timezone

from integrations.ideasoft.payloads import Item, Status
from messaging.models import IncomingMessage
from orders import bill, blocked, changes, hand, intake, payload, recognition, silence, story, timeline
from orders.confirmation import State
from orders.models import REMEMBERED, Act, Approval, ApprovalState, Order, Step
from orders.narrowing import Narrow, Sort, narrowed, sorted_by
from orders.story import Taught, TimelineStep, steps_of, timeline_step
from subscribers import access, paging
from subscribers.models import Notice, Subscriber
from subscribers.paging import Place

EVERYTHING = Narrow()
UNASKED = "unasked"
MOST_CANDIDATES = 20
MOST_NAMED = 200


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
class OrderLine:
    """An order in a list.

    `state` is one of `confirmation.State`, or `UNASKED` where no question was opened (why: `not_asked`); `state_at`
    is since when, `changed_at` when it moved last; `is_past`, that it came before the store was connected; `is_silent`,
    that a waiting one waits too long; `is_blocked`, that the shop has blocked one of its phones. `decided_by` names
    the person who decided it by hand, `answered_by` says what the buyer decided it with: `sms`, `call` or nothing.
    `phone` is E.164, empty where there is none.
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
    store_code: str
    is_cod: bool
    payment_type_name: str
    store_status: str
    state: str
    state_at: datetime
    decided_by: str
    answered_by: str
    created_at: datetime
    is_past: bool
    not_asked: str
    needs_you: bool
    is_silent: bool
    is_blocked: bool
    last_step: TimelineStep | None
    changed_at: datetime


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

    `taught`: by an answer's key the word that it taught, where nobody understood it at first.
    `notice_keys` are the rows that notices about this order may be about.
    """

    line: OrderLine
    notice_keys: tuple[uuid.UUID, ...]
    store_url: str
    external_id: int
    payment_type_name: str
    is_cod: bool
    store_status: str
    seen_at: datetime
    seen_by: str
    expires_at: datetime | None
    phones: tuple[str, ...]
    typed_phone: str
    items: tuple[Item, ...]
    bill: tuple[bill.Line, ...]
    steps: tuple[TimelineStep, ...]
    writes: tuple[StoreWrite, ...]
    taught: Mapping[uuid.UUID, Taught]

    @property
    def acts(self) -> frozenset[Act]:
        """What a person can do about the order; an answer of a blocked phone would decide nothing."""
        state = None if self.line.state == UNASKED else State(self.line.state)
        phone = "" if self.line.is_blocked else self.line.phone
        return hand.possible(state, is_cod=self.is_cod, store_status=self.store_status, phone=phone)


class Orders:
    """The orders of one subscriber under one tab, in one order: counted, and cut into pages as a paginator asks."""

    def __init__(
        self,
        subscriber: Subscriber,
        *,
        tab: Tab = Tab.ALL,
        narrow: Narrow = EVERYTHING,
        sort: Sort = Sort.CAME,
        descending: bool = True,
        count: int | None = None,
    ) -> None:
        """`count`: how many there are, where `counts` has told it already."""
        self._subscriber, self._count = subscriber, count
        rows = _under(tab, narrowed(subscriber, _orders(subscriber), narrow))
        self._rows = sorted_by(rows, sort, descending=descending)

    def __len__(self) -> int:
        return self._rows.count() if self._count is None else self._count

    count = __len__

    def __getitem__(self, part: slice) -> list[OrderLine]:
        return self._lines(list(_shown(self._rows)[part]))

    def after(self, place: Place | None, count: int) -> list[OrderLine]:
        """So many behind that place, the newest first: the same ones, whatever came meanwhile."""
        rows = paging.beyond(_shown(self._rows).defer("raw"), "created_at", place)
        return self._lines(list(rows[:count]))

    def chunks(self, size: int) -> Iterator[list[OrderLine]]:
        """All of them, read by a cursor, so many at a time: call it within the transaction that holds the cursor."""
        rows = _shown(self._rows).defer("raw").iterator(chunk_size=size)
        while part := list(islice(rows, size)):
            yield self._lines(part)

    def _lines(self, rows: list[Any]) -> list[OrderLine]:
        told = story.newest_steps(self._subscriber, [row.id for row in rows])
        return [_line(row, told.get(row.id, [])) for row in rows]


def counts(subscriber: Subscriber, *, narrow: Narrow = EVERYTHING) -> dict[Tab, int]:
    """How many orders each tab holds among those that are looked for."""
    found = narrowed(subscriber, _orders(subscriber), narrow)
    told = dict.fromkeys(Tab, 0)
    states = found.values_list("state", "is_silent", "needs_you")
    for state, is_silent, needs_you, count in states.annotate(Count("pk")).order_by():
        for tab in (Tab.ALL, tab_of(state, is_silent=is_silent), *([Tab.NEEDS_YOU] if needs_you else [])):
            told[tab] += count
    return told


def read_before(subscriber: Subscriber) -> int:
    """How many orders from before the connection of its stores were read (R9)."""
    return access.of(Order, subscriber).filter(seen_by=intake.PAST).count()


def sheet(subscriber: Subscriber, code: str) -> OrderSheet:
    """The order of that public code. Raises `Http404` where the subscriber has none."""
    rows = _shown(_orders(subscriber)).annotate(
        confirmation_key=F("confirmations__pk"), expires_at=F("confirmations__expires_at")
    )
    row = get_object_or_404(rows, code=code)
    told = payload.of(row)  # its first number stands as the buyer typed it
    rows_of_story = steps_of(subscriber).filter(order=row).order_by("at", "id")
    steps = tuple(timeline_step(step) for step in timeline.told_once(rows_of_story))
    return OrderSheet(
        line=_line(row, steps),
        notice_keys=(row.id, row.confirmation_key) if row.confirmation_key else (row.id,),
        store_url=row.store.url,
        external_id=row.external_id,
        payment_type_name=row.payment_type_name,
        is_cod=row.is_cod,
        store_status=row.store_status,
        seen_at=row.seen_at,
        seen_by=row.seen_by,
        expires_at=row.expires_at,
        phones=tuple(row.phones),
        typed_phone=next((phone.raw for phone in told.phones), "") if told else "",
        items=told.items if told else (),
        bill=bill.lines(told) if told else (),
        steps=steps,
        writes=tuple(_writes(subscriber, row)),
        taught=story.taught_by(subscriber, steps),
    )


def of_messages(subscriber: Subscriber, messages: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, str]]:
    """The orders that each of these messages belongs to, where it belongs to any: by their code the reference."""
    ids = list(messages)
    steps = access.of(Step, subscriber).filter(Q(outgoing_id__in=ids) | Q(incoming_id__in=ids)).order_by("at")
    links: dict[uuid.UUID, dict[str, str]] = {}
    for outgoing, incoming, code, reference in steps.values_list(
        "outgoing_id", "incoming_id", "order__code", "order__reference"
    ):
        for message in filter(None, (outgoing, incoming)):
            links.setdefault(message, {})[code] = reference
    return links


def messages_of(subscriber: Subscriber, code: str) -> set[uuid.UUID]:
    """The messages that belong to the order of that public code; none where there is no such order."""
    steps = access.of(Step, subscriber).filter(order__code=code).values_list("outgoing_id", "incoming_id")
    return {message for pair in steps for message in pair if message}


def buyers(subscriber: Subscriber, phones: Iterable[str]) -> dict[str, str]:
    """The name on the newest order of each of these phones (E.164)."""
    wanted = set(phones)
    rows = access.of(Order, subscriber).filter(recognition.by_phone(wanted)).exclude(buyer_name="")
    names: dict[str, str] = {}
    for found, name in rows.order_by("-created_at").values_list("phones", "buyer_name")[:MOST_NAMED]:
        for phone in wanted.intersection(found):
            names.setdefault(phone, name)
    return names


def candidates(subscriber: Subscriber, message: IncomingMessage) -> QuerySet[Order]:
    """The COD orders that an answer nobody understood may be about: its sender's first, else all that wait for one."""
    orders = access.of(Order, subscriber).filter(is_cod=True, created_at__gte=message.sent_at - REMEMBERED)
    senders = orders.filter(recognition.by_phone([message.sender])) if message.sender else orders.none()
    waiting = orders.filter(confirmations__state=State.WAITING)
    found = senders if senders.exists() else waiting
    newest = found.order_by("-created_at").values("pk")[:MOST_CANDIDATES]
    return access.of(Order, subscriber).filter(pk__in=newest).order_by("-created_at")


def _orders(subscriber: Subscriber) -> QuerySet[Any]:
    """With `state`, `state_at`, `is_silent` and `needs_you`; an order has at most one confirmation."""
    asked_about = access.of(Notice, subscriber).filter(ended_at__isnull=True).values("about_id")
    unasked = Q(not_asked__in=("no_mobile", blocked.REASON), confirmations__isnull=True)
    to_decide = unasked & Q(store_status=Status.WAITING_FOR_APPROVAL)
    needs_you = Q(pk__in=asked_about) | Q(confirmations__pk__in=asked_about) | to_decide
    return access.of(Order, subscriber).annotate(
        state=F("confirmations__state"),
        state_at=Coalesce("confirmations__decided_at", "confirmations__opened_at", "seen_at"),
        is_silent=silence.is_silent(subscriber),
        needs_you=ExpressionWrapper(needs_you, output_field=BooleanField()),
    )


def _shown(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With what `_line` reads besides: the store, and who decided it, which counting does not look up."""
    shown: QuerySet[Any] = rows.select_related("store").annotate(
        decider_name=F("confirmations__decided_by__name"),
        decider_email=F("confirmations__decided_by__email"),
        decider_is_staff=F("confirmations__decided_by__is_staff"),
        answer=F("confirmations__answer"),
        call=F("confirmations__call"),
        is_blocked=blocked.of_order(),
    )
    return shown


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


def _line(row: Any, steps: Sequence[TimelineStep]) -> OrderLine:
    """`steps` are its story, the oldest first, or the newest of it."""
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
        store_code=row.store.code,
        is_cod=row.is_cod,
        payment_type_name=row.payment_type_name,
        store_status=row.store_status,
        state=row.state or UNASKED,
        state_at=story.since(row, steps),
        decided_by=story.name_of(row.decider_name, row.decider_email, is_staff=row.decider_is_staff),
        answered_by="sms" if row.answer else "call" if row.call else "",
        created_at=row.created_at,
        is_past=row.seen_by == intake.PAST,
        not_asked=row.not_asked,
        needs_you=bool(row.needs_you),
        is_silent=row.is_silent,
        is_blocked=row.is_blocked,
        last_step=steps[-1] if steps else None,
        changed_at=changes.last(row, steps[-1].at if steps else None),
    )


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
