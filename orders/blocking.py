"""A person blocks a phone and takes that back; what that means for orders, answers and SMS says `blocked.py`.

Who did it and when is in the audit, and in the story of each of the phone's orders that is not decided yet.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from integrations import phones
from integrations.ideasoft.payloads import Status
from messaging import search
from messaging.models import IncomingMessage, IncomingState, InteractiveEvent
from orders import acts, blocked, changes, hand, queries, questions, recognition, silence, timeline, withholding
from orders.acts import Wanted
from orders.confirmation import State
from orders.matching import Reason
from orders.models import REMEMBERED, Act, Action, Approval, ApprovalState, BlockedPhone, Order
from orders.queries import Tab
from subscribers import access, audit
from subscribers.models import Subscriber, User

COUNTED_FOR = timedelta(days=365)
MOST_LOCKED = 1000  # orders that one click looks at, the newest
MOST_TOLD = 50  # orders whose story tells of it
MOST_AT_ONCE = 25  # orders that unblocking asks at once; the store's next poll asks the rest
_CALLED_OFF = frozenset({Status.CANCELLED, Status.REFUNDED, Status.DELETED})
_UNDECIDED = Q(confirmations__isnull=True) | Q(confirmations__state__in=[State.WAITING, State.EXPIRED])


class AlreadyBlocked(Exception):
    """Somebody has blocked this phone before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an order stands, or `count` of them: its confirmation's `state`, None without one, and the store's status."""

    state: State | None
    is_silent: bool
    is_cod: bool
    store_status: str
    count: int = 1


@dataclass(slots=True, kw_only=True)
class Record:
    """What the orders of a phone came to: `cancelled` in the store, whatever its buyer had said before.

    `undecided` still wait for a decision in the store and can be declined.
    """

    placed: int = 0
    confirmed: int = 0
    declined: int = 0
    silent: int = 0
    cancelled: int = 0
    undecided: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A blocked phone on a list: `by` names who blocked it, `orders` how many have come since, `buyer` whose it was."""

    key: uuid.UUID
    phone: str
    note: str
    by: str
    at: datetime
    orders: int
    buyer: str


class BlockedPhones:
    """The blocked phones of one subscriber, the newest first: counted, and cut into pages as a paginator asks."""

    def __init__(self, subscriber: Subscriber, *, typed: str = "") -> None:
        self._subscriber = subscriber
        self._rows = _found(subscriber, typed)

    def __len__(self) -> int:
        return self._rows.count()

    count = __len__

    def __getitem__(self, part: slice) -> list[Blocked]:
        rows = list(self._rows.select_related("blocked_by").order_by("-blocked_at", "pk")[part])
        buyers = queries.buyers(self._subscriber, [row.phone for row in rows]) if rows else {}
        since = _orders_since(self._subscriber, rows)
        return [_shown(row, orders=since[row.phone], buyer=buyers.get(row.phone, "")) for row in rows]


def block(subscriber: Subscriber, phone: str, *, by: User, note: str = "") -> BlockedPhone:
    """From now on nothing goes to that phone (E.164) by itself. Raises `AlreadyBlocked`."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                row = BlockedPhone.objects.create(subscriber=subscriber, phone=phone, note=note, blocked_by=by)
        except IntegrityError as problem:
            raise AlreadyBlocked from problem
        audit.record(about=row, action="phone_blocked", by=by, phone=phones.masked(phone))
        _mark(subscriber, phone)
        for order in _newest(_locked(subscriber, _undecided(subscriber, phone))):
            timeline.tell(order, "phone_blocked", by=by, phone=phone, note=note)
    return row


def decline_undecided(subscriber: Subscriber, phone: str, *, by: User) -> Wanted:
    """Declines the phone's orders that still wait, by hand and so with the time to take it back."""
    return acts.want(subscriber, list(_undecided(subscriber, phone).values_list("pk", flat=True)), Act.DECLINE, by=by)


