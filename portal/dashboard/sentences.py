"""The story of an order in sentences: every step with its time, its cause and, where it failed, the remedy."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from integrations.ideasoft.payloads import Status
from messaging.models import OutgoingState
from messaging.queries import Sms
from orders import unread
from orders.matching import Reason
from orders.models import Act
from orders.queries import OrderSheet, StoreWrite
from orders.story import Taught, TimelineStep
from portal.dashboard import deliveries, order_blocks, order_news, reasons
from portal.dashboard.entries import Entry, header_and_length
from portal.dashboard.looks import Text, outgoing_look, store_status
from portal.templatetags.figures import phone

_LAST = datetime.max.replace(tzinfo=UTC)


def story(sheet: OrderSheet) -> list[Entry]:
    """All entries, oldest first; what is still on its way stands last."""
    last = {sms.id: step for step in sheet.steps for sms in (step.incoming, step.outgoing) if sms}
    unclear = {step.incoming.id: step for step in reversed(sheet.steps) if step.incoming and step.kind == unread.STEP}
    told = [entry for step in sheet.steps for entry in _entries(step, sheet, last, unclear)]
    told.sort(key=lambda entry: entry.at or _LAST)
    return [*told, *(_under_way(write) for write in sheet.writes)]


def headline(step: TimelineStep) -> str:
    """One step in few words, for a list: where it was about a message that failed, that; of a news, which and why."""
    sms = step.outgoing
    if sms and sms.state not in (OutgoingState.QUEUED, OutgoingState.SENDING):
        return f"{reasons.PURPOSES.get(sms.purpose, sms.purpose)} · {outgoing_look(sms).word}"
    told = entry(step)
    return f"{told.title} · {told.cause}" if step.kind in _NAMELESS else told.title


def _entries(
    step: TimelineStep,
    sheet: OrderSheet,
    last: Mapping[uuid.UUID, TimelineStep],
    unclear: Mapping[uuid.UUID, TimelineStep],
) -> Iterator[Entry]:
    """A step, before it the SMS it answers to, after it how far the SMS it sent has come.

    An SMS that was queued again is told of by the `last` of its steps; there, too, an answer may teach a word. One that
    nobody understood at first stands whole where it was `unclear`.
    """
    sms = step.incoming
    before = unclear.get(sms.id) if sms else None
    is_again = before is not None and before.at < step.at
    if sms and step.kind in _ANSWERS and not is_again:
        yield _answer(sms, is_stranger=step.kind == "answer_from_other_phone")
    teaches = sms.id if sms and step is last[sms.id] and reasons.can_teach(sms) else None
    told = replace(entry(step), teaches=teaches)
    if sms and is_again and step.kind in _READ_AGAIN:
        told = replace(told, quote="", cause=f"{_again(sheet.taught.get(sms.id))} {told.cause}".strip())
    if step.kind in _ADVISED and _ADVISED[step.kind] not in sheet.acts:
        told = replace(told, remedy="")
    yield told
    if step.outgoing and step is last[step.outgoing.id]:
        yield from deliveries.of(step.outgoing, not_before=step.at)


def _again(taught: Taught | None) -> str:
    """Why an SMS of further up was handled once more."""
    if taught is None:
        return _("Yukarıdaki SMS yeniden işlendi.")
    word = f"“{taught.word}”"
    if not taught.by:
        return _("%(word)s sözü öğretildi; yukarıdaki SMS yeniden işlendi.") % {"word": word}
    told = _("%(word)s sözü öğretildi (%(person)s); yukarıdaki SMS yeniden işlendi.")
    return told % {"word": word, "person": taught.by}


def entry(step: TimelineStep) -> Entry:
    """One step in a sentence."""
    tell = _SENTENCES.get(step.kind)
    return tell(step) if tell else Entry(at=step.at, icon="info-circle", tone="quiet", title=step.kind)


def _order_came(step: TimelineStep) -> Entry:
    ways = {
        "webhook": _("Mağaza haber verdi."),
        "poll": _("Mağazaya soruldu."),
        "answer": _("Alıcının yanıtındaki numara mağazaya soruldu."),
        "past": _("Mağaza bağlanınca önceki siparişlerden okundu."),
    }
    cause = ways.get(step.detail.get("by_way", ""), "")
    return Entry(at=step.at, icon="shopping-bag", tone="quiet", title=_("Sipariş geldi"), cause=cause)


def _store_status(step: TimelineStep) -> Entry:
    before, after = (store_status(step.detail.get(name, "")) for name in ("before", "after"))
    cause = _("Mağazada: %(before)s → %(after)s") % {"before": before, "after": after}
    return Entry(at=step.at, icon="building-store", tone="quiet", title=_("Mağazada durumu değişti"), cause=cause)


def _closed_by_store(step: TimelineStep) -> Entry:
    status = step.detail.get("status", "")
    cause = _("Mağazadaki durumu: %(status)s. Mağaza panelinde yapılan her zaman geçerlidir.") % {
        "status": store_status(status)
    }
    title = str(_CLOSED.get(status, _("Mağazada durumu değişti")))
    return Entry(at=step.at, icon="building-store", tone="quiet", title=title, cause=cause)


def _store_waits_again(step: TimelineStep) -> Entry:
    cause = _("Sipariş mağaza panelinde yeniden onay bekliyor yapıldı; alıcının onayı yine sayılır.")
    remedy = _("Soru kendiliğinden yeniden gitmez; gerekirse siz yeniden sorun.")
    title = _("Mağaza yeniden onay bekliyor")
    return Entry(at=step.at, icon="building-store", tone="quiet", title=title, cause=cause, remedy=remedy)


def _question_queued(step: TimelineStep) -> Entry:
    sms = step.outgoing
    title = _("Soru yeniden istendi") if step.by else _("Soru hazırlandı")
    cause = header_and_length(sms) if sms else ""
    if step.by:
        cause = _("%(person)s istedi. %(cause)s") % {"person": step.who, "cause": cause}
    return Entry(
        at=step.at,
        icon="message-question",
        tone="quiet",
        title=title,
        cause=cause,
        quote=sms.text if sms else "",
        is_ours=True,
    )


def _question_by_store(step: TimelineStep) -> Entry:
    cause = _("Olayınızda soruyu mağazanın kendisi gönderir (2815 metni).")
    return Entry(at=step.at, icon="building-store", tone="quiet", title=_("Soruyu mağaza gönderiyor"), cause=cause)


def _too_long(step: TimelineStep) -> Entry:
    cause = _("Metin %(units)s karakter, en çok %(most)s olabilir.") % {
        "units": step.detail.get("units", "?"),
        "most": step.detail.get("most", "?"),
    }
    remedy = _("Olayın metnini kısaltın.")
    title = _("Soru gönderilemedi") if step.kind == "question_too_long" else _("Yanıt gönderilemedi")
    return Entry(at=step.at, icon="alert-triangle", tone="bad", title=title, cause=cause, remedy=remedy)


def _buyer_confirms(step: TimelineStep) -> Entry:
    if step.detail.get("call"):
        cause = _("Siparişin telefonundan aradı, tuşla onayladı.")
        return Entry(at=step.at, icon="phone", tone="good", title=_("Alıcı onayladı"), cause=cause)
    return _understood(step, "user-check", "good", _("Alıcı onayladı"))


def _buyer_declines(step: TimelineStep) -> Entry:
    told = _understood(step, "user-x", "bad", _("Alıcı reddetti"))
    return replace(told, remedy=_("Kargoya vermeyin; siparişi mağaza panelinden iptal edin."))


def _answer_late(step: TimelineStep) -> Entry:
    reason = step.detail.get("reason") or (step.incoming.reason if step.incoming else "")
    decided = step.detail.get("decided", "")
    if reason == Reason.REFUSES_CONFIRMED:
        title = str(_REFUSES_LATE.get(decided, _("Alıcı onayladıktan sonra vazgeçti")))
        return replace(_understood(step, "user-x", "asks", title), remedy=refuses_confirmed())
    if reason == Reason.CONFIRMS_DECLINED:
        by_hand = decided == "person"
        title = _("Alıcı, elle reddedilen siparişe onay yazdı") if by_hand else _("Alıcı reddettikten sonra onay yazdı")
        return replace(_understood(step, "user-check", "asks", title), remedy=confirms_declined())
    decided = decided if reason == Reason.ALREADY_CONFIRMED else None
    title = _("Yanıt geç geldi") if decided is None else str(_CONFIRMS_LATE.get(decided, _("Alıcı yeniden onay yazdı")))
    return _understood(step, "clock", "quiet", title)


def refuses_confirmed() -> str:
    """What to do where a buyer takes a confirmation back."""
    return _("Kargoya vermeyin; alıcıyı arayın, vazgeçtiyse siparişi mağaza panelinden iptal edin.")


def confirms_declined() -> str:
    """What to do where a buyer wants after all what was refused."""
    return _("Alıcıyı arayın; siparişi istiyorsa Elle onayla’ya basın.")


def _other_phone(step: TimelineStep) -> Entry:
    told = _understood(step, "device-mobile", "asks", _("Başka telefondan yanıt geldi"))
    return replace(told, remedy=_("Alıcıyı tanıyorsanız Elle onayla’ya basın."))


def _not_understood(step: TimelineStep) -> Entry:
    if step.detail.get("reason") in order_blocks.SET_ASIDE:
        return order_blocks.set_aside(step)
    told = _understood(step, "help-circle", "asks", _("Alıcıdan SMS geldi, anlaşılmadı"))
    told = replace(told, cause=_why(step))  # no event has matched it, whichever looked at it
    remedy = _("Mesajı okuyun; gerekirse alıcıyı arayıp Elle onayla ya da Reddet’e basın.")
    return replace(told, quote=step.incoming.text if step.incoming else "", remedy=remedy)


def _understood(step: TimelineStep, icon: str, tone: str, title: str) -> Entry:
    """What an incoming SMS brought about: by which event, and why."""
    sms, why = step.incoming, _why(step)
    by_event = (
        _("Ideasoft Sipariş Onayı olayı (%(event)s) eşleştirdi.") % {"event": sms.event} if sms and sms.event else ""
    )
    why = f"{why} {reasons.taught(sms.trace)}" if sms else why
    seen = tuple(reasons.seen(sms.trace)) if sms else ()
    return Entry(at=step.at, icon=icon, tone=tone, title=title, cause=f"{by_event} {why}".strip(), seen=seen)


def _why(step: TimelineStep) -> str:
    return str(reasons.why(step.detail.get("reason") or (step.incoming.reason if step.incoming else "")))


def _assigned(step: TimelineStep) -> Entry:
    return Entry(at=step.at, icon="user", tone="quiet", title=_("Yanıt bu siparişe bağlandı"), cause=step.who)


def _person(step: TimelineStep) -> Entry:
    approves = step.kind == "person_approves"
    if approves:
        return Entry(at=step.at, icon="user", tone="good", title=_("Elle onaylandı"), cause=step.who)
    remedy = _("Kargoya vermeyin; siparişi mağaza panelinden iptal edin.")
    return Entry(at=step.at, icon="user", tone="bad", title=_("Elle reddedildi"), cause=step.who, remedy=remedy)


def _hand_act(step: TimelineStep) -> Entry:
    """A click that was taken back, the taking back itself, and one that came too late."""
    asked = _HAND_ACTS.get(step.detail.get("act", ""), lazy("Karar istendi"))
    if step.kind == "hand_act_wanted":
        return Entry(at=step.at, icon="user", tone="quiet", title=str(asked), cause=step.who)
    if step.kind != "hand_act_overtaken":
        title = _("Elle verilen karar geri alındı") if step.kind == "person_undoes" else _("Geri alındı, uygulanmadı")
        return Entry(at=step.at, icon="arrow-back-up", tone="quiet", title=title, cause=step.who)
    why = str(_TOO_LATE.get(step.detail.get("reason", ""), ""))
    cause = " · ".join(filter(None, [step.who, str(asked)]))
    return Entry(at=step.at, icon="alert-triangle", tone="asks", title=_("Karar uygulanamadı"), cause=cause, remedy=why)


def _approved_in_store(step: TimelineStep) -> Entry:
    cause = _("Mağaza değişikliği gösteriyor: %(status)s.") % {"status": store_status(step.detail.get("status", ""))}
    return Entry(at=step.at, icon="circle-check", tone="good", title=_("Mağazada onaylandı"), cause=cause)


def _cancelled_in_store(step: TimelineStep) -> Entry:
    cause = _("Olayınız reddedilen siparişleri mağazada iptal eder.")
    return Entry(at=step.at, icon="circle-x", tone="bad", title=_("Mağazada iptal edildi"), cause=cause)


def _approval_failed(step: TimelineStep) -> Entry:
    cause = str(reasons.failure(step.detail.get("reason", "")))
    remedy = _("Siparişi mağaza panelinden onaylayın.")
    title = _("Mağazaya yazılamadı")
    return Entry(at=step.at, icon="alert-triangle", tone="bad", title=title, cause=cause, remedy=remedy)


def _store_tried_again(step: TimelineStep) -> Entry:
    cause = _("%(person)s istedi.") % {"person": step.who} if step.by else ""
    title = _("Mağazaya yeniden yazılıyor")
    return Entry(at=step.at, icon="building-store", tone="quiet", title=title, cause=cause)


def _caller_heard(step: TimelineStep) -> Entry:
    caller = step.detail.get("caller", "")
    cause = _("%(phone)s numarasından aradı, Sesli yanıt söyledi.") % {"phone": phone(caller)} if caller else ""
    return Entry(at=step.at, icon="phone", tone="quiet", title=_("Alıcı aradı, durumu dinledi"), cause=cause)


def _expired(step: TimelineStep) -> Entry:
    cause = _("Süre dolana kadar yanıt gelmedi.")
    remedy = _("Alıcıyı arayabilirsiniz.")
    return Entry(at=step.at, icon="zzz", tone="quiet", title=_("Onay süresi doldu"), cause=cause, remedy=remedy)


def _reply_queued(step: TimelineStep) -> Entry:
    sms = step.outgoing
    purpose = step.detail.get("purpose", "")
    title = _("Yanıt hazırlandı") if purpose in ("", "reply") else str(reasons.PURPOSES.get(purpose, purpose))
    cause = header_and_length(sms) if sms else ""
    if step.by:
        cause = _("%(person)s yeniden gönderdi. %(cause)s") % {"person": step.who, "cause": cause}
    return Entry(
        at=step.at,
        icon="message-reply",
        tone="quiet",
        title=title,
        cause=cause,
        quote=sms.text if sms else "",
        is_ours=True,
    )


def _answer(sms: Sms, *, is_stranger: bool) -> Entry:
    """What came in; where it is not from the order's own phone, from whose."""
    title = _("Alıcıdan SMS geldi")
    if is_stranger:
        title = _("%(phone)s numarasından SMS geldi") % {"phone": phone(sms.phone)}
    return Entry(
        at=sms.at,
        icon="arrow-down-left",
        tone="asks",
        title=title,
        quote=sms.text,
        phone=sms.phone if is_stranger else "",
    )


