"""Siparişler: which orders need something, and the story of one."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from orders import acts, hand, queries
from orders.confirmation import State
from orders.models import Act, HandAct, Order
from orders.queries import OrderLine, Tab
from portal.dashboard import frame, notices, sentences
from portal.dashboard.looks import NOT_ASKED, ORDER, STRANGE, Text, store_status
from portal.templatetags.figures import start_of_today
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

TODAY = "bugun"

UNDER_WAY: dict[str, Text] = {
    Act.APPROVE: _("Onaylanıyor"),
    Act.DECLINE: _("Reddediliyor"),
    Act.ASK: _("Alıcıya soruluyor"),
}
NOT_POSSIBLE: dict[str, Text] = {
    "moved_on": _("Sipariş bu arada değişti; hiçbir şey yapılmadı. Son durumu aşağıda."),
    "no_event": _("Bu mağazanın açık bir olayı yok. Önce Olaylar sayfasından olayı açın."),
    "no_account": _("SMS hesabı tanımlı değil. Önce Entegrasyonlar sayfasından hesabı girin."),
    "text_too_long": _("Soru bir SMS’e sığmıyor. Olaylar sayfasından metni kısaltın."),
    "under_way": _("Bu sipariş için bir karar zaten yolda. Önce onu geri alın ya da bitmesini bekleyin."),
    "suspended": _("Hizmetiniz askıda olduğu için karar alınmadı. Acele siparişleri mağaza panelinden onaylayın."),
    "person_gone": _("Kararı isteyen kişi artık ekipte değil; hiçbir şey yapılmadı."),
    "broke": _("Beklenmeyen bir hata oldu; hiçbir şey yapılmadı. Yeniden deneyin ya da destek ekibine yazın."),
    "message_handled": _("Bu yanıtı bu arada başkası bağladı; hiçbir şey yapılmadı."),
}


@frame.screen
def index(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The list under its tabs; `durum` names the tab, `q` what is looked for, `gun=bugun` the day, `sayfa` the page."""
    subscriber, typed = membership.subscriber, frame.typed(request)
    tab = _tab(request.GET.get("durum", ""))
    since = start_of_today() if request.GET.get("gun") == TODAY else None
    counts = queries.counts(subscriber, typed=typed, since=since)
    page = frame.page_of(queries.Orders(subscriber, tab=tab, typed=typed, since=since), request)
    context = {
        "tabs": [(each, word, counts[each]) for each, word in TABS.items()],
        "tab": tab,
        "typed": typed,
        "day": TODAY if since else "",
        "page": page,
        "rows": [_row(line) for line in page.object_list],
    }
    names = {"page": "dashboard/orders/index.html", "fragment": "dashboard/orders/_list.html"}
    return frame.answer(request, membership, context=context, **names)


@frame.screen
def detail(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """One order: left what the store told, right its timeline."""
    sheet = queries.sheet(membership.subscriber, code)
    pending = acts.pending_of(membership.subscriber, sheet.line.id)
    context = {
        "sheet": sheet,
        "line": sheet.line,
        "look": ORDER.get(sheet.line.state, STRANGE),
        "not_asked": _why_not_asked(sheet.line),
        "status": store_status(sheet.store_status),
        "story": sentences.story(sheet),
        "acts": _acts(sheet) if not membership.subscriber.suspended_at else frozenset(),
        "held_back": bool(membership.subscriber.suspended_at and _acts(sheet)),
        "pending": pending,
        "pending_word": UNDER_WAY.get(pending.act, "") if pending and pending.until else "",
        "next_round": 1 + sum(step.kind == "question_queued" for step in sheet.steps),
        "notices": partial(notices.open_notices, membership.subscriber, about=sheet.notice_keys),
    }
    names = {"page": "dashboard/orders/detail.html", "fragment": "dashboard/orders/_sheet.html"}
    return frame.answer(request, membership, context=context, **names)


@frame.act
def decide(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """`act` says what the person does about the order: approve, decline, ask (its `round`)."""
    order = access.one(Order, membership.subscriber, code=code)
    act, by = request.POST.get("act", ""), membership.user
    if act not in Act:
        return HttpResponseBadRequest()
    number = _round(request.POST.get("round", "")) if act == Act.ASK else None
    try:
        acts.want_one(order, Act(act), by=by, round=number, replies=bool(request.POST.get("replies")))
    except hand.NotPossible as problem:
        messages.warning(request, str(NOT_POSSIBLE[str(problem)]))
    return redirect("order", code)


@frame.act
def undo(request: HttpRequest, membership: Membership, key: UUID) -> HttpResponse:
    """*Geri al*: one click, whatever number of orders it was about; back to where it was pressed (`code`: an order)."""
    found = access.one(HandAct, membership.subscriber, together=key)
    undone = acts.undo(membership.subscriber, found.together, by=membership.user)
    if undone.count:
        words = ngettext("%(n)s sipariş için geri alındı.", "%(n)s sipariş için geri alındı.", undone.count)
        messages.success(request, words % {"n": undone.count})
    if undone.too_late:
        words = ngettext(
            "%(n)s sipariş için geç kalındı: karar portaldan çıkmıştı.",
            "%(n)s sipariş için geç kalındı: karar portaldan çıkmıştı.",
            undone.too_late,
        )
        messages.warning(request, words % {"n": undone.too_late})
    code = found.order.code
    return redirect("order", code) if request.POST.get("code") == code else redirect("orders")


def _acts(sheet: queries.OrderSheet) -> frozenset[Act]:
    state = None if sheet.line.state == queries.UNASKED else State(sheet.line.state)
    return hand.possible(state, is_cod=sheet.is_cod, store_status=sheet.store_status, phone=sheet.line.phone)


def _round(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def _row(line: OrderLine) -> dict[str, Any]:
    return {
        "line": line,
        "look": ORDER.get(line.state, STRANGE),
        "not_asked": _why_not_asked(line),
        "last": sentences.headline(line.last_step) if line.last_step else "",
    }


def _why_not_asked(line: OrderLine) -> Text:
    return NOT_ASKED.get(line.not_asked, line.not_asked) if line.state == queries.UNASKED else ""


def _tab(name: str) -> Tab:
    return Tab(name) if name in Tab._value2member_map_ else Tab.ALL
