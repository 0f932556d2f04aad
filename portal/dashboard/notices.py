"""What needs the merchant, in words: what happened, what to do now, and where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, F, Max, Subquery, When
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from integrations.ideasoft.models import ErrandKind, Store
from integrations.netgsm import codes
from integrations.netgsm.models import ErrandKind as AccountErrandKind
from messaging import credit
from messaging.credit import Credit
from messaging.credit_watch import CREDIT_LOW
from messaging.models import IncomingMessage, IncomingState, OutgoingState
from orders import blocked
from orders.matching import Reason
from orders.models import Confirmation, Order
from orders.queries import Tab
from portal import contact
from portal.dashboard import reasons, sentences, setup_words
from portal.dashboard.looks import ASKED_WITHIN, Text
from portal.dashboard.order_blocks import ONLY_BLOCKED
from portal.templatetags.figures import day_and_time, phone
from subscribers import access
from subscribers.models import Membership, Notice, Subscriber

MOST = 5
LONGEST_QUOTE = 80
# A broken set-up brings a notice an order: the set-up stands before them.
_COLUMNS = {name: name for name in ("kind", "about_id", "detail", "raised_at")}
_CAUSES_FIRST = Case(When(kind="question_not_sent", then=1), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What needs the merchant, since `raised_at`; None in a mail about the credit.

    `address` is where the remedy is done, `action` the word on its link, `phone` whom to call; with `is_credit` the
    figure may be looked at anew.
    """

    raised_at: datetime | None
    title: str
    remedy: str
    address: str = ""
    action: str = ""
    phone: str = ""
    is_credit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The newest few things that need the merchant, and how many there are: one number on every screen."""

    asked: list[Asked]
    count: int


@dataclass(frozen=True, slots=True)
class _About:
    """What open notices are about, by the notice's key: a store's name, an order; by its own key, an answer.

    `left`: the SMS credit, where a notice is about it.
    """

    stores: dict[object, str]
    orders: dict[object, Order]
    answers: dict[str, IncomingMessage]
    left: Credit | None


def open_notices(subscriber: Subscriber, *, about: Sequence[UUID] = ()) -> list[Asked]:
    """The newest few; only those about the rows of `about` where it names any."""
    found = access.of(Notice, subscriber).filter(ended_at__isnull=True)
    found = found.filter(about_id__in=about) if about else found
    rows = list(found.order_by(_CAUSES_FIRST, "-raised_at")[:MOST])
    return _told(subscriber, rows)


def waiting(subscriber: Subscriber) -> Waiting:
    """What the frame of every screen says; the notices and the orders held back by one statement."""
    found = access.of(Notice, subscriber).filter(ended_at__isnull=True)
    held = (
        blocked.held_back(subscriber).order_by().values("subscriber").annotate(count=Count("pk"), at=Max("created_at"))
    )
    asked = access.of(Membership, subscriber).values_list(
        ArraySubquery(found.order_by(_CAUSES_FIRST, "-raised_at").values(row=JSONObject(**_COLUMNS))[:MOST]),
        Subquery(found.order_by().values("subscriber").annotate(count=Count("pk")).values("count")),
        Subquery(held.values("count")),
        Subquery(held.values("at")),
    )
    rows, count, held_back, newest = next(iter(asked[:1]), ([], 0, 0, None))
    told = _told(subscriber, [_notice(row, subscriber) for row in rows])
    if not held_back:
        return Waiting(asked=told, count=count or 0)
    return Waiting(asked=[*told, _held_back(held_back, newest)], count=(count or 0) + 1)


def _notice(row: dict[str, Any], subscriber: Subscriber) -> Notice:
    """A notice that came as JSON."""
    raised_at = datetime.fromisoformat(row["raised_at"])
    about = UUID(row["about_id"])
    return Notice(subscriber=subscriber, kind=row["kind"], about_id=about, detail=row["detail"], raised_at=raised_at)


def _held_back(count: int, newest: datetime | None) -> Asked:
    """The orders that are not asked since their phone is blocked, as one thing to do."""
    title = ngettext(
        "Engellenen numaradan gelen %(n)s sipariş sorulmadan bekliyor.",
        "Engellenen numaralardan gelen %(n)s sipariş sorulmadan bekliyor.",
        count,
    )
    remedy = _("Siparişi açıp karar verin; alıcıya sorulsun isterseniz engeli kaldırın.")
    where = f"{reverse('orders')}?{urlencode({'durum': Tab.NEEDS_YOU.value, 'telefon': ONLY_BLOCKED})}"
    title %= {"n": count}
    return Asked(raised_at=newest, title=title, remedy=remedy, address=where, action=_("Siparişleri aç"))


def one(notice: Notice) -> Asked:
    """What a single notice asks for."""
    (asked,) = _told(notice.subscriber, [notice])
    return asked


def _told(subscriber: Subscriber, rows: list[Notice]) -> list[Asked]:
    if not rows:
        return []
    keys = [row.about_id for row in rows]
    orders = _orders(subscriber, keys)
    others = [key for key in keys if key not in orders]
    stores: dict[object, str] = {}
    if others:
        stores = {store.pk: str(store) for store in access.of(Store, subscriber).filter(pk__in=others)}
    told = [row.detail["message"] for row in rows if row.detail.get("message")]
    answers = {str(answer.pk): answer for answer in access.of(IncomingMessage, subscriber).filter(pk__in=told)}
    left = credit.of(subscriber) if any(row.kind == CREDIT_LOW for row in rows) else None
    things = _About(stores, orders, answers, left)
    return [_asked(row, things) for row in rows]


def unread(subscriber: Subscriber, *, before: datetime) -> Asked | None:
    """The answers from before that nobody understood and nobody took up, as one thing to do; None without any."""
    waiting = access.of(IncomingMessage, subscriber).filter(state=IncomingState.UNMATCHED, received_at__lte=before)
    waiting = waiting.exclude(reason=blocked.REASON)  # nobody waits for what such a phone writes
    count = waiting.count()
    if not count:
        return None
    title = ngettext("%(n)s yanıtı bir gündür kimse ele almadı.", "%(n)s yanıtı bir gündür kimse ele almadı.", count)
    remedy = _("Yanıtları okuyun; ne demek istedikleri belliyse siparişlerine bağlayın, değilse alıcıyı arayın.")
    where = f"{reverse('messages')}?kutu=unmatched"
    first = waiting.order_by("received_at").values_list("received_at", flat=True).first()
    return Asked(raised_at=first, title=title % {"n": count}, remedy=remedy, address=where, action=_("Yanıtları aç"))


def low_credit(left: Credit) -> Asked:
    """The SMS credit that will be used up within days, or is less than the merchant wants."""
    days, title = left.days or 0, _("SMS krediniz bir günden önce bitecek.")
    if not left.is_short:
        facts = {"left": int(left.left), "least": left.least}
        title = _("SMS krediniz %(left)s kaldı; sizin koyduğunuz sınır %(least)s.") % facts
    elif days:
        title = ngettext("SMS krediniz yaklaşık %(n)s gün yeter.", "SMS krediniz yaklaşık %(n)s gün yeter.", days)
        title %= {"n": days}
    remedy = _("Netgsm hesabınıza kredi yükleyin; kredi biterse sorular gitmez.")
    if left.read_at is not None:
        remedy = f"{remedy} " + _("Son bakış: %(at)s.") % {"at": day_and_time(timezone.localtime(left.read_at))}
    where, action = reverse("integrations"), _("SMS hesabına bak")
    return Asked(raised_at=None, title=title, remedy=remedy, address=where, action=action, is_credit=True)


def _credit_low(row: Notice, about: _About) -> Asked:
    """What is left stands in its words; it may be no longer low until the next look at it ends the notice."""
    if about.left is not None and about.left.is_low:
        return replace(low_credit(about.left), raised_at=row.raised_at)
    remedy = _("Netgsm hesabınıza kredi yükleyin; kredi biterse sorular gitmez.")
    return replace(_at_integrations(row, _("SMS krediniz azaldı."), remedy), is_credit=True)


def _orders(subscriber: Subscriber, keys: list[UUID]) -> dict[object, Order]:
    """The orders that these keys name, each by its own key and by its confirmation's."""
    by_confirmation = access.of(Confirmation, subscriber).filter(pk__in=keys).order_by().values("order_id")
    named = access.of(Order, subscriber).filter(pk__in=keys).order_by().values("pk").union(by_confirmation)
    found: Any = access.of(Order, subscriber).filter(pk__in=named).annotate(opened=F("confirmations__pk"))
    return {key: order for order in found for key in (order.pk, order.opened)}


