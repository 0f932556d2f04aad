"""Siparişler: which orders need something, and the story of one."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from integrations.documents import Unreadable
from integrations.ideasoft.payloads import parse_order
from orders import queries
from orders.models import Order
from orders.queries import OrderLine, Tab
from portal.dashboard import frame, notices, sentences
from portal.dashboard.looks import NOT_ASKED, ORDER, STRANGE, Text, store_status
from subscribers import access
from subscribers.models import Membership

TABS: dict[Tab, Text] = {
    Tab.ALL: _("Hepsi"),
    Tab.NEEDS_YOU: _("Sizi bekleyen"),
    Tab.WAITING: _("Yanıt bekleyen"),
    Tab.CONFIRMED: _("Onaylanan"),
    Tab.DECLINED: _("Reddedilen"),
    Tab.SILENT: _("Yanıtsız"),
    Tab.CLOSED: _("Mağazada"),
    Tab.UNASKED: _("Sorulmayan"),
}


@frame.screen
def index(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The list under its tabs; `durum` names the tab, `q` what is looked for, `sayfa` the page."""
    subscriber, typed = membership.subscriber, frame.typed(request)
    tab = _tab(request.GET.get("durum", ""))
    counts = queries.counts(subscriber, typed=typed)
    page = frame.page_of(queries.Orders(subscriber, tab=tab, typed=typed), request)
    context = {
        "tabs": [(each, word, counts[each]) for each, word in TABS.items()],
        "tab": tab,
        "typed": typed,
        "page": page,
        "rows": [_row(line) for line in page.object_list],
    }
    names = {"page": "dashboard/orders/index.html", "fragment": "dashboard/orders/_list.html"}
    return frame.answer(request, membership, context=context, **names)


@frame.screen
def detail(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """One order: left what the store told, right its timeline."""
    sheet = queries.sheet(membership.subscriber, code)
    context = {
        "sheet": sheet,
        "typed_phone": _typed_phone(membership, code),
        "line": sheet.line,
        "look": ORDER.get(sheet.line.state, STRANGE),
        "not_asked": _why_not_asked(sheet.line),
        "status": store_status(sheet.store_status),
        "story": sentences.story(sheet),
        "notices": partial(notices.open_notices, membership.subscriber, about=sheet.notice_keys),
    }
    names = {"page": "dashboard/orders/detail.html", "fragment": "dashboard/orders/_sheet.html"}
    return frame.answer(request, membership, context=context, **names)


def _row(line: OrderLine) -> dict[str, Any]:
    return {
        "line": line,
        "look": ORDER.get(line.state, STRANGE),
        "not_asked": _why_not_asked(line),
        "last": sentences.headline(line.last_step) if line.last_step else "",
    }


def _typed_phone(membership: Membership, code: str) -> str:
    """The order's first number as the buyer typed it, also where it is no mobile; empty where there is none."""
    raw = access.one(Order, membership.subscriber, code=code).raw
    try:
        return next((phone.raw for phone in parse_order(raw).phones), "")
    except Unreadable:
        return ""


def _why_not_asked(line: OrderLine) -> Text:
    return NOT_ASKED.get(line.not_asked, line.not_asked) if line.state == queries.UNASKED else ""


def _tab(name: str) -> Tab:
    return Tab(name) if name in Tab._value2member_map_ else Tab.ALL