def _under_way(write: StoreWrite) -> Entry:
    cause = str(reasons.failure(write.last_failure)) if write.last_failure else ""
    remedy = _("Mağazanın iznini yenileyin.") if write.is_held else deliveries.next_try(write.due_at)
    title = _("Mağazaya yazılıyor") if write.action == "approve" else _("Mağazada iptal ediliyor")
    return Entry(at=None, icon="hourglass", tone="waiting", title=title, cause=cause, remedy=remedy)


_CLOSED: dict[str, Text] = {
    Status.APPROVED: lazy("Mağaza panelinden onaylandı"),
    Status.CANCELLED: lazy("Mağaza panelinden iptal edildi"),
    Status.DELETED: lazy("Mağazada silindi"),
    Status.REFUNDED: lazy("Mağazada iade edildi"),
}

# A buyer's first yes, by who had decided the order before.
_CONFIRMS_LATE: dict[str, Text] = {
    "store": lazy("Alıcı onay yazdı; sipariş mağazada zaten ilerlemişti"),
    "person": lazy("Alıcı onay yazdı; sipariş elle zaten onaylanmıştı"),
}

# A buyer's first no to an order that others had approved.
_REFUSES_LATE: dict[str, Text] = {
    "store": lazy("Alıcı, mağazada onaylanan siparişi istemedi"),
    "person": lazy("Alıcı, elle onaylanan siparişi istemedi"),
}

