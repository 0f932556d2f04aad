"""Olaylar: the *Aktif İnteraktif olay listesi*, by priority; its order, and each event on or off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from integrations.ideasoft.models import Store
from messaging import events
from messaging.models import InteractiveEvent
from orders import checklist, conflicts, questions
from portal.dashboard import frame
from portal.onboarding import steps
from subscribers import access
from subscribers.models import Membership, Role

COUNTED_FOR = timedelta(days=30)
MOST_WORDS_SHOWN = 8  # of those that an event has been taught; its form names all


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An event in the list: how many answers it took lately, and which others would catch its words."""

    event: InteractiveEvent
    matched: int
    rivals: list[InteractiveEvent]


@frame.screen
def index(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The list by priority, and the stores that have no event yet."""
    subscriber = membership.subscriber
    listed = list(events.listed(subscriber))
    stores = access.of(Store, subscriber).exclude(pk__in=[event.store_id for event in listed])
    matched = events.matched(subscriber, since=timezone.now() - COUNTED_FOR)
    rivals = conflicts.among(subscriber, listed)
    context = {
        "rows": [Row(event=e, matched=matched.get(e.pk, 0), rivals=rivals.get(e.pk, [])) for e in listed],
        "has_rivals": bool(rivals),
        "default_keyword": questions.DEFAULT_KEYWORD,
        "most_words": MOST_WORDS_SHOWN,
        "stores": stores.order_by("created_at"),
        "steps": steps.of(subscriber, here="event") if not listed and membership.role == Role.OWNER else [],
    }
    names = {"page": "dashboard/events/index.html", "fragment": "dashboard/events/_list.html"}
    return frame.answer(request, membership, context=context, **names)


@frame.owners_act
def switch(request: HttpRequest, membership: Membership, key: str) -> HttpResponse:
    """On or off: `on` says which."""
    event = access.one(InteractiveEvent, membership.subscriber, pk=key)
    is_on = request.POST.get("on") == "1"
    events.turn(event, on=is_on, by=membership.user)
    checklist.ask(event.store)
    messages.success(
        request,
        _("Olay açıldı.") if is_on else _("Olay kapatıldı; yeni siparişlere soru gitmez. Dilerseniz yeniden açın."),
    )
    return redirect("events")


@frame.owners_act
def move(request: HttpRequest, membership: Membership, key: str) -> HttpResponse:
    """One place up or down: `up` says which."""
    event = access.one(InteractiveEvent, membership.subscriber, pk=key)
    events.move(event, up=request.POST.get("up") == "1", by=membership.user)
    return _ordered(request)


@frame.owners_act
def arrange(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The whole order at once, as the list was dragged into it: `event` names each, the first one first."""
    events.arrange(membership.subscriber, _keys(request.POST.getlist("event")), by=membership.user)
    return _ordered(request)


def _keys(typed: list[str]) -> list[UUID]:
    """Those that are keys; whose they are is for the list to know."""
    keys = []
    for text in typed:
        try:
            keys.append(UUID(text))
        except ValueError:
            continue
    return keys


def _ordered(request: HttpRequest) -> HttpResponse:
    """Back to the list; a script that waits for it says itself that the order is kept."""
    if not getattr(request, "htmx", False):
        messages.success(request, _("Sıra kaydedildi."))
    return redirect("events")
