"""Raporlar: what came of the orders of a period, beside the period before, as figures, a chart and a table."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from orders import reports, tallies
from orders.queries import Tab
from orders.reports import Figures, Part, Report
from orders.tallies import Common, Unnamed
from portal.dashboard import frame, periods
from portal.dashboard.looks import Text
from portal.dashboard.overview import HISTORY, TILES
from portal.dashboard.periods import Period
from portal.templatetags.figures import duration, money
from subscribers.models import Membership, Subscriber
from subscribers.postgresql import patience
from subscribers.spans import Grain

MOST_ROWS = 15
CLOSED = lazy("Mağazada kapanan")
NOTHING = "–"

BREAKDOWNS: dict[str, tuple[Common, Text]] = {
    "olay": (Common.EVENT, lazy("Olaya göre")),
    "sehir": (Common.CITY, lazy("Şehre göre")),
    "odeme": (Common.PAYMENT, lazy("Ödemeye göre")),
}
UNNAMED: dict[tuple[Common, Unnamed], Text] = {
    (Common.EVENT, Unnamed.EVENT_REMOVED): lazy("Silinmiş olay"),
    (Common.EVENT, Unnamed.NO_EVENT): lazy("Olay yokken elle karar verilen"),
    (Common.CITY, Unnamed.NOT_KNOWN): lazy("Şehir yazılmamış"),
    (Common.PAYMENT, Unnamed.NOT_KNOWN): lazy("Ödeme yazılmamış"),
}
TOO_LONG = lazy("Bu dönemin raporunu hazırlamak çok uzun sürüyor. Daha kısa bir dönem seçin.")
PART_WORDS: dict[Grain, Text] = {
    Grain.HOUR: lazy("Saat"),
    Grain.DAY: lazy("Gün"),
    Grain.WEEK: lazy("Hafta"),
    Grain.MONTH: lazy("Ay"),
}


@frame.screen
def index(request: HttpRequest, membership: Membership) -> HttpResponse:
    """`donem` names the period (`ilk` and `son` where it is one's own), `magaza` the store, `dokum` the breakdown."""
    asked = periods.Asked(request, membership.subscriber)
    breakdown = request.GET.get("dokum", "")
    breakdown = breakdown if breakdown in BREAKDOWNS else next(iter(BREAKDOWNS))
    context = {"membership": membership, "asked": asked, "period": asked.period, "names": periods.NAMES}
    try:
        with patience.ends():
            context |= _told(membership.subscriber, asked, breakdown)
    except patience.TookTooLong:
        context["too_long"] = TOO_LONG
    return render(request, "dashboard/reports/index.html", context)


def _told(subscriber: Subscriber, asked: periods.Asked, breakdown: str) -> dict[str, Any]:
    """What the period's orders and SMS come to."""
    period = asked.period
    report = report_of(subscriber, period, asked.store)
    return {
        "groups": [
            (_("Siparişler"), _of_orders(report)),
            (_("SMS ve aramalar"), [*_of_messages(report, asked.store), *_of_calls(report)]),
        ],
        "knows_freight": report.now.saved is not None,
        "columns": [(tab, TILES[tab]) for tab in HISTORY],
        "closed_word": CLOSED,
        "part_word": PART_WORDS[period.grain],
        "rows": [_row(part, period) for part in reversed(report.parts)],
        "total": _row_of(report.now),
        "is_empty": not report.now.tally.came,
        "has_figures": any(each.tally.came or each.traffic.sent for each in (report.now, report.before)),
        "breakdowns": [(name, word) for name, (_common, word) in BREAKDOWNS.items()],
        "breakdown": breakdown,
        "shares": _shares(subscriber, period, asked.store, breakdown) if report.now.tally.came else [],
        "count": len(report.parts),
    }


def report_of(subscriber: Subscriber, period: Period, store: str) -> Report:
    """The report of that period."""
    return reports.of(subscriber, span=period.span, before=period.before, grain=period.grain, store=store)


def part_name(part: Part, period: Period, *, short: bool = False) -> str:
    """Which part it is: "14:00", "28 Kasım", "23–29 Kasım", "Kasım 2026"; of a week only the days of the period."""
    on = part.tally.on
    if period.grain == Grain.HOUR:
        return f"{timezone.localtime(part.tally.at):%H:%M}"
    if period.grain == Grain.MONTH:
        return date_format(on, "M Y" if short else "F Y")
    first = max(on, period.first)
    if period.grain == Grain.DAY or short:
        return date_format(first, "j M" if short else "j F")
    last = min(on + timedelta(days=6), period.last)
    return periods.spoken(first, last)


def _of_orders(report: Report) -> list[dict[str, Any]]:
    now, before = report.now.tally, report.before.tally
    return [
        _figure(_("Sorulan"), now.asked, before.asked, _("kapıda ödemeli gelen: %(n)s") % {"n": _count(now.came)}),
        *(_figure(TILES[tab].word, now.standing[tab], before.standing[tab]) for tab in (Tab.CONFIRMED, Tab.DECLINED)),
        _figure(
            TILES[Tab.SILENT].word,
            now.standing[Tab.SILENT],
            before.standing[Tab.SILENT],
            _("süresi dolan: %(n)s") % {"n": _count(now.expired)},
        ),
        _figure(
            TILES[Tab.WAITING].word,
            now.standing[Tab.WAITING],
            before.standing[Tab.WAITING],
            _("mağazada kapanan: %(n)s") % {"n": _count(now.closed)},
        ),
        {
            "name": _("Onay oranı"),
            "now": _percent(report.now.share),
            "before": _percent(report.before.share),
            "note": _("onaylanan / sorulan"),
        },
        {
            "name": _("Yanıt süresi"),
            "now": _time(report.now.median),
            "before": _time(report.before.median),
            "note": _("alıcıların yarısı bu sürede yanıtladı"),
        },
        _saved(report),
    ]


def _of_messages(report: Report, store: str) -> list[dict[str, Any]]:
    now, before = report.now.traffic, report.before.traffic
    found = [
        _figure(_("Giden SMS"), now.sent, before.sent, _("sipariş haberi: %(n)s") % {"n": _count(now.news)}),
        _figure(_("SMS boyu"), now.segments, before.segments, _("operatörün saydığı SMS adedi")),
        _figure(_("İletilemeyen"), now.failed, before.failed),
    ]
    if not store:
        read = _("sonradan elle çözülen: %(n)s") % {"n": _count(now.read)}
        found.append(_figure(_("Anlaşılmayan yanıt"), now.unmatched, before.unmatched, read))
    return found


def _of_calls(report: Report) -> list[dict[str, Any]]:
    """What was heard by phone; nothing where the period is older than the calls that are kept."""
    now, before = report.now.calls, report.before.calls
    if now is None:
        return []
    told = _("siparişi söylenen: %(n)s") % {"n": _count(now.told)}
    figure = _figure(_("Sesli yanıt"), now.came, before.came if before else 0, told)
    return [figure if before else {**figure, "before": NOTHING}]


def _saved(report: Report) -> dict[str, Any]:
    now, before = report.now, report.before
    if now.saved is None:
        return _figure(_("Yola çıkmayan koli"), now.tally.spared, before.tally.spared)
    parcels = _("yola çıkmayan koli: %(n)s") % {"n": _count(now.tally.spared)}
    return {
        "name": _("Kargodan tasarruf"),
        "now": money(now.saved),
        "before": money(before.saved),
        "note": parcels,
    }


def _figure(name: Text, now: int, before: int, note: str = "") -> dict[str, Any]:
    return {"name": name, "now": _count(now), "before": _count(before), "note": note}


def _row(part: Part, period: Period) -> dict[str, Any]:
    return {
        "name": part_name(part, period),
        "short": part_name(part, period, short=True),
        **_cells(part.tally, part.share),
        "traffic": part.traffic,
    }


def _row_of(figures: Figures) -> dict[str, Any]:
    return {"name": _("Toplam"), **_cells(figures.tally, figures.share), "traffic": figures.traffic}


def _cells(tally: tallies.Tally, share: Decimal | None) -> dict[str, Any]:
    return {"tally": tally, "standing": [tally.standing[tab] for tab in HISTORY], "share": _percent(share)}


def _shares(subscriber: Subscriber, period: Period, store: str, breakdown: str) -> list[dict[str, Any]]:
    """What most orders have in common, and all the others as one."""
    common, _word = BREAKDOWNS[breakdown]
    found = tallies.by_common(subscriber, period.span, common, store=store)
    rows = [
        {"name": UNNAMED[common, name] if isinstance(name, Unnamed) else name, **_cells(tally, reports.share(tally))}
        for name, tally in found[:MOST_ROWS]
    ]
    if len(found) > MOST_ROWS:
        rest = tallies.total([tally for _name, tally in found[MOST_ROWS:]])
        name = _("Ötekiler (%(n)s)") % {"n": len(found) - MOST_ROWS}
        rows.append({"name": name, **_cells(rest, reports.share(rest))})
    return rows


def _count(number: int) -> str:
    return number_format(number, force_grouping=True)


def _percent(share: Decimal | None) -> str:
    """`%82` as a Turk writes it, in English `82%`."""
    return NOTHING if share is None else _("%%%(n)s") % {"n": f"{share * 100:.0f}"}


def _time(passed: timedelta | None) -> str:
    return NOTHING if passed is None else duration(passed)
