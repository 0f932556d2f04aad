"""*Kurulum* in words: what each line is for, what was found, and how it is done by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from integrations.ideasoft import permissions
from integrations.ideasoft.models import ChangeState, SetupItem, SetupState
from integrations.netgsm import codes
from portal.dashboard import reasons
from portal.dashboard.looks import Look, Text
from portal.templatetags.figures import day_and_time

STATES: dict[str, Look] = {
    SetupState.UNCHECKED: Look(lazy("Henüz bakılmadı"), "clock", "quiet"),
    SetupState.DONE: Look(lazy("Tamam"), "circle-check", "good"),
    SetupState.NOT_NEEDED: Look(lazy("Gerekmiyor"), "circle-check", "good"),
    SetupState.OFFERED: Look(lazy("Sizin için yapılabilir"), "settings", "asks"),
    SetupState.BY_HAND: Look(lazy("Elle yapılır"), "user", "waiting"),
    SetupState.FAILED: Look(lazy("Olmadı"), "circle-x", "bad"),
    SetupState.AT_FIRST_USE: Look(lazy("İlk kullanımda anlaşılır"), "hourglass", "quiet"),
}

DONE_BY_HAND = Look(lazy("Elle yapıldı"), "user-check", "good")

TITLES: dict[str, Text] = {
    SetupItem.PERMISSIONS: lazy("API izinleri"),
    SetupItem.ACCOUNT: lazy("SMS hesabı, başlık ve kredi"),
    SetupItem.ADDRESS: lazy("Gelen SMS adresi"),
    SetupItem.WEBHOOKS: lazy("Mağaza bildirimleri"),
    SetupItem.ORDER_RECEIVED: lazy("Sipariş Alındı"),
    SetupItem.STORE_ACCOUNT: lazy("Mağazanın Netgsm ayarları"),
    SetupItem.QUESTION_TEXT: lazy("2815 numaralı metin"),
    SetupItem.TEST: lazy("Deneme SMS’i"),
}

PURPOSES: dict[str, Text] = {
    SetupItem.PERMISSIONS: lazy("Siparişleri okumak, onaylamak ve ayarları denetlemek için mağazanın verdiği izinler."),
    SetupItem.ACCOUNT: lazy("Sorular ve yanıtlar bu hesaptan, bu başlıkla gider."),
    SetupItem.ADDRESS: lazy(
        "Alıcının yanıtı saniyeler içinde gelir; adres verilmezse gelen kutusu dakikada bir sorulur."
    ),
    SetupItem.WEBHOOKS: lazy("Mağaza yeni siparişi anında haber verir. Bunu portal kendisi kurar."),
    SetupItem.ORDER_RECEIVED: lazy("Mağazanın sipariş gelince alıcıya kendi SMS’ini gönderip göndermeyeceği."),
    SetupItem.STORE_ACCOUNT: lazy("Soruyu mağaza gönderiyorsa hangi hesaptan, hangi başlıkla göndereceği."),
    SetupItem.QUESTION_TEXT: lazy("Soruyu mağaza gönderiyorsa alıcının okuyacağı metin."),
    SetupItem.TEST: lazy("Kendi telefonunuza giden SMS’i yanıtlarsınız: hat iki yönde de çalışıyor demektir."),
}

_FOUND: dict[str, Text] = {
    "scope_missing": lazy("Mağaza gereken izinlerin hepsini vermiyor."),
    "no_event": lazy("Soruyu kimin göndereceği belli değil: önce bu mağazanın olayını açın."),
    "portal_sends": lazy("Soruyu Onay gönderiyor; mağazada bir şey gerekmez."),
    "account_first": lazy("Önce SMS hesabını girin; operatör kabul edince bu satır da sürer."),
    "no_account": lazy("SMS hesabı girilmemiş."),
    "not_accepted": lazy("Operatör hesabı henüz kabul etmedi."),
    "no_header": lazy("Hesapta onaylı başlık yok. Netgsm’den bir başlık onaylatın; onaylanınca burada görünür."),
    "no_credit": lazy("Hesapta kredi kalmamış. Netgsm’den kredi yükleyin."),
    "store_account_works": lazy("Mağazanızın ayarlarındaki Netgsm hesabını operatör kabul ediyor; buraya alınabilir."),
    "no_push_yet": lazy("Henüz bu yoldan SMS gelmedi. İlki gelince satır kendiliğinden tamamlanır."),
    "webhooks_absent": lazy("Bu mağaza haber vermiyor; siparişler dakikada bir sorulur."),
    "webhooks_missing": lazy(
        "Mağaza haber vermiyor; portal yeniden kuruyor. Bu arada siparişler dakikada bir sorulur."
    ),
    "webhooks_refused": lazy("Mağaza bildirimleri kabul etmedi; siparişler dakikada bir sorulur."),
    "differs": lazy("Mağazanın yanıtı bildiğimizden farklı; bu ayarı panelde elle yapın."),
    "text_not_found": lazy("Metin mağazanın yanıtında bulunamadı; panelde elle yapıştırın."),
    "several_texts": lazy("Birden çok metin olabilir. Doğru olanı siz seçin; seçmezseniz hiçbirine dokunulmaz."),
    "write_refused": lazy("Mağaza bu değişikliği kabul etmedi; panelde elle yapın."),
    "password_unread": lazy("Hesap doğru görünüyor, ama mağaza şifreyi göstermiyor; ilk SMS’te anlaşılır."),
    "no_test_yet": lazy("Henüz denenmedi."),
    "test_waits": lazy("SMS gönderildi; telefonunuzdan yanıtlayın. Yanıt gelince satır kendiliğinden tamamlanır."),
    "test_unanswered": lazy("Deneme SMS’ine yanıt gelmedi. Yeniden deneyin; numara ve hat doğru mu bakın."),
    "test_not_sent": lazy("Deneme SMS’i telefona ulaşmadı."),
    "unavailable": lazy("Mağaza yanıt vermedi; birazdan yeniden bakılır."),
}


def found(item: str, state: str, reason: str, detail: Mapping[str, Any]) -> str:
    """What was found, in one line; empty where the state says it all."""
    if reason == "scope_missing" and item != SetupItem.PERMISSIONS:
        area = permissions.area(detail.get("scope", ""))
        return _("Bunun için %(area)s: Okuma/Yazma gerekiyor; API izinleri satırına bakın.") % {"area": area}
    if reason == "account_refused":
        return reasons.in_language(codes.meaning(str(detail.get("code") or "30")).words)
    if reason == "header_unknown":
        return _("Olayın başlığı “%(header)s” bu hesapta onaylı değil.") % {"header": detail.get("header", "")}
    if reason:
        return str(_FOUND.get(reason, reason))
    return _in_order(item, state, detail)


def contradicted(detail: Mapping[str, Any], state: str) -> str:
    """Why a line is open again that a person said was done by hand."""
    if state == SetupState.BY_HAND and "before" not in detail:
        return _("Elle yapıldı denmişti, ama olması gereken o günden beri değişti; bir daha yapın.")
    return _("Elle yapıldı denmişti, ama mağaza başka türlü gösteriyor; mağazanın gösterdiği geçerlidir.")


def by_hand_until(item: str) -> str:
    """What a person's word is worth: whether the portal will ever see it for itself."""
    if item == SetupItem.ADDRESS:
        return _("Elle yapıldı; bu yoldan ilk SMS gelince kesinleşir.")
    return _("Elle yapıldı; portal bu ayarı göremediği için denetleyemez.")


