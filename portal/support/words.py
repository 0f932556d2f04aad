"""The audit and the states of work in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from messaging.models import Settled
from portal.dashboard import reasons
from portal.dashboard.looks import Text
from portal.dashboard.trial import LOOKS
from portal.support import redaction
from subscribers.models import AuditEntry

CAME_BY: dict[str, Text] = {
    "push": _("operatör gönderdi"),
    "poll": _("gelen kutusundan okundu"),
}
ACTIONS: dict[str, Text] = {
    "opened_by_support": _("Destek ekibi sayfasını açtı"),
    "subscriber_suspended": _("Askıya alındı"),
    "subscriber_resumed": _("Askı kaldırıldı"),
    "message_sent_again": _("SMS yeniden gönderildi"),
    "store_tried_again": _("Mağazaya yeniden yazıldı"),
    "store_asked_now": _("Mağaza hemen soruldu"),
    "account_asked_now": _("SMS hesabı hemen soruldu"),
    "asked_again": _("Alıcıya yeniden soruldu"),
    "person_approves": _("Elle onaylandı"),
    "person_declines": _("Elle reddedildi"),
    "phone_blocked": _("Numara engellendi"),
    "phone_unblocked": _("Numaranın engeli kaldırıldı"),
    "note_added": _("Siparişe not yazıldı"),
    "note_removed": _("Not geri alındı"),
    "hand_act_undone": _("Elle verilen karar geri alındı"),
    "buyer_confirms": _("Alıcı onayladı"),
    "buyer_declines": _("Alıcı reddetti"),
    "answer_assigned": _("Yanıt siparişe bağlandı"),
    "setup_done_by_hand": _("Kurulum satırı elle yapıldı denildi"),
    "setup_by_hand_undone": _("Kurulum satırının elle yapıldığı geri alındı"),
    "answer_put_aside": _("Anlaşılmayan yanıt okundu"),
    "answer_put_back": _("Okundu işareti geri alındı"),
    "store_connected": _("Mağaza bağlandı"),
    "permission_withdrawn": _("Mağazanın izni geri alındı"),
    "subscriber_signed_up": _("Kendisi kaydoldu"),
    "subscriber_provisioned": _("Kurulum dosyasıyla açıldı"),
    "subscriber_renamed": _("Unvanı değişti"),
    "voice_changed": _("Sesli yanıt ayarları değişti"),
    "news_rule_changed": _("Sipariş haberi değişti"),
    "news_settings_changed": _("Sipariş haberlerinin ayarları değişti"),
    "terms_changed": _("Sipariş ayarları değişti"),
    "account_provisioned": _("SMS hesabı kurulum dosyasından yazıldı"),
    "account_saved": _("SMS hesabı kaydedildi"),
    "store_saved": _("Mağaza bilgileri kaydedildi"),
    "store_moved": _("Mağazanın adresi düzeltildi"),
    "store_removed": _("Mağaza kaldırıldı"),
    "event_saved": _("Olay kaydedildi"),
    "event_word_learned": _("Olay yeni bir kelime öğrendi"),
    "event_turned_on": _("Olay açıldı"),
    "event_turned_off": _("Olay kapatıldı"),
    "events_ordered": _("Olayların sırası değişti"),
    "setting_agreed": _("Mağaza ayarının değişmesine izin verildi"),
    "setting_written": _("Mağaza ayarı yazıldı"),
    "setting_refused": _("Mağaza ayarı yazılamadı"),
    "setting_undo_asked": _("Mağaza ayarının geri alınması istendi"),
    "setting_undone": _("Mağaza ayarı geri alındı"),
    "setting_undo_failed": _("Mağaza ayarı geri alınamadı"),
    "setup_text_picked": _("2815 metni seçildi"),
    "account_taken_over": _("SMS hesabı mağazanın ayarlarından alındı"),
    "test_sms_sent": _("Deneme SMS’i gönderildi"),
    "invitation_sent": _("Davet gönderildi"),
    "invitation_sent_again": _("Davet yeniden gönderildi"),
    "invitation_withdrawn": _("Davet geri alındı"),
    "invitation_accepted": _("Davet kabul edildi"),
    "member_role_changed": _("Üyenin rolü değişti"),
    "member_removed": _("Üye çıkarıldı"),
    "alerts_chosen": _("Bildirimlerini seçti"),
    "credit_least_chosen": _("Kredi sınırı değişti"),
    "subscriber_opened": _("Girişi olan biri yeni firma açtı"),
    "subscriber_closed": _("Son üyesi hesabını sildi, firma kapandı"),
    "subscriber_reopened": _("Kapanan firma yeniden açıldı"),
    "store_left": _("Mağazadan ayrılındı"),
    "member_left": _("Üye kendisi ayrıldı"),
    "ownership_handed_over": _("Sahiplik devredildi"),
    "api_key_made": _("API anahtarı oluşturuldu"),
    "api_key_ended": _("API anahtarı iptal edildi"),
    "exported": _("Dosya olarak indirildi"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act of the audit: `actor` is empty where the portal itself acted."""

    at: datetime
    actor: str
    action: Text
    reason: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Where a row's outside call stands: `failure` is why the last try failed."""

    name: Text
    state: Text
    due_at: datetime | None
    is_in_hand: bool
    claimed_until: datetime | None
    attempts: int
    crashes: int
    since: datetime | None
    failure: Text
    done_at: datetime | None = None


def entry(row: AuditEntry) -> Entry:
    """A row of the audit; its `actor` must have been fetched with it."""
    return Entry(
        at=row.at,
        actor=row.actor.email if row.actor else "",
        action=action(row.action),
        reason=row.reason,
        detail=redaction.payload(row.detail) if row.detail else "",
    )


def action(name: str) -> Text:
    """What was done; a word nobody has put into a sentence stays as it is."""
    return ACTIONS.get(name, name)


def outcome(word: str) -> Text:
    """What came of an answer: the verdict, or how a person handled it; the word itself where neither knows it."""
    if word in Settled.values:
        return Settled(word).label
    look = next((look for verdict, look in LOOKS.items() if verdict == word), None)
    return look.word if look else word or "–"


def work(row: Any, *, name: Text = "", state: Text = "") -> Work:
    """The work of any row that has some."""
    return Work(
        name=name,
        state=state,
        due_at=row.due_at,
        is_in_hand=row.claim is not None,
        claimed_until=row.claimed_until,
        attempts=row.attempts,
        crashes=row.crashes,
        since=row.work_since,
        failure=redaction.text(str(reasons.failure(row.last_failure))) if row.last_failure else "",
        done_at=getattr(row, "done_at", None),
    )