def unblock(row: BlockedPhone, *, by: User) -> int:
    """Takes the block back, and asks now what was not asked for it alone and is young enough; tells how many.

    What came into the outbox before the block and did not leave for it is asked as well.
    """
    subscriber, phone = row.subscriber, row.phone
    with transaction.atomic():
        if not BlockedPhone.objects.filter(subscriber=subscriber, pk=row.pk).delete()[0]:
            return 0
        audit.record(about=row, action="phone_unblocked", by=by, phone=phones.masked(phone))
        _mark(subscriber, phone)
        orders = _locked(subscriber, _undecided(subscriber, phone))
        for order in _newest(orders):
            timeline.tell(order, "phone_unblocked", by=by, phone=phone)
        known = blocked.among(subscriber.pk, [phone for order in orders for phone in order.phones])
        free = [order for order in orders if known.isdisjoint(order.phones)]
        return _ask_unasked(free) + withholding.ask_anew(subscriber, free)


def left_aside(subscriber: Subscriber, phone: str) -> list[uuid.UUID]:
    """What that phone wrote while it was blocked and nobody has dealt with yet: no unblocking counts it. The newest
    first.
    """
    rows = access.of(IncomingMessage, subscriber).filter(sender=phone, state=IncomingState.UNMATCHED)
    return list(rows.filter(reason=Reason.PHONE_BLOCKED).order_by("-received_at").values_list("pk", flat=True))


def _ask_unasked(orders: Iterable[Order]) -> int:
    """Asks the newest that are young enough; the others say from now on what keeps them unasked besides."""
    now = timezone.now()
    unasked = [order for order in orders if order.not_asked == blocked.REASON]
    young = [order for order in unasked if order.created_at >= now - questions.OLDEST]
    events = {store: questions.event_of(store) for store in {order.store for order in unasked}}
    others: defaultdict[str, list[uuid.UUID]] = defaultdict(list)
    for order in unasked:
        others[questions.why_not(order, order.store, events[order.store], at=now)].append(order.pk)
    for reason, keys in others.items():
        if reason:
            Order.objects.filter(pk__in=keys).update(not_asked=reason, changed_at=now)
    return sum(questions.consider(order, at=now) is not None for order in young[:MOST_AT_ONCE])


def of_phones(subscriber: Subscriber, wanted: Collection[str]) -> list[Blocked]:
    """Those of these phones that are blocked; how many orders came since is not counted."""
    found = access.of(BlockedPhone, subscriber).filter(phone__in=[phone for phone in wanted if phone])
    return [_shown(row) for row in found.select_related("blocked_by").order_by("phone")]


def not_yet(subscriber: Subscriber, wanted: Sequence[str]) -> list[str]:
    """Those of these phones that are not blocked, in their order."""
    known = blocked.among(subscriber.pk, wanted)
    return [phone for phone in wanted if phone and phone not in known]


def every_phone(subscriber: Subscriber) -> frozenset[str]:
    """All phones that the subscriber has blocked."""
    return frozenset(access.of(BlockedPhone, subscriber).values_list("phone", flat=True))


def records(subscriber: Subscriber, wanted: Collection[str]) -> dict[str, Record]:
    """What the orders of each of these phones came to in the last year."""
    since = timezone.now() - COUNTED_FOR
    rows = access.of(Order, subscriber).filter(recognition.by_phone(wanted), created_at__gte=since)
    rows = rows.annotate(silent=silence.is_silent(subscriber))
    told = rows.values_list("phones", "confirmations__state", "silent", "store_status", "is_cod")
    counted = {phone: Record() for phone in wanted}
    for theirs, state, is_silent, status, is_cod, count in told.annotate(Count("pk")).order_by():
        opened = State(state) if state else None
        standing = Standing(state=opened, is_silent=is_silent, is_cod=is_cod, store_status=status, count=count)
        for phone in set(theirs).intersection(counted):
            add(counted[phone], standing)
    return counted


def approving(subscriber: Subscriber, wanted: Collection[str]) -> list[Order]:
    """Orders of these phones whose approval is on its way into the store: a block does not stop it. The newest few."""
    on_the_way = Approval.objects.filter(subscriber=subscriber, action=Action.APPROVE, state=ApprovalState.DUE)
    rows = access.of(Order, subscriber).filter(
        recognition.by_phone(wanted),
        pk__in=on_the_way.values("confirmation__order"),
        store_status=questions.WAITING_STATUS,
    )
    return list(rows.order_by("-created_at")[:MOST_TOLD])