def _in_order(item: str, state: str, detail: Mapping[str, Any]) -> str:
    if item == SetupItem.ACCOUNT and detail.get("credit"):
        return _credit(str(detail["credit"]), str(detail.get("credit_at", "")))
    if item == SetupItem.ORDER_RECEIVED and detail.get("mode") == "portal":
        if state == SetupState.DONE:
            return _("Kapalı, öyle olmalı: soruyu Onay gönderiyor.")
        return _("Açık kalırsa alıcıya iki SMS gider: biri mağazadan, biri Onay’dan.")
    if item == SetupItem.ORDER_RECEIVED and detail.get("mode") == "store":
        return "" if state == SetupState.DONE else _("Kapalıyken mağaza soruyu göndermez; kimse onaylayamaz.")
    if item == SetupItem.STORE_ACCOUNT and state == SetupState.OFFERED and not detail["before"]["username"]:
        return _("Mağazada hesap yok; yazılınca buradan geri alınamaz.")
    if item == SetupItem.STORE_ACCOUNT and state == SetupState.OFFERED and not detail.get("can_undo"):
        return _("Mağaza eski şifreyi göstermiyor; bu değişiklik buradan geri alınamaz.")
    return ""


def _credit(credit: str, read_at: str) -> str:
    words = _("Kalan kredi: %(credit)s") % {"credit": credit}
    if not read_at:
        return words
    at = day_and_time(timezone.localtime(datetime.fromisoformat(read_at)))
    return f"{words} ({_('son bakış:')} {at})"