_HAND_ACTS: dict[str, Text] = {
    Act.APPROVE: lazy("Elle onay istendi"),
    Act.DECLINE: lazy("Elle ret istendi"),
    Act.ASK: lazy("Yeni soru istendi"),
}

_TOO_LATE: dict[str, Text] = {
    "moved_on": lazy("Sipariş bu arada değişti; hiçbir şey yapılmadı."),
    "no_event": lazy("Mağazanın açık bir olayı yok; önce olayı açın."),
    "no_account": lazy("SMS hesabı tanımlı değil; önce hesabı girin."),
    "text_too_long": lazy("Soru bir SMS’e sığmıyor; olayın metnini kısaltın."),
    "person_gone": lazy("Kararı isteyen kişi artık ekipte değil."),
    "key_ended": lazy("Kararı isteyen API anahtarı bu arada sona erdi."),
    "broke": lazy("Beklenmeyen bir hata oldu; yeniden deneyin."),
}

_NAMELESS = frozenset({"news_waits", "news_dropped", "news_before_code"})  # their titles alone say too little
# Advice to decide, until nobody can decide so any more.
_ADVISED: dict[str, Act] = {unread.STEP: Act.DECLINE, "answer_from_other_phone": Act.APPROVE}
_ANSWERS = frozenset({"buyer_confirms", "buyer_declines", "answer_late", "answer_from_other_phone", "answer_assigned"})

