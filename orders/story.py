"""Reads for screens: the steps of orders' stories as plain values."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from messaging.models import InteractiveEvent
from messaging.queries import Sms, incoming_sms, outgoing_sms
from orders import timeline, unread
from orders.confirmation import State
from orders.models import Step
from subscribers import access
from subscribers.models import AuditEntry, Subscriber, User


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineStep:
    """One step of an order's story, with the message it was about and the person who did it.

    `via` names the API key by which a program did it for that person, empty where none did.
    """

    at: datetime
    kind: str
    detail: dict[str, Any]
    outgoing: Sms | None
    incoming: Sms | None
    by: str

    @property
    def via(self) -> str:
        return str(self.detail.get("via", ""))

    @property
    def who(self) -> str:
        """Who did it, and by which program."""
        return by_program(self.by, self.via)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """The word that an answer taught its event, and the person who taught it."""

    word: str
    by: str


# These have no column of their own: the newest such step of the story tells their time.
_CHANGES = {State.APPROVED: "approved_in_store", State.EXPIRED: "expired", State.CLOSED: "closed_by_store"}


def since(row: Any, steps: Sequence[TimelineStep]) -> datetime:
    """Since when an order stands where it does; `steps` are of its story, the oldest first."""
    changed = [step.at for step in steps if step.kind == _CHANGES.get(row.state)]
    at: datetime = changed[-1] if changed else row.state_at
    return at


def steps_of(subscriber: Subscriber) -> QuerySet[Step]:
    """The steps of all its orders, with what `timeline_step` reads of each."""
    return access.of(Step, subscriber).select_related("outgoing", "incoming", "incoming__event", "by")


def newest_steps(subscriber: Subscriber, orders: list[uuid.UUID]) -> dict[uuid.UUID, list[TimelineStep]]:
    """Of each order the newest step that its story tells, and the newest that changed its state; the oldest first.

    A step that only repeats a status is known by its neighbour among those that tell of one, so two of them are read.
    """
    rows = steps_of(subscriber).filter(order__in=orders)
    rows = rows.annotate(
        is_status=Case(When(kind__in=timeline.STATUS_TOLD_BY, then=True), default=False),
        change=Case(When(kind__in=_CHANGES.values(), then=F("kind")), default=Value("")),
    )
    rows = rows.annotate(place=_place("is_status"), place_of_change=_place("change"))
    newest = rows.filter(Q(place__lte=2) | Q(place_of_change=1))
    told: dict[uuid.UUID, list[TimelineStep]] = {}
    for step in timeline.told_once(sorted(newest, key=lambda step: (step.at, step.id))):
        told.setdefault(step.order_id, []).append(timeline_step(step))
    return told


def _place(kind: str) -> Window:
    """The place of a step among those of its order and kind, the newest being 1."""
    return Window(RowNumber(), partition_by=[F("order_id"), F(kind)], order_by=["-at", "-id"])


def timeline_step(step: Step) -> TimelineStep:
    """One of `steps_of` as a plain value."""
    return TimelineStep(
        at=step.at,
        kind=step.kind,
        detail=step.detail,
        outgoing=outgoing_sms(step.outgoing) if step.outgoing else None,
        incoming=incoming_sms(step.incoming) if step.incoming else None,
        by=named(step.by),
    )


def taught_by(subscriber: Subscriber, steps: Sequence[TimelineStep]) -> dict[uuid.UUID, Taught]:
    """What each answer of the story taught that nobody understood at first, by its key; one query, for such alone."""
    unclear = {str(step.incoming.id) for step in steps if step.incoming and step.kind == unread.STEP}
    if not unclear:
        return {}
    events = access.of(InteractiveEvent, subscriber).values("pk")
    entries = access.of(AuditEntry, subscriber).filter(about_id__in=events, action="event_word_learned")
    told = entries.filter(detail__message__in=unclear).select_related("actor").order_by("at")
    return {
        uuid.UUID(entry.detail["message"]): Taught(word=entry.detail["word"], by=named(entry.actor)) for entry in told
    }


def named(person: User | None) -> str:
    """Who did it, by a person's row; empty where there is none (any more)."""
    return name_of(person.name, person.email, is_staff=person.is_staff) if person else ""


def by_program(person: str, key: str) -> str:
    """Who did it, and by which program's key; `key` is empty where the person did it alone."""
    return _("%(person)s (API: %(key)s)") % {"person": person, "key": key} if key else person


def name_of(name: str | None, email: str | None, *, is_staff: bool | None) -> str:
    """Who did it; of support, whose addresses are no merchant's business, that it was support."""
    return name or (str(_("destek ekibi")) if is_staff else email) or ""
