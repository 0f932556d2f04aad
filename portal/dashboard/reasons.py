"""Why an answer was understood as it was, what a failed call means, what the operator's codes say: in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from integrations.netgsm import codes
from messaging.models import IncomingState, OutgoingState, Purpose
from messaging.outbox import HEADER_NOT_DEFINED
from messaging.queries import Sms
from orders import blocked, learning
from orders.matching import Reason
from orders.matching.outcome import Look
from portal import contact
from portal.dashboard.looks import Text

REASONS: dict[str, Text] = {
    Reason.BY_REFERENCE: lazy("Sipariş numarası metinde geçiyor ve telefon siparişin telefonu."),
    Reason.ONLY_OPEN: lazy("Numara yazmamış, ama bu telefonun onay bekleyen tek siparişi bu."),
    Reason.ALL_ASKED: lazy("Hangi sipariş diye sorulmuştu; alıcı sorulanların hepsini yazmış."),
    Reason.NEAR_REFERENCE: lazy("Numarayı biraz yanlış yazmış; bu telefonun ona yakın tek siparişi bu."),
    Reason.OTHER_PHONE_ACCEPTED: lazy("Başka telefondan yazmış; olayınız bunu kabul ediyor."),
    Reason.OTHER_PHONE_CONFIRMS: lazy("Doğru yanıt, ama siparişin telefonundan gelmedi."),
    Reason.OTHER_PHONE_DECLINES: lazy("Ret yanıtı, ama siparişin telefonundan gelmedi."),
    Reason.ALREADY_CONFIRMED: lazy("Bu sipariş zaten onaylanmıştı."),
    Reason.ALREADY_DECLINED: lazy("Bu sipariş daha önce reddedilmişti."),
    Reason.REFUSES_CONFIRMED: lazy("Sipariş onaylanmıştı; alıcı şimdi istemediğini yazmış."),
    Reason.CONFIRMS_DECLINED: lazy("Sipariş reddedilmişti; alıcı şimdi onay yazmış."),
    Reason.EXPIRED: lazy("Siparişin onay süresi dolmuştu."),
    Reason.CLOSED: lazy("Mağaza siparişi bu arada ilerletmişti."),
    Reason.SEVERAL_OPEN: lazy("Bu telefonun birden çok açık siparişi var; hangisi olduğu soruldu."),
    Reason.SEVERAL_NEAR: lazy("Yazdığı numara birden çok siparişe yakın."),
    Reason.UNKNOWN_REFERENCE: lazy("Yazdığı numarada bir sipariş yok; mağazaya da soruldu."),
    Reason.OPT_OUT_WORD: lazy("SMS almak istemediğini yazmış."),
    Reason.OPT_OUT_WORDING: lazy("SMS almak istemediğini yazmış."),
    Reason.EMPTY: lazy("Mesaj boş."),
    Reason.QUESTION: lazy("Soru soruyor; onay sayılmadı."),
    Reason.CONDITIONAL: lazy("Koşullu yazmış; onay sayılmadı."),
    Reason.FUTURE: lazy("İleride yapacağını yazmış; onay sayılmadı."),
    Reason.NEGATION: lazy("Olumsuz bir söz var; onay sayılmadı."),
    Reason.CONTAINS_KEYWORD: lazy("Onay kelimesi başka bir kelimenin içinde geçiyor."),
    Reason.MIXED_ANSWER: lazy("Hem onay hem ret var; ne istediği belli değil."),
    Reason.REFERENCE_AMBIGUOUS: lazy("Yazdığı numara birden çok siparişe uyuyor."),
    Reason.SENT_BEFORE_ORDER: lazy("Mesaj sipariş verilmeden önce gönderilmiş."),
    Reason.OTHER_PHONE_NOT_OPEN: lazy("Başka telefondan ve onay beklemeyen bir sipariş için yazmış."),
    Reason.OTHER_KEYWORD: lazy("Onay kelimesi başka bir olayınki."),
    Reason.SLIP_NEAR_REFUSAL: lazy("Yazım hatalı kelime bir ret kelimesine de yakın."),
    Reason.SLIP_NEAR_OTHER_KEYWORD: lazy("Yazım hatalı kelime başka bir olayın kelimesine de yakın."),
    Reason.SLIP_ALONE: lazy("Onay kelimesi yanlış yazılmış ve yanında numara yok."),
    Reason.TAUGHT_AMONG_WORDS: lazy("Öğretilen söz, yanında başka söz varken onay sayılmaz."),
    Reason.OTHER_WORD: lazy("Onay kelimesinin yanında başka sözler var, numara yok."),
    Reason.NO_KEYWORD: lazy("Onay kelimesi geçmiyor."),
    Reason.REFERENCE_ALONE: lazy("Yalnız numara yazmış; onay kelimesi yok."),
    Reason.NO_ORDER: lazy("Bu telefonun onay bekleyen siparişi yok."),
    Reason.NO_EVENT: lazy("Açık bir olay yok."),
    Reason.PHONE_BLOCKED: lazy("Numarayı engellediniz; yanıt sayılmadı."),
    Reason.ORDER_BLOCKED: lazy("Siparişin başka bir numarasını engellediniz; yanıt sayılmadı."),
}

LOOKS: dict[str, Text] = {
    Look.TEXT_FOLDED: lazy("Metin sadeleştirildi: “%(word)s”"),
    Look.OPT_OUT_FOUND: lazy("SMS istemediğini söyleyen söz: “%(word)s”"),
    Look.REFUSAL_FOUND: lazy("Ret kelimesi: “%(word)s”"),
    Look.REFUSAL_SLIP_FOUND: lazy("“%(word)s”, “%(against)s” yerine sayıldı"),
    Look.NEGATIVE_FOUND: lazy("Onay kelimesinin olumsuzu: “%(word)s”"),
    Look.DOUBT_FOUND: lazy("Kuşku uyandıran söz: “%(word)s”"),
    Look.REFERENCE_FOUND: lazy("Sipariş numarası bulundu: %(word)s"),
    Look.REFERENCE_NEAR: lazy("%(word)s, %(against)s numarasına yakın"),
    Look.REFERENCE_UNKNOWN: lazy("Bilinmeyen numara: %(word)s"),
    Look.KEYWORD_FOUND: lazy("Onay kelimesi bulundu: “%(word)s”"),
    Look.KEYWORD_FORM_FOUND: lazy("Onay kelimesinin çekimi: “%(word)s”"),
    Look.KEYWORD_SPLIT_FOUND: lazy("Onay kelimesi bölünmüş yazılmış: “%(word)s”"),
    Look.KEYWORD_SLIP_FOUND: lazy("“%(word)s”, “%(against)s” kelimesine yakın sayıldı"),
    Look.KEYWORD_SLIP_REFUSED: lazy("“%(word)s”, “%(against)s” kelimesine yeterince yakın değil"),
    Look.TAUGHT_FOUND: lazy("“%(word)s” kelimesi de onay sayılıyor"),
    Look.TAUGHT_REFUSED: lazy("“%(word)s” kelimesinin yanında başka sözler var"),
    Look.KEYWORD_ABSENT: lazy("“%(against)s” kelimesi yok"),
    Look.OTHER_WORD_FOUND: lazy("Listede olmayan söz: “%(word)s”"),
    Look.OPEN_ORDER: lazy("Bu telefonun onay bekleyen bir siparişi var"),
    Look.ALL_FOUND: lazy("Sorulan siparişlerin hepsini anlatan söz: “%(word)s”"),
    Look.DECIDED: lazy("Karar verildi"),
}

PURPOSES: dict[str, Text] = {
    "question": lazy("Soru"),
    "reply": lazy("Yanıt"),
    "declined": lazy("Ret yanıtı"),
    "which": lazy("Hangi sipariş sorusu"),
    "other_phone": lazy("Siparişin telefonundan yazın"),
    "late": lazy("Geç yanıta cevap"),
    "news": lazy("Sipariş haberi"),
    "setup_test": lazy("Kurulum denemesi"),
}

FAILURES: dict[str, Text] = {
    "timeout": lazy("Karşı taraf zamanında yanıt vermedi."),
    "connect": lazy("Karşı tarafa ulaşılamadı."),
    "tls": lazy("Güvenli bağlantı kurulamadı."),
    "busy": lazy("Karşı taraf şu an çok yoğun."),
    "unreadable": lazy("Karşı tarafın yanıtı okunamadı."),
    "not_found": lazy("Sipariş mağazada bulunamadı."),
    "change_not_shown": lazy("Mağaza kabul etti ama sipariş hâlâ onay bekliyor görünüyor."),
    "left": lazy("Firma kapatılırken mağazadan ayrıldık."),
    "permission_withdrawn": lazy("Mağazanın verdiği izin geri alınmış."),
    "permission_missing": lazy("Mağaza bu işlem için izin vermemiş."),
    "client_refused": lazy("Mağaza Client ID ya da Client Secret bilgisini kabul etmiyor."),
    "credentials": lazy("Operatör kullanıcı adını ya da API şifresini kabul etmiyor."),
    "name_not_found": lazy("Adres bulunamadı."),
    "refused": lazy("Karşı taraf isteği reddetti."),
    "limit_exceeded": lazy("Gönderim sınırı aşıldı."),
    "operator_error": lazy("Operatörde sistem hatası."),
    "worker lost": lazy("İşlem yarıda kesildi."),
    blocked.REASON: lazy("Numarayı engellediniz; kendiliğinden SMS gitmez."),
    "suspended": lazy("Hizmet askıda; askı kalkınca gönderilir."),
}


def why(reason: str) -> Text:
    """Why an answer meant what it did."""
    return REASONS.get(reason, reason)


def failure(words: str) -> Text:
    """What a failed call's reason means; its code, where it has one, stays beside it."""
    reason, _space, code = words.partition(" ")
    if words in FAILURES or reason not in FAILURES:
        return FAILURES.get(words, words)
    return f"{FAILURES[reason]} ({code})" if code else FAILURES[reason]


