"""How far a subscriber's set-up has come: Mağaza · İzin · Hesap · Olay · Deneme."""

from __future__ import annotations

from dataclasses import dataclass

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
    stores = access.of(Store, subscriber)
    oldest_first = stores.order_by("created_at")
    first = oldest_first.filter(connection=Connection.CONNECTED).first() or oldest_first.first()
    at_store = reverse("store", args=[first.code]) if first else reverse("store_add")
    done = {
        "store": (_("Mağaza"), at_store, first is not None),
        "permission": (_("İzin"), at_store, stores.filter(connection=Connection.CONNECTED).exists()),
        "account": (_("Hesap"), reverse("account"), _is_accepted(subscriber)),
        "event": (_("Olay"), reverse("events"), access.of(InteractiveEvent, subscriber).filter(is_on=True).exists()),
        "try": (_("Deneme"), reverse("orders"), access.of(IncomingMessage, subscriber).exists()),
    }
    return [
        Step(name=name, address=address, is_done=is_done, is_here=key == here)
        for key, (name, address, is_done) in done.items()
    ]


def _is_accepted(subscriber: Subscriber) -> bool:
    return access.of(Account, subscriber).filter(accepted_at__isnull=False, refused_at=None).exists()