_READ_AGAIN = _ANSWERS - {"answer_assigned"} | {unread.STEP}

_SENTENCES: dict[str, Callable[[TimelineStep], Entry]] = {
    "order_came": _order_came,
    "store_status": _store_status,
    "closed_by_store": _closed_by_store,
    "store_waits_again": _store_waits_again,
    "question_queued": _question_queued,
    "question_by_store": _question_by_store,
    "question_too_long": _too_long,
    "reply_too_long": _too_long,
    "buyer_confirms": _buyer_confirms,
    "buyer_declines": _buyer_declines,
    "answer_late": _answer_late,
    "answer_not_understood": _not_understood,
    "answer_from_other_phone": _other_phone,
    "answer_assigned": _assigned,
    "person_approves": _person,
    "person_declines": _person,
    "hand_act_wanted": _hand_act,
    "hand_act_undone": _hand_act,
    "person_undoes": _hand_act,
    "hand_act_overtaken": _hand_act,
    "approved_in_store": _approved_in_store,
    "cancelled_in_store": _cancelled_in_store,
    "approval_failed": _approval_failed,
    "store_tried_again": _store_tried_again,
    "caller_heard": _caller_heard,
    "expired": _expired,
    "reply_queued": _reply_queued,
    "news_queued": order_news.queued,
    "news_waits": order_news.held,
    "news_dropped": order_news.held,
    "news_before_code": order_news.before_code,
    "phone_blocked": order_blocks.blocked,
    "phone_unblocked": order_blocks.unblocked,
}