def cancels_declined(subscriber: Subscriber) -> bool:
    """Whether a declined order is cancelled in the store as well."""
    return access.of(InteractiveEvent, subscriber).filter(is_on=True, cancels_declined=True).exists()


def add(record: Record, standing: Standing) -> None:
    """Counts orders that stand alike: by what the buyer or a person said, and once more where they were cancelled."""
    tab = queries.tab_of(standing.state, is_silent=standing.is_silent)
    can = hand.possible(standing.state, is_cod=standing.is_cod, store_status=standing.store_status, phone="")
    record.placed += standing.count
    record.confirmed += standing.count if tab == Tab.CONFIRMED else 0
    record.declined += standing.count if tab == Tab.DECLINED else 0
    record.silent += standing.count if tab == Tab.SILENT else 0
    record.cancelled += standing.count if standing.store_status in _CALLED_OFF else 0
    record.undecided += standing.count if Act.DECLINE in can else 0


def _undecided(subscriber: Subscriber, phone: str) -> QuerySet[Order]:
    """The phone's orders that a person can still decide, the newest first."""
    rows = access.of(Order, subscriber).filter(
        _UNDECIDED,
        recognition.by_phone([phone]),
        is_cod=True,
        store_status=questions.WAITING_STATUS,
        created_at__gte=timezone.now() - COUNTED_FOR,
    )
    return rows.order_by("-created_at")


def _locked(subscriber: Subscriber, rows: QuerySet[Order]) -> list[Order]:
    """The newest first; locked by their keys, as whoever handles an answer does: neither waits for the other."""
    keys = list(rows.values_list("pk", flat=True)[:MOST_LOCKED])
    locked = access.of(Order, subscriber).filter(pk__in=keys).select_related("store", "subscriber")
    found = locked.order_by("pk").select_for_update(of=("self",))
    return sorted(found, key=lambda order: order.created_at, reverse=True)


def _mark(subscriber: Subscriber, phone: str) -> None:
    """All its orders show the block, decided ones too; locked by their keys first."""
    rows = access.of(Order, subscriber).filter(recognition.by_phone([phone])).order_by("pk")
    changes.mark(subscriber.pk, rows.select_for_update(of=("self",)).values_list("pk", flat=True))


def _newest(orders: Iterable[Order]) -> list[Order]:
    """Those whose story tells of it: not more than a person would read."""
    lately = timezone.now() - REMEMBERED
    return [order for order in orders if order.created_at >= lately][:MOST_TOLD]


def _orders_since(subscriber: Subscriber, rows: list[BlockedPhone]) -> dict[str, int]:
    """How many orders of each phone came since it was blocked."""
    at = {row.phone: row.blocked_at for row in rows}
    counted = dict.fromkeys(at, 0)
    if not rows:
        return counted
    found = access.of(Order, subscriber).filter(recognition.by_phone(at), created_at__gte=min(at.values()))
    for theirs, created_at in found.values_list("phones", "created_at"):
        for phone in set(theirs).intersection(at):
            counted[phone] += created_at >= at[phone]
    return counted


def _found(subscriber: Subscriber, typed: str) -> QuerySet[BlockedPhone]:
    """By a part of the number, words of the note, or the name of a buyer who ordered with it."""
    rows = access.of(BlockedPhone, subscriber)
    if not typed.strip():
        return rows
    pattern = search.pattern(typed)
    theirs = access.of(Order, subscriber).filter(buyer_name__regex=pattern).values("phone")
    wanted = Q(note__regex=pattern) | Q(phone__in=theirs)
    if digits := search.phone_digits(typed):
        wanted |= Q(phone__contains=digits)
    return rows.filter(wanted)


def _shown(row: BlockedPhone, *, orders: int = 0, buyer: str = "") -> Blocked:
    by = row.blocked_by
    return Blocked(
        key=row.pk,
        phone=row.phone,
        note=row.note,
        by=(by.name or by.email) if by else "",
        at=row.blocked_at,
        orders=orders,
        buyer=buyer,
    )