def account_refused(code: str) -> tuple[str, str]:
    """Why the operator does not accept the account, and what to do: with our own addresses where it may be those."""
    meaning = codes.meaning(code or "30")
    cause, remedy = in_language(meaning.words), in_language(meaning.remedy)
    if meaning.kind == codes.Kind.CREDENTIALS and settings.OUTBOUND_ADDRESSES:
        ours = _("İzin verilecek IP adresleri: %(addresses)s.")
        remedy = f"{remedy} {ours % {'addresses': ', '.join(settings.OUTBOUND_ADDRESSES)}}"
    return cause, remedy


def seen(trace: Iterable[dict[str, Any]]) -> list[str]:
    """What was seen on the way to the verdict, a line each."""
    lines = []
    for step in trace:
        words = {"word": step.get("word", ""), "against": step.get("against", "")}
        if step.get("look") in LOOKS:
            lines.append(str(LOOKS[step["look"]]) % words)
    return lines


def taught(trace: Iterable[dict[str, Any]]) -> str:
    """Which word that the merchant has taught an event was taken for its keyword, in a sentence; empty for none."""
    found = next((str(step.get("word", "")) for step in trace if step.get("look") == Look.TAUGHT_FOUND), "")
    return _("“%(word)s” kelimesi de onay sayılıyor.") % {"word": found} if found else ""


