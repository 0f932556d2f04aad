"""Sipariş haberleri in words: each news' address, when it goes and when it does not, its limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.http import Http404
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from orders.models import NewsRule, NewsSettings, When
from orders.news import rules
from portal.dashboard.looks import Text
from portal.templatetags.figures import money

SLUGS: dict[When, str] = {
    When.RECEIVED: "siparis-alindi",
    When.WAITING_FOR_PAYMENT: "odeme-bekleniyor",
    When.APPROVED: "onaylandi",
    When.BEING_PREPARED: "hazirlaniyor",
    When.SHIPPED: "kargoya-verildi",
    When.DELIVERED: "teslim-edildi",
    When.CANCELLED: "iptal-edildi",
    When.REFUNDED: "iade-edildi",
    When.PERSONAL_1: "kisisel-durum-1",
    When.PERSONAL_2: "kisisel-durum-2",
    When.PERSONAL_3: "kisisel-durum-3",
}
_WHEN = {slug: when for when, slug in SLUGS.items()}

GOES: dict[When, Text] = {
    When.RECEIVED: lazy("Sipariş gelince gider. Geldiği durumun kendi haberi açıksa yalnız o gider."),
    When.WAITING_FOR_PAYMENT: lazy("Havale gibi, ödemesi beklenen siparişte gider."),
    When.APPROVED: lazy("Sipariş mağazada onaylanınca gider."),
    When.BEING_PREPARED: lazy("Siparişi mağazada “Hazırlanıyor” yapınca gider."),
    When.SHIPPED: lazy("Siparişi mağazada kargoya verince, takip numarasıyla birlikte gider."),
    When.DELIVERED: lazy("Sipariş mağazada “Teslim edildi” olunca gider."),
    When.CANCELLED: lazy("Sipariş mağazada iptal edilince gider."),
    When.REFUNDED: lazy("Sipariş mağazada iade edilince gider."),
    When.PERSONAL_1: lazy("Mağazanızın 1. kişisel sipariş durumuna geçince gider."),
    When.PERSONAL_2: lazy("Mağazanızın 2. kişisel sipariş durumuna geçince gider."),
    When.PERSONAL_3: lazy("Mağazanızın 3. kişisel sipariş durumuna geçince gider."),
}
# The question or the answer already says it: no buyer reads the same twice.
STANDS_FOR_IT: dict[When, Text] = {
    When.RECEIVED: lazy("Soru giden kapıda ödemeli siparişe gitmez: soru bu haberin yerini tutar."),
    When.APPROVED: lazy("SMS’le onaylayıp yanıtınızı alan alıcıya gitmez: yanıt bu haberin yerini tutar."),
    When.CANCELLED: lazy("SMS’le reddedip yanıtınızı alan alıcıya gitmez."),
}
_NAMED_BY_THE_STORE = lazy(
    "Bu durumun adını mağazanızda siz koydunuz, biz göremeyiz: ne olduğunu metinde yazın."
    " (durum) yerine “işlemde” yazılır."
)
HINTS: dict[When, Text] = dict.fromkeys((When.PERSONAL_1, When.PERSONAL_2, When.PERSONAL_3), _NAMED_BY_THE_STORE)
PLACEHOLDERS: dict[str, Text] = {
    "(arg0)": lazy("alıcının adı"),
    "(arg1)": lazy("sipariş numarası"),
    "(magaza)": lazy("mağaza"),
    "(tutar)": lazy("tutar"),
    "(durum)": lazy("durumu"),
}
OF_PARCELS: dict[str, Text] = {
    "(kargo)": lazy("kargo firması"),
    "(takipno)": lazy("takip numarası"),
    "(takiplinki)": lazy("takip linki"),
}
LONGEST_QUIET = timedelta(hours=16)  # beyond, most news wait for most of the day
# Before these there is no parcel to speak of.
_ON_THE_WAY = (When.SHIPPED, When.DELIVERED, When.PERSONAL_1, When.PERSONAL_2, When.PERSONAL_3)


def of_slug(slug: str) -> When:
    """The news behind an address. Raises Http404."""
    if slug not in _WHEN:
        raise Http404
    return _WHEN[slug]


def placeholders(when: When, *, without_code: bool = False) -> dict[str, Text]:
    """What may be put into the text of this news."""
    if when not in _ON_THE_WAY:
        return PLACEHOLDERS
    empty = {f"({name})" for name in rules.OF_THE_CODE} if without_code else set()
    return PLACEHOLDERS | {name: word for name, word in OF_PARCELS.items() if name not in empty}


def limits(rule: NewsRule) -> list[str]:
    """To which orders alone it goes; empty where to all."""
    return list(_limits(rule))


def _limits(rule: NewsRule) -> Iterator[str]:
    if rule.only_cod:
        yield _("yalnız kapıda ödeme")
    if rule.min_amount:
        yield _("en az %(amount)s") % {"amount": money(Decimal(rule.min_amount), "")}
    if rule.payment_types:
        yield ", ".join(rule.payment_types)


def quiet(kept: NewsSettings) -> str:
    """When no news leaves: "22:00–08:00"; empty where it leaves at any hour."""
    if kept.quiet_from is None or kept.quiet_until is None:
        return ""
    return f"{kept.quiet_from:%H:%M}–{kept.quiet_until:%H:%M}"


def long_quiet(kept: NewsSettings) -> Iterator[str]:
    """A warning where little of the day is left for news."""
    span = rules.quiet_span(begins=kept.quiet_from, ends=kept.quiet_until)
    if span > LONGEST_QUIET:
        whole, rest = divmod(span, timedelta(hours=1))
        hours = localize(span / timedelta(hours=1)) if rest else whole
        yield _("Sessiz saatler günün %(hours)s saatini tutuyor: haberler çoğu zaman bekler.") % {"hours": hours}