def _asked(row: Notice, about: _About) -> Asked:
    tell = _WORDS.get(row.kind.partition(":")[0])
    if tell is None:
        return Asked(raised_at=row.raised_at, title=row.kind, remedy="")
    return tell(row, about)


def _refused(row: Notice, about: _About) -> Asked:
    store = about.stores.get(row.about_id)
    if store is None:
        meaning = codes.meaning(row.detail.get("code", "") or "30")
        return _at_integrations(row, reasons.in_language(meaning.words), reasons.in_language(meaning.remedy))
    cause = reasons.failure(row.detail.get("reason", ""))
    title = _("%(store)s bağlantısı kesildi. %(cause)s") % {"store": store, "cause": cause}
    return _at_integrations(row, title, _("İzni yeniden verin; bekleyen işler kendiliğinden sürer."))


def _permission_missing(row: Notice, about: _About) -> Asked:
    title = _("%(store)s bir işleme izin vermiyor: %(operation)s.") % {
        "store": about.stores.get(row.about_id, _("Mağaza")),
        "operation": _operation(row),
    }
    remedy = _("Mağaza panelinde API izinlerinde Katalog, Sipariş ve Diğer için Okuma/Yazma verin.")
    return _at_integrations(row, title, remedy)


def _poll_failed(row: Notice, about: _About) -> Asked:
    title = _("%(who)s: %(operation)s işi sürekli başarısız oluyor. %(cause)s") % {
        "who": about.stores.get(row.about_id, _("SMS hesabı")),
        "operation": _operation(row),
        "cause": reasons.failure(row.detail.get("reason", "")),
    }
    remedy = _("Yeniden denenir. Sürerse mağazanın API izinlerini ve adresini denetleyin ya da %(ask)s.")
    remedy %= {"ask": contact.ask()}
    return _at_integrations(row, title, remedy)