def can_teach(sms: Sms) -> bool:
    """Whether nobody understood this answer, and one word more would have made it understood."""
    if not sms.is_incoming or sms.state != IncomingState.UNMATCHED:
        return False
    return bool(learning.suggestion(sms.text, reason=sms.reason, trace=sms.trace))


def outgoing_trouble(sms: Sms) -> tuple[str, str]:
    """Why an outgoing message did not arrive and what to do about it; empty where nothing is wrong."""
    if sms.state == OutgoingState.UNDELIVERED and sms.report_status is not None:
        is_news = sms.purpose == Purpose.NEWS
        remedy = _("Alıcıyı arayabilirsiniz.") if is_news else _("Alıcıyı arayıp siparişi mağaza panelinden onaylayın.")
        return in_language(codes.delivery(sms.report_status).words), remedy
    if sms.state == OutgoingState.REFUSED and sms.code:
        meaning = codes.meaning(sms.code)
        by_header = sms.purpose == Purpose.NEWS and sms.code == HEADER_NOT_DEFINED
        chosen = _("Haberin başlığını hesabınızda onaylı başlıklardan seçin.") if by_header else ""
        return in_language(meaning.words), chosen or in_language(meaning.remedy)
    if sms.state == OutgoingState.REFUSED:
        return str(failure(sms.last_failure)), _("Alıcıyı arayın ya da %(ask)s.") % {"ask": contact.ask()}
    if sms.state == OutgoingState.UNKNOWN:
        return (
            _("Gönderirken bağlantı koptu; mesaj gitmiş olabilir."),
            _("Raporlara bakılıyor; iki kez gitmesin diye kendiliğinden yeniden gönderilmez."),
        )
    if sms.state == OutgoingState.EXPIRED and sms.last_failure == blocked.REASON:
        return str(failure(sms.last_failure)), _("Gitsin isterseniz Yeniden gönder’e basın ya da engeli kaldırın.")
    if sms.state == OutgoingState.QUEUED and sms.last_failure:
        return str(failure(sms.last_failure)), _("Kendiliğinden yeniden denenecek.")
    return "", ""


def in_language(words: codes.Words) -> str:
    """The operator's sentence in the page's language."""
    return words.en if (get_language() or "tr").startswith("en") else words.tr
