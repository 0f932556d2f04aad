"""Genel bakış: is everything running, what happened today, and what did it save?"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from integrations.ideasoft import authorization
from integrations.ideasoft.models import Connection, Store
from integrations.netgsm.models import Account
from messaging import credit
from messaging.models import InteractiveEvent
from orders import overview, terms
from orders.overview import Happening
from orders.queries import Tab
from orders.tallies import PartTally
from portal.dashboard import frame, notices, sentences
from portal.dashboard.looks import Look
from portal.onboarding import held
from portal.onboarding.forms import StoreForm
from portal.templatetags.figures import start_of_month, start_of_today
from subscribers import access
from subscribers.models import Membership, Role, Subscriber

MEASURED_DAYS = 30
MOST_DAYS = 31  # the whole of any month

TILES: dict[Tab, Look] = {
    Tab.WAITING: Look(_("Yanıt bekleyen"), "hourglass", "waiting"),
    Tab.CONFIRMED: Look(_("Onaylanan"), "circle-check", "good"),
    Tab.DECLINED: Look(_("Reddedilen"), "circle-x", "bad"),
    Tab.SILENT: Look(_("Yanıtsız"), "zzz", "quiet"),
}
HISTORY = (Tab.CONFIRMED, Tab.WAITING, Tab.DECLINED, Tab.SILENT)  # from the chart's foot upwards


@frame.screen
def index(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Today's four numbers and the newest steps, which renew themselves; with the page alone, what the portal saved,
    how fast buyers answer, for how long the credit will do, the last thirty days; without a store, the first step.
    """
    subscriber = membership.subscriber
    feed = [_told(happening) for happening in overview.newest(subscriber)]
    if getattr(request, "htmx", False):
        context = {"tiles": _tiles(overview.standing(subscriber, since=start_of_today())), "feed": feed}
    else:
        context = {"feed": feed, **_whole(request, membership)}
    names = {"page": "dashboard/overview/index.html", "fragment": "dashboard/overview/_renewed.html"}
    return frame.answer(request, membership, context=context, **names)


def _whole(request: HttpRequest, membership: Membership) -> dict[str, Any]:
    """What the page shows beside the feed."""
    subscriber = membership.subscriber
    days, left = overview.daily(subscriber, days=MOST_DAYS), credit.of(subscriber)
    return {
        "tiles": _tiles(days[0].standing),
        "saved": _saved(subscriber, days),
        "median": overview.median_answer(subscriber, days=MEASURED_DAYS),
        "days": MEASURED_DAYS,
        "credit": left,
        "history": _history(days[:MEASURED_DAYS]),
        **_set_up(request, membership),
        "notices": notices.waiting(subscriber),
    }


def _tiles(standing: dict[Tab, int]) -> list[tuple[Tab, Look, int]]:
    return [(tab, look, standing[tab]) for tab, look in TILES.items()]


def _saved(subscriber: Subscriber, days: list[PartTally]) -> dict[str, Any]:
    """This month's parcels that never left, and what they would have cost; None as long as the freight is not known."""
    first, freight = start_of_month().date(), terms.of(subscriber).both_ways
    parcels = sum(day.spared for day in days if day.on >= first)
    return {"parcels": parcels, "total": None if freight is None else parcels * freight}


def _history(days: list[PartTally]) -> dict[str, Any] | None:
    """The days as columns and rows of one table; None where no order came."""
    if not any(sum(day.standing.values()) for day in days):
        return None
    rows = [(day.on, [day.standing[tab] for tab in HISTORY]) for day in days]
    return {"columns": [(tab, TILES[tab]) for tab in HISTORY], "rows": rows}


def _set_up(request: HttpRequest, membership: Membership) -> dict[str, Any]:
    """For an owner without a store the first step itself; for a member, whether nobody is asked yet for want of one."""
    subscriber = membership.subscriber
    if membership.role != Role.OWNER:
        return {"is_unready": not _is_asking(subscriber)}
    if access.of(Store, subscriber).exists():
        return {}
    is_kept = held.has(request, subscriber, StoreForm.sealed, at=reverse("store_add"))
    return {"first": StoreForm(is_kept=is_kept), "redirect_address": authorization.redirect_uri()}


def _is_asking(subscriber: Subscriber) -> bool:
    """Whether buyers are asked: an event that is on, in a store that lets us in, and an account that may send."""
    accepted = access.of(Account, subscriber).filter(accepted_at__isnull=False, refused_at=None)
    events = access.of(InteractiveEvent, subscriber).filter(is_on=True, store__connection=Connection.CONNECTED)
    return events.filter(Exists(accepted)).exists()


def _told(happening: Happening) -> dict[str, Any]:
    entry = sentences.entry(happening.step)
    return {"happening": happening, "title": sentences.headline(happening.step), "icon": entry.icon, "tone": entry.tone}
