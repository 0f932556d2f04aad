"""How a state looks: its word, its icon and its tone. A tone alone says nothing; the word is always beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from integrations.ideasoft.models import Connection
from integrations.ideasoft.payloads import Status
from messaging.models import IncomingState, OutgoingState, Settled
from messaging.queries import Sms
from orders import blocked, questions
from orders.confirmation import State
from orders.intake import APPROVED_IN_EFFECT
from orders.matching import Reason
from orders.queries import UNASKED, OrderLine

Text = str | Promise
ASKED_WITHIN = questions.OLDEST // timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Look:
    """`tone` is one of waiting, good, bad, quiet, asks: a colour of `tokens.css`."""

    word: Text
    icon: str
    tone: str


STRANGE = Look(_("bilinmiyor"), "help-circle", "quiet")

ORDER: dict[str, Look] = {
    State.WAITING: Look(_("Yanıt bekliyor"), "hourglass", "waiting"),
    State.CONFIRMED: Look(_("Onayladı, mağazaya yazılıyor"), "user-check", "good"),
    State.APPROVED: Look(_("Onaylandı"), "circle-check", "good"),
    State.DECLINED: Look(_("Reddetti"), "circle-x", "bad"),
    State.EXPIRED: Look(_("Yanıt gelmedi"), "zzz", "quiet"),
    State.CLOSED: Look(_("Mağazada sonuçlandı"), "building-store", "quiet"),
    UNASKED: Look(_("Sorulmadı"), "message-off", "quiet"),
}

BY_HAND: dict[str, Look] = {
    State.CONFIRMED: Look(_("Elle onaylandı, mağazaya yazılıyor"), "user-check", "good"),
    State.APPROVED: Look(_("Elle onaylandı"), "circle-check", "good"),
    State.DECLINED: Look(_("Elle reddedildi"), "circle-x", "bad"),
}

OUTGOING: dict[str, Look] = {
    OutgoingState.QUEUED: Look(_("Sırada"), "clock", "waiting"),
    OutgoingState.SENDING: Look(_("Gönderiliyor"), "send", "waiting"),
    OutgoingState.ACCEPTED: Look(_("Operatörde"), "check", "waiting"),
    OutgoingState.DELIVERED: Look(_("İletildi"), "checks", "good"),
    OutgoingState.UNDELIVERED: Look(_("İletilemedi"), "circle-x", "bad"),
    OutgoingState.UNREPORTED: Look(_("Rapor gelmedi"), "help-circle", "quiet"),
    OutgoingState.REFUSED: Look(_("Operatör kabul etmedi"), "ban", "bad"),
    OutgoingState.UNKNOWN: Look(_("Gidip gitmediği bilinmiyor"), "help-circle", "asks"),
    OutgoingState.EXPIRED: Look(_("Zamanı geçti, gönderilmedi"), "zzz", "quiet"),
}

WITHHELD = Look(_("Engellendi, gönderilmedi"), "ban", "quiet")

INCOMING: dict[str, Look] = {
    IncomingState.RECEIVED: Look(_("Okunuyor"), "clock", "waiting"),
    IncomingState.HANDLED: Look(_("İşlendi"), "circle-check", "good"),
    IncomingState.UNMATCHED: Look(_("Anlaşılmadı"), "help-circle", "asks"),
}

PUT_ASIDE = Look(_("Okundu"), "checks", "quiet")
SET_ASIDE = Look(_("Sayılmadı"), "ban", "quiet")

STORE: dict[str, Look] = {
    Connection.WAITING: Look(_("İzin bekliyor"), "hourglass", "waiting"),
    Connection.CONNECTED: Look(_("Bağlı"), "circle-check", "good"),
    Connection.WITHDRAWN: Look(_("İzin geri alındı"), "circle-x", "bad"),
}

STORE_FAILS = Look(_("Bağlı, ama yanıt vermiyor"), "alert-triangle", "bad")

STORE_STATUS: dict[str, Text] = {
    "waiting_for_approval": _("Onay bekliyor"),
    "approved": pgettext_lazy("store", "Onaylandı"),
    "fulfilled": _("Kargoya verildi"),
    "cancelled": _("İptal edildi"),
    "delivered": _("Teslim edildi"),
    "on_accumulation": _("Tedarik sürecinde"),
    "waiting_for_payment": _("Ödeme bekliyor"),
    "being_prepared": _("Hazırlanıyor"),
    "refunded": _("İade edildi"),
    "personal_status_1": _("Kişisel durum 1"),
    "personal_status_2": _("Kişisel durum 2"),
    "personal_status_3": _("Kişisel durum 3"),
    "deleted": _("Silindi"),
}

NOT_ASKED: dict[str, Text] = {
    "not_cod": _("Kapıda ödeme değil, onay gerekmiyor."),
    "not_waiting": _("Mağazada onay beklemiyor."),
    "before_connection": _("Mağaza bağlanmadan önce gelmiş."),
    "too_old": format_lazy(_("{hours} saatten eski; kendiliğinden sorulmaz."), hours=ASKED_WITHIN),
    "no_mobile": _("Siparişte cep telefonu yok; alıcıyı arayın, kararı siz verin."),
    "phone_blocked": _("Numarayı engellediniz; kararı siz verin."),
    "no_event": _("Bu mağaza için açık bir olay yok."),
    "no_account": _("SMS hesabı tanımlı değil."),
    "question_too_long": _("Soru metni bir SMS’e sığmıyor; kısaltınca kendiliğinden sorulur."),
    "": _("Henüz bakılmadı."),
}


_CALLED_OFF = frozenset({Status.CANCELLED, Status.REFUNDED, Status.DELETED})
CONTRADICTS: dict[str, frozenset[str]] = {
    State.CONFIRMED: _CALLED_OFF,
    State.APPROVED: _CALLED_OFF,
    State.DECLINED: APPROVED_IN_EFFECT,
}


def why_not_asked(line: OrderLine) -> Text:
    """Why no question was opened; empty where one was. The connection counts before where the order stands now."""
    if line.state != UNASKED:
        return ""
    reason = "before_connection" if line.is_past and line.not_asked == "not_waiting" else line.not_asked
    return NOT_ASKED.get(reason, reason)


def otherwise_in_store(line: OrderLine) -> Text:
    """Where the store says otherwise than the order's state does; empty where they agree."""
    return store_status(line.store_status) if line.store_status in CONTRADICTS.get(line.state, ()) else ""


def order_look(line: OrderLine) -> Look:
    """How an order's state looks; one that a person decided says so."""
    by_hand = BY_HAND.get(line.state) if line.decided_by else None
    return by_hand or ORDER.get(line.state, STRANGE)


def incoming_look(sms: Sms) -> Look:
    """How an answer was taken; one that a person read and put aside, or that a block set aside, says so."""
    if sms.state == IncomingState.UNMATCHED and sms.reason in (Reason.PHONE_BLOCKED, Reason.ORDER_BLOCKED):
        return SET_ASIDE
    return PUT_ASIDE if sms.outcome == Settled.PUT_ASIDE else INCOMING.get(sms.state, STRANGE)


def outgoing_look(sms: Sms) -> Look:
    """How far an outgoing SMS has come; one that stayed since its phone is blocked says so."""
    is_withheld = sms.state == OutgoingState.EXPIRED and sms.last_failure == blocked.REASON
    return WITHHELD if is_withheld else OUTGOING.get(sms.state, STRANGE)


def store_status(raw: str) -> Text:
    """A status of the store in words; one that is not known stays as the store wrote it."""
    return STORE_STATUS.get(raw, raw or "–")
