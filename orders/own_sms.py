"""The SMS that stores send by themselves, beside our news: which are on, and one of them turned off on consent.

What is shown is what a store told last, and what has been written into it since; opening the screen asks it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from integrations.ideasoft import panel, permissions, setup
from integrations.ideasoft.models import (
    ChangeState,
    Connection,
    ErrandKind,
    OwnSms,
    SetupChange,
    SetupItem,
    Store,
    StoreErrand,
)
from orders import checklist, questions, setup_changes
from orders.models import When
from orders.news.occasions import SWITCH_OF
from subscribers import access
from subscribers.models import Subscriber, User

OLD = timedelta(minutes=30)


class CarriesQuestion(Exception):
    """*Sipariş Alındı* of a store that asks by itself carries the question: without it nobody can confirm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """One SMS of a store's own. `is_on` is None where the store did not say; `change`: the last one made from here."""

    item: OwnSms | SetupItem
    is_on: bool | None
    change: SetupChange | None
    carries_question: bool
    can_write: bool

    @property
    def name(self) -> str:
        """As the store's panel names it."""
        return str(self.item.label)

    @property
    def is_being_written(self) -> bool:
        """Whether a worker has it in hand, or soon."""
        return self.change is not None and self.change.state in setup_changes.OPEN

    @property
    def can_undo(self) -> bool:
        """Whether it was turned off from here and can be turned on again."""
        change = self.change
        return change is not None and change.state == ChangeState.WRITTEN and change.can_undo and self.is_on is False

    @property
    def refused(self) -> str:
        """Why the store did not take the last change; empty where it did."""
        return self.change.reason if self.change is not None and not self.is_being_written else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """A store and what it sends by itself. `asks`: it sends the question (2815) as well."""

    store: Store
    asks: bool
    is_looked_at: bool
    changes: Mapping[str, SetupChange]

    @property
    def is_connected(self) -> bool:
        """Whether its settings can be read and written at all."""
        return self.store.connection == Connection.CONNECTED

    @property
    def is_settled(self) -> bool:
        """Whether what is shown will not be another in a moment: read lately, nothing being looked at or written."""
        is_fresh = self.store.own_sms_at is not None and self.store.own_sms_at > timezone.now() - OLD
        is_written = any(change.state in setup_changes.OPEN for change in self.changes.values())
        return is_fresh and not self.is_looked_at and not is_written

    def own(self, when: When) -> Own:
        """Its SMS of the same occasion as this news."""
        item = item_of(when)
        change = self.changes.get(item.value)
        return Own(
            item=item,
            is_on=_is_on(self.store, SWITCH_OF[when], change),
            change=change,
            carries_question=when == When.RECEIVED and self.asks,
            can_write=permissions.verdict(setup.scope_of(item.value), scope=self.store.scope, proven=()) is not False,
        )


def item_of(when: When) -> OwnSms | SetupItem:
    """The setting of a store's own SMS: *Sipariş Alındı* is a line of *Kurulum*, where it can be taken back as well."""
    flag = SWITCH_OF[when]
    return SetupItem.ORDER_RECEIVED if flag == panel.ORDER_RECEIVED else OwnSms(flag)


def senders(subscriber: Subscriber) -> list[Sender]:
    """The subscriber's stores with their own SMS, the first added first; two queries however many."""
    changes: dict[UUID, dict[str, SetupChange]] = {}
    items = [item_of(when).value for when in When]
    for change in access.of(SetupChange, subscriber).filter(item__in=items).order_by("created_at"):
        changes.setdefault(change.store_id, {})[change.item] = change
    of_store = {"subscriber_id": OuterRef("subscriber_id"), "store_id": OuterRef("pk")}
    stores = access.of(Store, subscriber).annotate(
        asks=Exists(questions.left_to_stores().filter(**of_store)), is_looked_at=Exists(_under_way().filter(**of_store))
    )
    return [
        Sender(store=store, asks=store.asks, is_looked_at=store.is_looked_at, changes=changes.get(store.pk, {}))
        for store in stores.order_by("created_at")
    ]


def turn(store: Store, when: When, *, on: bool, by: User) -> None:
    """Queues that the store sends its own SMS of this occasion, or no longer; the click was the consent.

    Raises `CarriesQuestion`, and `setup_changes.NotAsShown` where it is being written already.
    """
    if not on:
        _refuse_without_question(store, when)
    setup_changes.turn(store, item_of(when), on=on, by=by)


def undo(store: Store, when: When, *, by: User) -> None:
    """Queues that the last change of this SMS is taken back.

    Raises `CarriesQuestion`, and `setup_changes.NotUndoable`.
    """
    change = setup_changes.latest(store).get(item_of(when).value)
    if change is None:
        raise setup_changes.NotUndoable
    if not change.before.get("on"):
        _refuse_without_question(store, when)
    setup_changes.undo(change, by=by)


def look(subscriber: Subscriber, *, older_than: timedelta = OLD) -> None:
    """Has the connected stores looked at whose own SMS were read longer ago than that."""
    before = timezone.now() - older_than
    connected = access.of(Store, subscriber).filter(connection=Connection.CONNECTED)
    for store in connected.filter(Q(own_sms_at__isnull=True) | Q(own_sms_at__lte=before)):
        checklist.ask(store)


def _refuse_without_question(store: Store, when: When) -> None:
    if when == When.RECEIVED and questions.is_left_to(store):
        raise CarriesQuestion


def _under_way() -> QuerySet[StoreErrand]:
    """The looks at stores' settings that are due or in hand."""
    due = Q(due_at__lte=timezone.now()) | Q(claim__isnull=False)
    return StoreErrand.objects.filter(due, kind=ErrandKind.SETUP)


def _is_on(store: Store, flag: str, change: SetupChange | None) -> bool | None:
    """As the store told, or as it was written since then."""
    told = store.own_sms.get(flag)
    if change is not None and change.state in (ChangeState.WRITTEN, ChangeState.UNDONE):
        is_undone = change.state == ChangeState.UNDONE
        at = change.undone_at if is_undone else change.written_at
        if at is not None and (store.own_sms_at is None or at > store.own_sms_at):
            return bool((change.before if is_undone else change.after).get("on"))
    return told if isinstance(told, bool) else None