def beside(item: str, detail: Mapping[str, Any]) -> list[str]:
    """What a merchant should know beside the finding."""
    notes = []
    if item == SetupItem.ORDER_RECEIVED and detail.get("approved_too"):
        notes.append(
            _("Mağazada Sipariş Onaylandı da açık: onaylayan alıcıya Onay’ın yanıtından başka bir SMS daha gider.")
        )
    if item == SetupItem.ORDER_RECEIVED and detail.get("mode") == "portal" and "after" in detail:
        notes.append(_("Kapatınca mağaza kartla ödenen siparişlerde de “sipariş alındı” SMS’i göndermez."))
    return notes


@dataclass(frozen=True, slots=True)
class Value:
    """One setting as a reader sees it."""

    name: Text
    text: str


def values(item: str, value: Mapping[str, Any]) -> list[Value]:
    """A change's one side, field by field."""
    if item == SetupItem.ORDER_RECEIVED:
        return [Value(TITLES[item], _("Açık") if value.get("on") else _("Kapalı"))]
    if item == SetupItem.STORE_ACCOUNT:
        none = _("boş")
        return [
            Value(_("Kullanıcı adı"), value.get("username") or none),
            Value(_("Başlık"), value.get("header") or none),
        ]
    return [Value(_("Metin"), str(value.get("value") or _("boş")))]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Where to click in the panel: a place of its menu, an entry below it, a field, a button."""

    menu: str
    entry: str
    field: str
    button: str = "Kaydet"

    @property
    def said(self) -> str:
        """The same for those who do not see it."""
        return f"{self.menu} > {self.entry} > {self.field} > {self.button}"


# The panels' own words, so in no other language.
DRAWINGS: dict[str, Drawing] = {
    SetupItem.PERMISSIONS: Drawing("Entegrasyonlar", "API", "İzin Yönetimi", "Ekle"),
    SetupItem.ADDRESS: Drawing("SMS Hizmeti", "İnteraktif SMS", "URL Adresine Yönlendir"),
    SetupItem.ORDER_RECEIVED: Drawing("Kampanya Yönetimi", "Netgsm", "Sipariş Alındı"),
    SetupItem.STORE_ACCOUNT: Drawing("Kampanya Yönetimi", "Netgsm", "Kullanıcı adı, şifre, başlık"),
    SetupItem.QUESTION_TEXT: Drawing("Ayarlar", "Dil Ayarları", "2815"),
}

CHANGES: dict[str, Text] = {
    ChangeState.DUE: lazy("Mağazaya yazılıyor…"),
    ChangeState.WRITTEN: lazy("Yazıldı ve geri okundu."),
    ChangeState.REFUSED: lazy("Yazılamadı."),
    ChangeState.UNDOING: lazy("Geri alınıyor…"),
    ChangeState.UNDONE: lazy("Geri alındı."),
}

_WHY: dict[str, Text] = {
    "changed_meanwhile": lazy("Mağazadaki değer bu arada değişmiş; üzerine yazılmadı."),
    "change_not_kept": lazy("Mağaza kabul etti, ama geri okununca eski değer göründü."),
    "account_refused": lazy("Operatör şifreyi kabul etmedi, bu yüzden mağazaya yazılmadı."),
    "differs": lazy("Mağazanın yanıtı bildiğimizden farklı."),
}


def why(reason: str) -> Text:
    """Why a change was not written, or not taken back."""
    return _WHY.get(reason, reasons.failure(reason))
