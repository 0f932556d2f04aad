"""Stores: whether they let us in, and what is asked of them again and again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.ideasoft import connection
from integrations.ideasoft.models import Connection, ErrandKind, Store, StoreErrand
from orders import past_progress
from portal.dashboard import notices, reasons
from portal.dashboard.looks import STORE, STRANGE, Text
from portal.support import words
from portal.support.acts import Act
from portal.support.rows import ReadOnly

ASK_NOW = Act(
    name="ask_now",
    label=_("Mağazayı şimdi sor"),
    asks=_("Yeni ve değişen siparişler, mağaza bildirimleri ve erişim anahtarı hemen sorulur."),
    said=_("Sıraya alındı; birkaç saniye içinde sorulur. Sonucu bu sayfada görürsünüz."),
    do=connection.ask_now,
    refusals={
        connection.NotConnected: lambda _problem: _("Mağaza bağlı değil: önce sahibi yeniden izin vermeli."),
    },
    is_offered=lambda row: row.connection == Connection.CONNECTED,
)


@admin.register(Store)
class StoreAdmin(ReadOnly):
    """A store with its errands; its secrets are no fields here."""

    acts = (ASK_NOW,)
    list_display = ("called", "url", "subscriber", "connection", "is_held", "created_at")
    list_select_related = ("subscriber",)
    list_filter = ("connection", ("created_at", admin.DateFieldListFilter))
    ordering = ("-created_at",)
    search_help_text = _("Mağaza adı, adresi ya da kodu")
    fields = readonly_fields = (
        "called",
        "url",
        "its_subscriber",
        "state",
        "connected_at",
        "token_expires_at",
        "scope",
        "cod_names",
        "paused_until",
        "refused_at",
        "trouble",
        "created_at",
    )
    change_form_template = "support/worked.html"

    @admin.display(description=_("Ad"))
    def called(self, row: Store) -> str:
        return str(row)

    @admin.display(description=_("Durum"))
    def state(self, row: Store) -> Text:
        return STORE.get(row.connection, STRANGE).word

    @admin.display(description=_("Reddediyor"), boolean=True)
    def is_held(self, row: Store) -> bool:
        return row.refused_at is not None

    @admin.display(description=_("Son aksama"))
    def trouble(self, row: Store) -> Text:
        return reasons.failure(row.pause_reason) if row.pause_reason else "–"

    def told(self, row: Store) -> dict[str, Any]:
        """Its errands and what its merchant is told about it."""
        errands = StoreErrand.objects.filter(store=row).order_by("kind")
        return {
            "works": [
                words.work(errand, name=ErrandKind(errand.kind).label, state=_how_far(errand)) for errand in errands
            ],
            "asks": notices.open_notices(row.subscriber, about=[row.pk]),
        }


def _how_far(errand: StoreErrand) -> Text:
    """Of the orders from before the connection, how many were read and up to which day; other errands have no end."""
    if errand.kind != ErrandKind.PAST_ORDERS:
        return ""
    told = past_progress.of_errand(errand)
    if told.reached is None:
        return gettext("%%%(n)s") % {"n": told.percent}
    day = date_format(timezone.localtime(told.reached), "j F Y")
    return gettext("%%%(percent)s: %(day)s gününe kadar %(read)s sipariş") % {
        "percent": told.percent,
        "day": day,
        "read": told.read,
    }
