"""Siparişler: which orders need something, and the story of one."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.ideasoft.payloads import Status
from orders import acts, blocking, notes, queries
from orders.bill import Part
from orders.models import REMEMBERED
from orders.queries import OrderLine, Tab
from portal.dashboard import columns, frame, note_list, notices, sentences
from portal.dashboard.acts import UNDER_WAY
from portal.dashboard.filters import TODAY, Filters
from portal.dashboard.looks import NOT_ASKED, Text, order_look, otherwise_in_store, store_status, why_not_asked
from portal.dashboard.note_list import NoteForm
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


MOST_CLICKS = 5  # told above the list; every row tells its own
BILL: dict[str, Text] = {
    Part.DISCOUNT: _("İndirim"),
    Part.SHIPPING: _("Kargo"),
    Part.SERVICE: _("Kapıda ödeme ve ek hizmet"),
    Part.TAX: _("KDV"),
    Part.TAX_INSIDE: _("Fiyatların içindeki KDV"),
    Part.OTHER: _("Diğer (vade farkı, ürün indirimi)"),
}


@frame.screen
def index(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The list under its tabs: `durum` names the tab, `sira` the order, `sayfa` the page; the rest: `filters.py`."""
    subscriber, filters = membership.subscriber, Filters(request, membership.subscriber)
    tab, (sort, descending) = tab_of(request), columns.sort_of(request)
    narrow, shown = filters.narrow(), columns.chosen(membership)
    counts = queries.counts(subscriber, narrow=narrow)
    found = queries.Orders(subscriber, tab=tab, narrow=narrow, sort=sort, descending=descending, count=counts[tab])
    page = frame.page_of(found, request)
    pending = acts.pending(subscriber)
    context = {
        "tabs": [(each, word, counts[each]) for each, word in TABS.items()],
        "tab": tab,
        "typed": filters.typed,
        "day": TODAY if filters.is_today else "",
        "filters": filters,
        "columns": columns.offered(membership),
        "arranged": _arranged(request),
        "headers": list(columns.headers(shown, sort, descending=descending)),
        "can_tick": membership.subscriber.suspended_at is None,
        "together": uuid4(),
        "kept": [(name, request.GET[name]) for name in ("durum", "gun", "sira") if request.GET.get(name)],
        "page": page,
        "past": _past(membership, filters, counts),
        "past_days": REMEMBERED.days,
        "rows": [_row(line, pending) for line in page.object_list],
        "pending": [(each, UNDER_WAY.get(each.act, each.act)) for each in pending[:MOST_CLICKS]],
    }
    names = {"page": "dashboard/orders/index.html", "fragment": "dashboard/orders/_list.html"}
    return frame.answer(request, membership, context=context, **names)


@frame.screen
def detail(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """One order: left what the store told, right its timeline."""
    return page(request, membership, code)


def page(
    request: HttpRequest, membership: Membership, code: str, *, note_form: NoteForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of one order; `note_form` is one that could not be kept."""
    sheet = queries.sheet(membership.subscriber, code)
    pending = acts.pending_of(membership.subscriber, sheet.line.id, state=sheet.line.state)
    blocked = blocking.of_phones(membership.subscriber, sheet.phones) if sheet.line.is_blocked else []
    context = {
        "sheet": sheet,
        "line": sheet.line,
        "look": order_look(sheet.line),
        "not_asked": why_not_asked(sheet.line),
        "otherwise": otherwise_in_store(sheet.line),
        "blocked": blocked,
        "can_block": len(blocked) < len(sheet.phones),
        "status": store_status(sheet.store_status),
        "story": sentences.story(sheet),
        "acts": sheet.acts if not membership.subscriber.suspended_at else frozenset(),
        "held_back": bool(membership.subscriber.suspended_at and sheet.acts),
        "pending": pending,
        "pending_word": UNDER_WAY.get(pending.act, "") if pending and pending.until else "",
        "bill": [(BILL.get(each.part, ""), each.amount) for each in sheet.bill],
        "notes": [note_list.shown(row) for row in notes.of_order(membership.subscriber, sheet.line.id)],
        "note_form": note_form or NoteForm(),
        "next_round": 1 + sum(step.kind == "question_queued" for step in sheet.steps),
        "about_this": partial(notices.open_notices, membership.subscriber, about=sheet.notice_keys),
    }
    names = {"page": "dashboard/orders/detail.html", "fragment": "dashboard/orders/_renewed.html"}
    answer = frame.answer(request, membership, context=context, **names)
    answer.status_code = status if status != HTTPStatus.OK else answer.status_code
    return answer


def _past(membership: Membership, filters: Filters, counts: dict[Tab, int]) -> int:
    """How many orders from before the connection were read, while that is all there is to tell: no buyer asked yet."""
    is_narrowed = filters.count or filters.typed or filters.is_today
    if is_narrowed or not counts[Tab.ALL] or counts[Tab.UNASKED] != counts[Tab.ALL]:
        return 0
    return queries.read_before(membership.subscriber)


def _row(line: OrderLine, pending: list[acts.Pending]) -> dict[str, Any]:
    click = next((each for each in pending if line.id in each.orders), None)
    return {
        "line": line,
        "click": click,
        "click_word": UNDER_WAY.get(click.act, click.act) if click else "",
        "look": order_look(line),
        "not_asked": _beside_unasked(line),
        "otherwise": otherwise_in_store(line),
        "last": sentences.headline(line.last_step) if line.last_step else "",
    }


def _beside_unasked(line: OrderLine) -> Text:
    """In the list, why an order was not asked; of one that the store moved on, first where it stands there."""
    why = why_not_asked(line)
    if not why or line.store_status == Status.WAITING_FOR_APPROVAL:
        return why
    told = gettext("Mağazada: %(status)s.") % {"status": store_status(line.store_status)}
    return told if why == NOT_ASKED["not_waiting"] else f"{told} {why}"


def _arranged(request: HttpRequest) -> str:
    """What of the columns was just changed, by its button: the form stays open, with the focus there."""
    return "" if getattr(request, "htmx", False) else str(request.session.pop(columns.ARRANGED, ""))


def tab_of(request: HttpRequest) -> Tab:
    """The tab that the address names."""
    name = request.GET.get("durum", "")
    return Tab(name) if name in Tab._value2member_map_ else Tab.ALL
