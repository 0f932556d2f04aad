"""How far a subscriber's set-up has come: Mağaza · İzin · Hesap · Olay · Deneme."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integrations.ideasoft.models import Connection, Store
from integrations.netgsm.models import Account
from messaging.models import IncomingMessage, InteractiveEvent
from subscribers import access
from subscribers.models import Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: its name, where it is taken, whether it is done and whether it is the one at hand."""

    name: str | Promise
    address: str
    is_done: bool
    is_here: bool


def of(subscriber: Subscriber, *, here: str = "") -> list[Step]:
    """The five steps in their order; `here` is the one whose page is shown."""
    stores = list(access.of(Store, subscriber).order_by("created_at").only("code", "connection"))
    connected = [store for store in stores if store.connection == Connection.CONNECTED]
    first = next(iter([*connected, *stores]), None)
    at_store = reverse("store", args=[first.code]) if first else reverse("store_add")
    done = {
        "store": (_("Mağaza"), at_store, first is not None),
        "permission": (_("İzin"), at_store, bool(connected)),
        "account": (_("Hesap"), reverse("account"), _is_accepted(subscriber)),
        "event": (_("Olay"), reverse("events"), access.of(InteractiveEvent, subscriber).filter(is_on=True).exists()),
        "try": (_("Deneme"), reverse("orders"), access.of(IncomingMessage, subscriber).exists()),
    }
    return [
        Step(name=name, address=address, is_done=is_done, is_here=key == here)
        for key, (name, address, is_done) in done.items()
    ]


def unfinished(subscriber: Subscriber) -> list[Step]:
    """The steps while one of them is left, the next one at hand; none once all are done."""
    steps = of(subscriber)
    left = [step for step in steps if not step.is_done]
    return [replace(step, is_here=step is left[0]) for step in steps] if left else []


def _is_accepted(subscriber: Subscriber) -> bool:
    return access.of(Account, subscriber).filter(accepted_at__isnull=False, refused_at=None).exists()
