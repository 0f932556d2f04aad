"""The phones that shops have blocked."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from integrations import phones
from orders.models import BlockedPhone
from portal.support.rows import ReadOnly, link


@admin.register(BlockedPhone)
class BlockedPhoneAdmin(ReadOnly):
    """A blocked phone; opening one is written down, since it shows the number."""

    notes_openings = True
    list_display = ("masked", "subscriber", "by", "blocked_at")
    list_select_related = ("subscriber", "blocked_by")
    list_filter = (("blocked_at", admin.DateFieldListFilter),)
    ordering = ("-blocked_at",)
    search_help_text = _("Engellenen telefon ya da notu")
    fields = readonly_fields = ("full_phone", "its_subscriber", "by", "blocked_at", "note")

    @admin.display(description=_("Telefon"))
    def masked(self, row: BlockedPhone) -> str:
        return phones.masked(row.phone)

    @admin.display(description=_("Telefon"))
    def full_phone(self, row: BlockedPhone) -> str:
        return phones.display(row.phone)

    @admin.display(description=_("Engelleyen"))
    def by(self, row: BlockedPhone) -> str:
        return link(row.blocked_by)
