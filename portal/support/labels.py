"""What staff reads beside a column: the models name theirs for programmers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, Any] = {
    "about_id": _("Konunun anahtarı"),
    "about_kind": _("Konu"),
    "accepted_at": _("Operatör kabul etti"),
    "actor": _("Kim"),
    "amount": _("Tutar"),
    "at": _("Ne zaman"),
    "blocked_at": _("Engellendiği an"),
    "buyer_name": _("Alıcı"),
    "came_by": _("Nasıl geldi"),
    "cancels_declined": _("Reddedileni mağazada iptal eder"),
    "city": _("Şehir"),
    "cod_names": _("Kapıda ödeme adları"),
    "code": _("Operatörün kodu"),
    "confirming_words": _("Onay sayılan kelimeler"),
    "confirms_by_key": _("1’e basınca onaylar"),
    "connected_at": _("İlk bağlandığı an"),
    "connection": _("Bağlantı"),
    "content_type": _("İçerik türü"),
    "created_at": _("Oluştuğu an"),
    "credit": _("Kalan kredi"),
    "credit_at": _("Krediye son bakış"),
    "currency": _("Para birimi"),
    "date_joined": _("Katıldığı an"),
    "prefix": _("Anahtarın başı"),
    "last_used_at": _("Son kullanımı"),
    "ended_at": _("Bittiği an"),
    "email": _("E-posta"),
    "encoding": _("Kodlama"),
    "extension": _("Dahili numara"),
    "external_id": _("Dışarıdaki numarası"),
    "handled_at": _("İşlendiği an"),
    "header": _("Başlık"),
    "headers": _("Başlıklar"),
    "is_active": _("Girebilir"),
    "is_cod": _("Kapıda ödeme"),
    "is_on": _("Açık"),
    "is_staff": _("Destek ekibinden"),
    "job_id": _("İş numarası"),
    "keys": _("Basılan tuşlar"),
    "keyword": _("Özel kelime"),
    "last_login": _("Son girişi"),
    "line": _("Abone numarası"),
    "line_proven_at": _("Numaranın kanıtlandığı an"),
    "name": _("Ad"),
    "note": _("Not"),
    "other_phone": _("Başka telefondan yanıt"),
    "outcome": _("Sonuç"),
    "paused_until": _("Şu ana dek duraklatıldı"),
    "payment_type_name": _("Ödeme türü"),
    "priority": _("Öncelik sırası"),
    "purpose": _("Amaç"),
    "question_mode": _("Soruyu gönderen"),
    "question_text": _("Soru metni"),
    "reason": _("Neden"),
    "received_at": _("Geldiği an"),
    "reference": _("Sipariş no"),
    "redirect": _("Bağlandığı dahili"),
    "refusal_words": _("Ret kelimeleri"),
    "refused_at": _("Reddettiği an"),
    "reply_text": _("Mesaj metni"),
    "report_asked_at": _("Raporun sorulduğu an"),
    "report_status": _("Rapordaki durum"),
    "reported_at": _("Rapordaki an"),
    "round": _("Kaçıncı kez"),
    "said": _("Söylenen"),
    "says_address": _("Adres söylenir"),
    "says_amount": _("Tutar söylenir"),
    "says_name": _("Ad söylenir"),
    "says_tracking": _("Takip numarası söylenir"),
    "scope": _("İzinler"),
    "seen_at": _("Görüldüğü an"),
    "seen_by": _("Nasıl görüldü"),
    "segments": _("SMS boyu"),
    "sent_at": _("Gönderildiği an"),
    "settled_at": _("Kesinleştiği an"),
    "stale_at": _("Geçerliliğinin sonu"),
    "state": _("Durum"),
    "store": _("Mağaza"),
    "subscriber": _("Abone"),
    "closed_at": _("Kapandığı an"),
    "deletion_begun_at": _("Silinmesinin başladığı an"),
    "suspended_at": _("Askıya alındığı an"),
    "text": _("Metin"),
    "texts": _("Öteki metinler"),
    "token_expires_at": _("Erişim anahtarının sonu"),
    "updated_at": _("Mağazada değiştiği an"),
    "url": _("Adres"),
    "usercode": _("Kullanıcı kodu"),
}


def column(name: str) -> Callable[[Any], Any]:
    """A field as a column of a list, under its label and with its choice in words."""

    @admin.display(description=LABELS[name], boolean=name.startswith("is_"))
    def value(row: Any) -> Any:
        in_words = getattr(row, f"get_{name}_display", None)
        return in_words() if in_words else getattr(row, name)

    value.__name__ = name
    return value
