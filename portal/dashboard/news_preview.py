"""The phone beside a news' form: what a buyer will read of a made-up order, and what it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from integrations.netgsm.models import Account
from messaging import texts
from orders import status_words
from orders.models import NewsRule, NewsSettings, When
from orders.news import carriers
from orders.news.occasions import STATUS_OF
from portal.dashboard import event_preview, news_words
from portal.dashboard.event_preview import Bubble
from portal.dashboard.looks import Text

COMPANY, CODE = "Yurtiçi Kargo", "7301234567"
MOST_SEGMENTS = 2  # beyond, a news costs more than most shops mean it to


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One text on the phone, and when it is the one that goes."""

    title: Text
    bubble: Bubble


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """What may go for one order: one of the texts, from `header`; `credit` is what the operator told last."""

    header: str
    texts: list[Shown]
    credit: str
    credit_at: datetime | None


def sample(when: When, *, store: str, own: Mapping[str, str]) -> dict[str, str]:
    """Values of a made-up order."""
    parcel = {"kargo": COMPANY, "takipno": CODE, "takiplinki": carriers.link(COMPANY, CODE, own=own)}
    return {**event_preview.SAMPLE, **parcel, "durum": status_words.of(STATUS_OF[when]), "magaza": store}


def phone(
    rule: NewsRule,
    account: Account | None,
    values: Mapping[str, str],
    problems: Mapping[str, str],
    kept: NewsSettings,
) -> Phone:
    """The texts of a news, saved or not, filled with `values`; `problems` by the field's name."""
    bubbles = [event_preview.bubble("text", rule.text, values, problems)]
    titles: list[Text] = [""]
    if rule.when == When.SHIPPED:
        titles = [lazy("Takip numarası gelince"), lazy("Numara zamanında gelmezse")]
        bubbles.append(event_preview.bubble("text_without_code", rule.text_without_code, values, problems))
    warned = [replace(each, warnings=tuple(_warnings(each, rule, kept))) for each in bubbles]
    return Phone(
        header=rule.header,
        texts=[Shown(title=title, bubble=bubble) for title, bubble in zip(titles, warned, strict=True)],
        credit=account.credit if account else "",
        credit_at=account.credit_at if account else None,
    )


def _warnings(bubble: Bubble, rule: NewsRule, kept: NewsSettings) -> Iterator[Text]:
    """What may surprise in a text; what holds for the whole news stands at its first one."""
    yield from bubble.warnings
    if bubble.measure.segments > MOST_SEGMENTS:
        yield _("Uzun metin: sipariş başına %(n)s SMS ödersiniz.") % {"n": bubble.measure.segments}
    if bubble.field != "text":
        return
    if rule.when == When.SHIPPED and not {"takipno", "takiplinki"} & set(texts.placeholders(rule.text)):
        yield _("Metinde (takipno) ya da (takiplinki) yok: alıcı kargosunu izleyemez.")
    yield from news_words.long_quiet(kept)