def _operation(row: Notice) -> Text:
    name = row.detail.get("operation", "")
    return _OPERATIONS.get(name, name or "?")


def _setup_drifted(row: Notice, about: _About) -> Asked:
    """A line of *Kurulum* that was in order and is not now."""
    item = row.detail.get("operation", "")
    title = _("%(store)s: kurulumda “%(line)s” artık olması gerektiği gibi değil.") % {
        "store": about.stores.get(row.about_id, _("Mağaza")),
        "line": setup_words.TITLES.get(item, item),
    }
    remedy = _("Kurulum’u açın; ne değiştiğini ve nasıl düzelteceğinizi satırında görürsünüz.")
    where = reverse("setup_store", args=[row.detail["code"]]) if row.detail.get("code") else reverse("setup")
    return Asked(raised_at=row.raised_at, title=title, remedy=remedy, address=where, action=_("Kurulum’u aç"))


def _header_not_defined(row: Notice, _about: _About) -> Asked:
    title = _("“%(header)s” başlığı Netgsm hesabınızda tanımlı değil.") % {"header": row.detail.get("header", "")}
    remedy = _("Olayda hesabınızın onaylı başlıklarından birini seçin.")
    where = reverse("events")
    return Asked(raised_at=row.raised_at, title=title, remedy=remedy, address=where, action=_("Olaylara git"))


def _line_taken(row: Notice, _about: _About) -> Asked:
    title = _("Bu abone numarası başka bir abonede kayıtlı.")
    return _at_integrations(row, title, _("Numara sizinse %(ask)s.") % {"ask": contact.ask()})


def _answer_from_other_phone(row: Notice, about: _About) -> Asked:
    remedy = _("Numarayı arayın; alıcıyı tanıyorsanız siparişte Elle onayla’ya basın.")
    answer = about.answers.get(row.detail.get("message", ""))
    if answer is None:
        title = _("%(order)s numaralı siparişe başka telefondan yanıt geldi.")
        return _at_order(row, about, title, remedy)
    sender = answer.sender or answer.sender_raw
    title = _("%(order)s numaralı sipariş için %(phone)s numarasından SMS geldi.")
    title = title.replace("%(phone)s", phone(sender).replace("%", "%%"))
    return replace(_at_order(row, about, title, remedy), phone=answer.sender)


def _answer_not_understood(row: Notice, about: _About) -> Asked:
    """Leads to what the buyer wrote: the whole conversation with that phone."""
    remedy = _("Mesajı okuyun; ne demek istediği belliyse siparişe siz karar verin, değilse alıcıyı arayın.")
    answer = about.answers.get(row.detail.get("message", ""))
    asked = _at_order(row, about, _("%(order)s numaralı siparişin alıcısı yazdı, anlaşılmadı."), remedy)
    if answer is None:
        return asked
    where = reverse("conversation", args=[answer.pk])
    said = Truncator(answer.text).chars(LONGEST_QUOTE)
    title = f"{asked.title} “{said}”" if said else asked.title
    return replace(asked, title=title, phone=answer.sender, address=where, action=_("Mesajı aç"))


