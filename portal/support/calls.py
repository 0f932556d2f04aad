"""Calls to merchants' lines, and how each line is set to answer."""

from __future__ import annotations

from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from integrations import phones
from orders.models import Call, VoiceSettings
from portal.dashboard.looks import STRANGE, Text
from portal.dashboard.voice import LOOKS
from portal.support.rows import ReadOnly, link

SHORT = 60


@admin.register(Call)
class CallAdmin(ReadOnly):
    """A call, and what was answered; opening one is written down, since it shows who called."""

    notes_openings = True
    list_display = ("short", "masked", "subscriber", "in_words", "at")
    list_select_related = ("subscriber",)
    list_filter = (("at", admin.DateFieldListFilter),)
    ordering = ("-at",)
    search_help_text = _("Arayanın telefonu, santralin arama numarası")
    fields = readonly_fields = (
        "said",
        "full_phone",
        "its_subscriber",
        "its_order",
        "in_words",
        "redirect",
        "keys",
        "external_id",
        "at",
    )

    @admin.display(description=_("Söylenen"))
    def short(self, row: Call) -> str:
        return Truncator(row.said).chars(SHORT)

    @admin.display(description=_("Arayan"))
    def masked(self, row: Call) -> str:
        return phones.masked(row.caller) if row.caller else "–"

    @admin.display(description=_("Arayan"))
    def full_phone(self, row: Call) -> str:
        return phones.display(row.caller) or "–"

    @admin.display(description=_("Sipariş"))
    def its_order(self, row: Call) -> str:
        return link(row.order)

    @admin.display(description=_("Sonuç"))
    def in_words(self, row: Call) -> Text:
        return LOOKS.get(row.outcome, STRANGE).word


@admin.register(VoiceSettings)
class VoiceAdmin(ReadOnly):
    """How a line answers; what stands not there is as it comes."""

    list_display = ("subscriber", "extension")
    list_select_related = ("subscriber",)
    ordering = ("subscriber",)
    search_fields = ()
    fields = readonly_fields = (
        "its_subscriber",
        "extension",
        "says_name",
        "says_amount",
        "says_address",
        "says_tracking",
        "confirms_by_key",
        "texts",
    )
