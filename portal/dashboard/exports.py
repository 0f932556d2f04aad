"""*Dışa aktar*: what a list or a report shows, as a file. Members may take along what they see; who did is recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from messaging import queries as sms
from messaging.queries import Box
from orders import queries
from orders.queries import Tab
from portal.dashboard import columns, frame, periods, reports, tables
from portal.dashboard.filters import Filters
from portal.dashboard.looks import Text
from portal.dashboard.messages import box_of
from portal.dashboard.orders import tab_of
from portal.exports import places, sending
from portal.exports.cells import Table
from subscribers.models import Membership
from subscribers.postgresql import patience

# Parts of a file's name, which every system can write; by tab and box.
TABS: dict[Tab, str] = {
    Tab.ALL: "",
    Tab.NEEDS_YOU: "-sizi-bekleyen",
    Tab.WAITING: "-yanit-bekleyen",
    Tab.CONFIRMED: "-onaylanan",
    Tab.DECLINED: "-reddedilen",
    Tab.SILENT: "-yanitsiz",
    Tab.CLOSED: "-magazada",
    Tab.UNASKED: "-sorulmayan",
}
BOXES: dict[Box, str] = {
    Box.ALL: "",
    Box.INCOMING: "-gelen",
    Box.UNMATCHED: "-anlasilmayan",
    Box.OUTGOING: "-giden",
    Box.FAILED: "-iletilemeyen",
}
LONGEST_QUERY = 1000
# What the address may narrow a list by. Names alone are recorded, and no others: a value may be a buyer's name.
FILTERS = ("durum", "kutu", "q", "gun", "ilk", "son", "magaza", "enaz", "encok", "odeme", "sira", "donem")
NOT_NOW: dict[type[Exception], Text] = {
    sending.Running: _("Başka bir dosyanız hazırlanıyor. İnmesini bekleyin, sonra yeniden deneyin."),
    places.NoPlace: _("Şu anda başka dosyalar iniyor. Bir dakika sonra yeniden deneyin."),
}
TOO_LONG: dict[str, Text] = {
    "orders": _("Bu liste tek seferde hazırlanamayacak kadar uzun. Tarih aralığını daraltıp ayrı ayrı indirin."),
    "messages": _("Bu liste tek seferde hazırlanamayacak kadar uzun. Bir kutu seçin ya da arayıp daha azını indirin."),
    "reports": reports.TOO_LONG,
}


@frame.act
def orders(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The list of orders as the address narrows and orders it; `bicim` is the kind of file."""
    subscriber, filters = membership.subscriber, Filters(request, membership.subscriber)
    tab, (sort, descending) = tab_of(request), columns.sort_of(request)
    found = queries.Orders(subscriber, tab=tab, narrow=filters.narrow(), sort=sort, descending=descending)
    name = f"siparisler{TABS[tab]}-{_now()}"
    return _answer(request, membership, lambda: tables.orders(found), name=name, what="orders")


@frame.act
def messages(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The messages of the box that the address names, all of them from the conversations."""
    subscriber, box = membership.subscriber, box_of(request) or Box.ALL
    found = sms.Messages(subscriber, box=box, typed=frame.typed(request))
    name = f"mesajlar{BOXES[box]}-{_now()}"
    table = lambda: tables.of_messages_found(subscriber, found)  # noqa: E731
    return _answer(request, membership, table, name=name, what="messages")


@frame.act
def report(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The table of the report that the address asks for."""
    subscriber, asked = membership.subscriber, periods.Asked(request, membership.subscriber)
    period, store = asked.period, asked.store

    def table() -> Table:
        return tables.report(reports.report_of(subscriber, period, store), period, of_one_store=bool(store))

    name = f"rapor-{period.first:%Y-%m-%d}-{period.last:%Y-%m-%d}"
    return _answer(request, membership, table, name=name, what="reports")


def _answer(
    request: HttpRequest, membership: Membership, table: Callable[[], Table], *, name: str, what: str
) -> HttpResponse:
    """The file, or the page it was asked from, which says why not now. `what` is that page's address by its name."""
    kind = sending.KINDS.get(request.POST.get("bicim", ""))
    if kind is None:
        return HttpResponseBadRequest()
    facts: dict[str, Any] = {"subscriber": membership.subscriber, "by": membership.user}
    filters = [name for name in FILTERS if request.GET.get(name)]
    try:
        with patience.ends():
            answer = sending.send(table(), kind=kind, name=f"onay-{name}", what=what, filters=filters, **facts)
        return cast("HttpResponse", answer)  # a streamed one is no subclass of it
    except (sending.TooLong, patience.TookTooLong):
        notes.error(request, str(TOO_LONG[what]))
    except tuple(NOT_NOW) as problem:
        notes.error(request, str(NOT_NOW[type(problem)]))
    address, query = reverse(what), request.GET.urlencode()[:LONGEST_QUERY]
    return redirect(f"{address}?{query}" if query else address)


def _now() -> str:
    return timezone.localtime().strftime("%Y-%m-%d-%H%M")