def _changed_mind(row: Notice, about: _About) -> Asked:
    """The buyer said the contrary of what the order stands at."""
    refuses = row.detail.get("reason") == Reason.REFUSES_CONFIRMED
    titles = _REFUSES if refuses else _CONFIRMS
    title = str(titles.get(row.detail.get("decided", ""), titles["buyer"]))
    remedy = sentences.refuses_confirmed() if refuses else sentences.confirms_declined()
    answer = about.answers.get(row.detail.get("message", ""))
    return replace(_at_order(row, about, title, remedy), phone=answer.sender if answer else "")


def _question_not_sent(row: Notice, about: _About) -> Asked:
    """Too long, refused by the operator (with its code), or too late: the order's buyer was asked nothing."""
    reason, code = row.detail.get("reason", ""), row.detail.get("code", "")
    call = _("Alıcıyı arayın; siparişte Elle onayla ya da Reddet’e basın.")
    if reason == "question_too_long":
        title = _("%(order)s numaralı siparişin sorusu bir SMS’e sığmadığı için gönderilmedi.")
        return _at_order(
            row,
            about,
            title,
            _("Olayın soru metnini kısaltın; sipariş %(hours)s saatten yeniyse sorulur.") % {"hours": ASKED_WITHIN},
        )
    if reason == blocked.REASON:
        title = _("%(order)s numaralı siparişin sorusu, numarasını engellediğiniz için gönderilmedi.")
        return _at_order(row, about, title, _("Siparişte Elle onayla ya da Reddet’e basın, ya da engeli kaldırın."))
    if reason == OutgoingState.REFUSED and code:
        meaning = codes.meaning(code)
        cause = reasons.in_language(meaning.words).replace("%", "%%")
        title = _("%(order)s numaralı siparişin sorusunu operatör kabul etmedi.") + f" {cause}"
        return _at_order(row, about, title, f"{reasons.in_language(meaning.remedy)} {call}")
    return _at_order(row, about, _("%(order)s numaralı siparişin sorusu gönderilemedi."), call)


def _approval_failed(row: Notice, about: _About) -> Asked:
    title = _("%(order)s numaralı siparişin onayı mağazaya yazılamadı.")
    return _at_order(row, about, title, _("Siparişi mağaza panelinden onaylayın."))


def _at_integrations(row: Notice, title: str, remedy: str) -> Asked:
    where = reverse("integrations")
    return Asked(raised_at=row.raised_at, title=title, remedy=remedy, address=where, action=_("Entegrasyonlara git"))


def _at_order(row: Notice, about: _About, title: str, remedy: str) -> Asked:
    order = about.orders.get(row.about_id)
    if order is None:
        return Asked(raised_at=row.raised_at, title=title % {"order": row.detail.get("order", "?")}, remedy=remedy)
    return Asked(
        raised_at=row.raised_at,
        title=title % {"order": order.reference},
        remedy=remedy,
        address=reverse("order", args=[order.code]),
        action=_("Siparişi aç"),
    )


# A buyer who says the contrary, by who had decided the order.
_REFUSES: dict[str, Text] = {
    "buyer": lazy("%(order)s numaralı siparişin alıcısı onayladıktan sonra vazgeçti."),
    "person": lazy("Elle onaylanan %(order)s numaralı siparişi alıcısı istemedi."),
    "store": lazy("Mağazada onaylanan %(order)s numaralı siparişi alıcısı istemedi."),
}
_CONFIRMS: dict[str, Text] = {
    "buyer": lazy("%(order)s numaralı siparişin alıcısı reddettikten sonra onay yazdı."),
    "person": lazy("Elle reddedilen %(order)s numaralı siparişin alıcısı onay yazdı."),
}
_OPERATIONS: dict[str, Text] = {
    **{kind.value: kind.label for kind in (*ErrandKind, *AccountErrandKind)},
    "store.approvals": lazy("siparişi mağazaya yazma"),
    "store.reread": lazy("siparişi yeniden okuma"),
}
_WORDS: dict[str, Callable[[Notice, _About], Asked]] = {
    "refused": _refused,
    "permission_missing": _permission_missing,
    "poll_failed": _poll_failed,
    "setup_drifted": _setup_drifted,
    "header_not_defined": _header_not_defined,
    "line_taken": _line_taken,
    "answer_not_understood": _answer_not_understood,
    "answer_from_other_phone": _answer_from_other_phone,
    "changed_mind": _changed_mind,
    "approval_failed": _approval_failed,
    "question_not_sent": _question_not_sent,
    CREDIT_LOW: _credit_low,
}
