"""Mesajlar: what people wrote, and what was sent to them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from messaging import queries
from messaging.models import IncomingState
from messaging.queries import Box, Sms
from orders.queries import of_messages
from portal.dashboard import frame, reasons
from portal.dashboard.looks import INCOMING, OUTGOING, STRANGE, Text
from subscribers.models import Membership

BOXES: dict[Box, Text] = {
    Box.ALL: _("Hepsi"),
    Box.UNMATCHED: _("Anlaşılmayanlar"),
    Box.INCOMING: _("Gelen"),
    Box.OUTGOING: _("Giden"),
    Box.FAILED: _("İletilemeyen"),
}


@frame.screen
def index(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Messages newest first; `kutu` names the box, `q` what is looked for, `sayfa` the page."""
    subscriber, typed = membership.subscriber, frame.typed(request)
    box = _box(request.GET.get("kutu", ""))
    counts = queries.counts(subscriber)
    page = frame.page_of(queries.Messages(subscriber, box=box, typed=typed), request)
    orders = of_messages(subscriber, [message.id for message in page.object_list])
    context = {
        "boxes": [(each, word, counts[each]) for each, word in BOXES.items()],
        "box": box,
        "typed": typed,
        "page": page,
        "rows": [_row(message, orders.get(message.id)) for message in page.object_list],
    }
    names = {"page": "dashboard/messages/index.html", "fragment": "dashboard/messages/_list.html"}
    return frame.answer(request, membership, context=context, **names)


def _row(message: Sms, order: tuple[str, str] | None) -> dict[str, Any]:
    looks = INCOMING if message.is_incoming else OUTGOING
    cause, remedy = _why(message)
    return {
        "sms": message,
        "order": order,
        "look": looks.get(message.state, STRANGE),
        "purpose": reasons.PURPOSES.get(message.purpose, ""),
        "cause": cause,
        "remedy": remedy,
        "seen": reasons.seen(message.trace) if message.state == IncomingState.UNMATCHED else [],
    }


def _why(message: Sms) -> tuple[Text, Text]:
    if message.is_incoming:
        return reasons.why(message.reason), ""
    return reasons.outgoing_trouble(message)


def _box(name: str) -> Box:
    return Box(name) if name in Box._value2member_map_ else Box.ALL
