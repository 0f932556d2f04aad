"""Genel bakış: is everything running, and what happened today?"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders import overview
from orders.overview import Happening
from orders.queries import Tab
from portal.dashboard import frame, sentences
from portal.dashboard.looks import Look
from portal.onboarding import steps
from portal.templatetags.figures import start_of_today
from subscribers.models import Membership, Subscriber

MEASURED = timedelta(days=30)

TILES: dict[Tab, Look] = {
    Tab.WAITING: Look(_("Yanıt bekleyen"), "hourglass", "waiting"),
    Tab.CONFIRMED: Look(_("Onaylanan"), "circle-check", "good"),
    Tab.DECLINED: Look(_("Reddedilen"), "circle-x", "bad"),
    Tab.SILENT: Look(_("Yanıtsız"), "zzz", "quiet"),
}


@frame.screen
def index(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Today's four numbers and the newest steps, which renew themselves; with the page alone, how fast buyers answer
    and what set-up still lacks.
    """
    subscriber = membership.subscriber
    standing = overview.standing(subscriber, since=start_of_today())
    context = {
        "tiles": [(tab, look, standing[tab]) for tab, look in TILES.items()],
        "median": partial(overview.median_answer, subscriber, since=timezone.now() - MEASURED),
        "days": MEASURED.days,
        "feed": [_told(happening) for happening in overview.newest(subscriber)],
        "set_up": partial(_set_up, subscriber),
    }
    names = {"page": "dashboard/overview/index.html", "fragment": "dashboard/overview/_today.html"}
    return frame.answer(request, membership, context=context, **names)


def _set_up(subscriber: Subscriber) -> dict[str, Any] | None:
    """How many of the steps are done and which is next; None once all are."""
    all_steps = steps.of(subscriber)
    left = [step for step in all_steps if not step.is_done]
    if not left:
        return None
    return {"done": len(all_steps) - len(left), "of": len(all_steps), "next": left[0]}


def _told(happening: Happening) -> dict[str, Any]:
    entry = sentences.entry(happening.step)
    return {"happening": happening, "title": sentences.headline(happening.step), "icon": entry.icon, "tone": entry.tone}
