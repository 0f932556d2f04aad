"""How far a subscriber's set-up has come: Mağaza · İzin · Hesap · Olay · Deneme."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import Case, Exists, OuterRef, Subquery, Value, When
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integrations.ideasoft.models import Authorization, Connection, SetupCheck, SetupItem, Store
from integrations.netgsm.models import Account
from messaging.models import IncomingMessage, InteractiveEvent
from orders.grants import GRANTED
from portal.onboarding.results import MENDED_AT
from subscribers import access
from subscribers.models import Membership, Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: its name, where it is taken, whether it is done and whether it is the one at hand."""

    key: str
    name: str | Promise
    address: str
    is_done: bool
    is_here: bool


def of(subscriber: Subscriber, *, here: str = "") -> list[Step]:
    """The five steps in their order; `here` is the one whose page is shown."""
    code, last_return, is_granted, is_accepted, has_event, has_answer = _reached(subscriber)
    at_store = reverse("store", args=[code]) if code else reverse("store_add")
    at_event = reverse("event_add", args=[code]) if code and not has_event else reverse("events")
    done = {
        "store": (_("Mağaza"), at_store, bool(code) and last_return not in MENDED_AT),
        "permission": (_("İzin"), at_store, is_granted),
        "account": (_("Hesap"), reverse("account"), is_accepted),
        "event": (_("Olay"), at_event, has_event),
        "try": (_("Deneme"), f"{reverse('setup')}#trial", has_answer),
    }
    return [
        Step(key=key, name=name, address=address, is_done=is_done, is_here=key == here)
        for key, (name, address, is_done) in done.items()
    ]


def following(steps: list[Step]) -> Step | None:
    """The first step left of those after the store's permission; None once there is none."""
    return next((step for step in steps if not step.is_done and step.key in ("account", "event", "try")), None)


def unfinished(subscriber: Subscriber) -> list[Step]:
    """The steps while one of them is left, the next one at hand; none once all are done."""
    steps = of(subscriber)
    left = [step for step in steps if not step.is_done]
    return [replace(step, is_here=step is left[0]) for step in steps] if left else []


def _reached(subscriber: Subscriber) -> tuple[str | None, str, bool, bool, bool, bool]:
    """The first store's code, connected ones before others, what its last return without a permission came to while
    it lets nobody in, and whether each further step is done: one question.

    A store that lets us in and grants too little, or was not looked at yet, has not done its step.
    """
    stores, events = access.of(Store, subscriber), access.of(InteractiveEvent, subscriber)
    granted = access.of(SetupCheck, subscriber).filter(item=SetupItem.PERMISSIONS, state__in=GRANTED)
    connected_first = Case(When(connection=Connection.CONNECTED, then=0), default=1)
    first = stores.order_by(connected_first, "created_at")
    newest = access.of(Authorization, subscriber).filter(store=OuterRef("pk")).order_by("-created_at")
    last_return = Case(
        When(connection=Connection.CONNECTED, then=Value("")), default=Subquery(newest.values("result")[:1])
    )
    asked = access.of(Membership, subscriber).values_list(
        Subquery(first.values("code")[:1]),
        Subquery(first.annotate(last_return=last_return).values("last_return")[:1]),
        Exists(granted.filter(store__connection=Connection.CONNECTED)),
        Exists(access.of(Account, subscriber).filter(accepted_at__isnull=False, refused_at=None)),
        Exists(events.filter(is_on=True)),
        Exists(access.of(IncomingMessage, subscriber)),
    )
    return asked.first() or (None, "", False, False, False, False)
