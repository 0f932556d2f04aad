"""What a person does about orders: one or many, taken back while that can be, and said in words what came of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from orders import acts, hand
from orders.models import Act, HandAct, Order
from portal.dashboard import columns, frame
from portal.dashboard.looks import Text
from subscribers import access
from subscribers.models import Membership

UNDER_WAY: dict[str, Text] = {
    Act.APPROVE: _("Onaylanacak"),
    Act.DECLINE: _("Reddedilecek"),
    Act.ASK: _("Alıcıya sorulacak"),
}
NOT_POSSIBLE: dict[str, Text] = {
    "moved_on": _("Sipariş bu arada değişti; hiçbir şey yapılmadı. Son durumu aşağıda."),
    "no_event": _("Bu mağazanın açık bir olayı yok. Önce Olaylar sayfasından olayı açın."),
    "no_account": _("SMS hesabı tanımlı değil. Önce Entegrasyonlar sayfasından hesabı girin."),
    "text_too_long": _("Soru bir SMS’e sığmıyor. Olaylar sayfasından metni kısaltın."),
    "under_way": _("Bu sipariş için bir karar zaten yolda. Önce onu geri alın ya da bitmesini bekleyin."),
    "suspended": _("Hizmetiniz askıda olduğu için karar alınmadı. Acele siparişleri mağaza panelinden onaylayın."),
    "phone_blocked": _("Numarayı engellediniz; soru gönderilmedi. Önce engeli kaldırın ya da kararı siz verin."),
    "news_overtaken": _("Sipariş bu arada ilerledi; bu haber artık doğru olmadığı için gönderilmedi."),
    "message_handled": _("Bu yanıtı bu arada başkası bağladı; hiçbir şey yapılmadı."),
}


def why_not(reason: str, count: int) -> str:
    """Why some orders of an act for many were left as they are."""
    words = {
        "moved_on": ngettext(
            "%(n)s sipariş bu durumda buna uygun değil; dokunulmadı.",
            "%(n)s sipariş bu durumda buna uygun değil; dokunulmadı.",
            count,
        ),
        "phone_blocked": ngettext(
            "%(n)s sipariş sorulamadı: numarası engellenmiş.",
            "%(n)s sipariş sorulamadı: numarası engellenmiş.",
            count,
        ),
        "no_event": ngettext(
            "%(n)s sipariş sorulamadı: mağazasının açık bir olayı yok.",
            "%(n)s sipariş sorulamadı: mağazasının açık bir olayı yok.",
            count,
        ),
        "no_account": ngettext(
            "%(n)s sipariş sorulamadı: SMS hesabı tanımlı değil.",
            "%(n)s sipariş sorulamadı: SMS hesabı tanımlı değil.",
            count,
        ),
        "text_too_long": ngettext(
            "%(n)s sipariş sorulamadı: soru bir SMS’e sığmıyor.",
            "%(n)s sipariş sorulamadı: soru bir SMS’e sığmıyor.",
            count,
        ),
        "under_way": ngettext(
            "%(n)s sipariş için bir karar zaten yolda; dokunulmadı.",
            "%(n)s sipariş için bir karar zaten yolda; dokunulmadı.",
            count,
        ),
        "suspended": ngettext(
            "Hizmetiniz askıda: %(n)s sipariş olduğu gibi kaldı.",
            "Hizmetiniz askıda: %(n)s sipariş olduğu gibi kaldı.",
            count,
        ),
        "already_asked": ngettext(
            "%(n)s sipariş için bu düğmeye daha önce basılmıştı.",
            "%(n)s sipariş için bu düğmeye daha önce basılmıştı.",
            count,
        ),
    }
    return words[reason] % {"n": count}


def _done(act: Act, count: int) -> str:
    words = {
        Act.APPROVE: ngettext("%(n)s sipariş onaylanıyor.", "%(n)s sipariş onaylanıyor.", count),
        Act.DECLINE: ngettext("%(n)s sipariş reddediliyor.", "%(n)s sipariş reddediliyor.", count),
        Act.ASK: ngettext("%(n)s siparişin alıcısına soruluyor.", "%(n)s siparişin alıcısına soruluyor.", count),
    }
    return words[act] % {"n": count}


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
def decide_many(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The same for the orders that were ticked (`order`: codes), or with `all` for those that were `shown`."""
    act, subscriber = request.POST.get("act", ""), membership.subscriber
    together = _uuid(request.POST.get("together", ""))
    if act not in Act or together is None:
        return HttpResponseBadRequest()
    codes = request.POST.getlist("shown" if request.POST.get("all") else "order")[: frame.PAGE]
    found = access.of(Order, subscriber).filter(code__in=[code for code in codes if "\0" not in code])
    told = acts.want(
        subscriber,
        list(found.values_list("pk", flat=True)),
        Act(act),
        by=membership.user,
        together=together,
        replies=bool(request.POST.get("replies")),
    )
    if told.taken:
        messages.success(request, _done(Act(act), told.taken))
    for reason, count in told.refused.items():
        messages.warning(request, why_not(reason, count))
    if not told.taken and not told.refused:
        messages.warning(request, _("Önce listeden sipariş seçin."))
    return _back(request)


@frame.act
def undo(request: HttpRequest, membership: Membership, key: UUID) -> HttpResponse:
    """*Geri al*: one click, whatever number of orders it was about, or with `code` for that order alone.

    Back to where it was pressed: the list where there is `back`, even an empty one, else the order.
    """
    code = request.POST.get("code", "")
    about = {"together": key, **({"order__code": code} if code else {})}
    found = access.one(HandAct, membership.subscriber, **about)
    undone = acts.undo(membership.subscriber, found.together, by=membership.user, code=code)
    if undone.count:
        words = ngettext("%(n)s siparişteki işlem geri alındı.", "%(n)s siparişteki işlem geri alındı.", undone.count)
        messages.success(request, words % {"n": undone.count})
    if undone.too_late:
        words = ngettext(
            "%(n)s sipariş için geç kalındı: karar portaldan çıkmıştı.",
            "%(n)s sipariş için geç kalındı: karar portaldan çıkmıştı.",
            undone.too_late,
        )
        messages.warning(request, words % {"n": undone.too_late})
    return redirect("order", code) if code and "back" not in request.POST else _back(request)


@frame.act
def arrange(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Moves a column of the list: `left` or `right` names it. With `chosen` those ticked (`show`) are shown."""
    request.session[columns.ARRANGED] = "keep"
    if "chosen" in request.POST:
        columns.show(membership, request.POST.getlist("show"))
    for side, by in (("left", -1), ("right", 1)):
        name = request.POST.get(side, "")
        if name in columns.COLUMNS:
            columns.move(membership, name, by=by)
            request.session[columns.ARRANGED] = f"{side}-{name}"
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the list as it was filtered: `back` is its query."""
    query = request.POST.get("back", "")
    return redirect(f"{reverse('orders')}?{query}" if query else reverse("orders"))


def _round(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
