"""Order news in the words of an order's story: which news it was, why it waits, and why it did not go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from orders.models import When
from orders.news.rules import LATEST, Why
from orders.story import TimelineStep
from portal.dashboard.entries import Entry, header_and_length
from portal.dashboard.looks import Text
from portal.templatetags.figures import day_and_time

_NEWS_FOR = LATEST // timedelta(hours=1)

WAITS: dict[str, Text] = {
    Why.WAITS_FOR_QUESTION: lazy("Alıcıya onay sorusu gitmek üzere; giderse bu haber gönderilmez."),
    Why.WAITS_FOR_REPLY: lazy("Onay mağazaya yazılıyor; alıcıya yanıtınız giderse bu haber gönderilmez."),
    Why.WAITS_FOR_CODE: lazy("Kargo takip numarası bekleniyor."),
    Why.QUIET_HOURS: lazy("Sessiz saatlerde haber gönderilmez."),
}
DROPS: dict[str, Text] = {
    Why.OVERTAKEN: lazy("Sipariş bu arada ilerledi; haber artık doğru olmazdı."),
    Why.TOO_LATE: format_lazy(lazy("Değişikliğin üzerinden {hours} saatten çok geçmişti."), hours=_NEWS_FOR),
    Why.TURNED_OFF: lazy("Bu haber bu arada kapatıldı."),
    Why.NOT_COD: lazy("Haber yalnız kapıda ödemeli siparişler için açık."),
    Why.BELOW_AMOUNT: lazy("Siparişin tutarı, haber için belirlediğiniz tutarın altında."),
    Why.OTHER_PAYMENT: lazy("Siparişin ödeme tipi, haber için seçtikleriniz arasında değil."),
    Why.NO_MOBILE: lazy("Siparişte cep telefonu yok."),
    Why.PHONE_BLOCKED: lazy("Numarayı engellediniz; kendiliğinden SMS gitmez."),
    Why.NO_ACCOUNT: lazy("SMS hesabı tanımlı değil."),
    Why.TOO_LONG: lazy("Metin, siparişin bilgileriyle doldurulunca %(units)s karakter; en çok %(most)s olabilir."),
    Why.QUESTION_STANDS_FOR_IT: lazy("Alıcıya onay sorusu gitti; siparişin alındığını o da söylüyor."),
    Why.REPLY_STANDS_FOR_IT: lazy("Alıcıya onay yanıtınız gitti; siparişin onaylandığını o da söylüyor."),
    Why.DECLINE_ANSWERED: lazy("Alıcı siparişi istemediğini yazmış ve yanıtını almıştı."),
    Why.BROKE: lazy("Beklenmeyen bir hata oldu."),
}
_REMEDIES: dict[str, Text] = {
    Why.NO_ACCOUNT: lazy("Entegrasyonlar sayfasından hesabı girin."),
    Why.TOO_LONG: lazy("Haberin metnini kısaltın."),
    Why.BROKE: lazy("Alıcıya kendiniz haber verin."),
}


def queued(step: TimelineStep) -> Entry:
    """A news on its way, or sent again by a person."""
    sms = step.outgoing
    cause = f"{_name(step.detail)}. {header_and_length(sms) if sms else ''}".strip()
    if step.by:
        cause = _("%(person)s yeniden gönderdi. %(cause)s") % {"person": step.who, "cause": cause}
    return Entry(
        at=step.at,
        icon="message-circle",
        tone="quiet",
        title=_("Sipariş haberi hazırlandı"),
        cause=cause,
        quote=sms.text if sms else "",
        is_ours=True,
    )


def held(step: TimelineStep) -> Entry:
    """A news that waits, or that does not go at all."""
    waits = step.kind == "news_waits"
    return Entry(
        at=step.at,
        icon="hourglass" if waits else "message-off",
        tone="waiting" if waits else "quiet",
        title=_("Sipariş haberi bekliyor") if waits else _("Sipariş haberi gönderilmedi"),
        cause=f"{_name(step.detail)}: {_why(step.detail)}",
        remedy=_remedy(step.detail),
    )


def before_code(step: TimelineStep) -> Entry:
    """A tracking code that came, or was corrected, after the news of the parcel went."""
    codes = {"before": step.detail.get("before", ""), "after": step.detail.get("after", "")}
    is_first = not codes["before"]
    cause = codes["after"] if is_first else f"{codes['before']} → {codes['after']}"
    return Entry(
        at=step.at,
        icon="truck",
        tone="quiet",
        title=_("Takip numarası geldi") if is_first else _("Takip numarası değişti"),
        cause=_("%(code)s. Haber zaten gitmişti.") % {"code": cause},
        remedy=_("Yeni haber gitmez; gerekirse alıcıya numarayı siz bildirin."),
    )


def _name(detail: Mapping[str, Any]) -> str:
    """Which news a step tells of."""
    when = detail.get("when", "")
    return str(When(when).label) if when in When.values else str(when)


def _why(detail: Mapping[str, Any]) -> str:
    reason = detail.get("reason", "")
    words = str(WAITS.get(reason) or DROPS.get(reason, reason))
    counts = {"units": detail.get("units", "?"), "most": detail.get("most", "?")}
    return words % counts if reason == Why.TOO_LONG else words


def _remedy(detail: Mapping[str, Any]) -> str:
    """What to do about it, or what comes next; empty where there is nothing to say."""
    reason, until = detail.get("reason", ""), detail.get("until", "")
    if not until:
        return str(_REMEDIES.get(reason, ""))
    words = _("En geç gönderim: %(time)s") if reason == Why.WAITS_FOR_CODE else _("Gönderim: %(time)s")
    return words % {"time": day_and_time(datetime.fromisoformat(until))}
