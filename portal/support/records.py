"""The audit: who did what, when and why, over all subscribers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.dashboard.looks import Text
from portal.support import redaction, words
from portal.support.rows import ReadOnly, link
from subscribers.models import AuditEntry


@admin.register(AuditEntry)
class AuditAdmin(ReadOnly):
    """One act; it has no acts of its own."""

    list_display = ("at", "subscriber", "actor", "in_words", "about_kind", "reason")
    list_select_related = ("subscriber", "actor")
    list_filter = (("at", admin.DateFieldListFilter),)
    ordering = ("-at",)
    search_fields = ()
    fields = readonly_fields = ("at", "its_subscriber", "its_actor", "in_words", "about_kind", "about_id", "reason")
    change_form_template = "support/worked.html"

    @admin.display(description=_("Ne yapıldı"))
    def in_words(self, row: AuditEntry) -> Text:
        return words.action(row.action)

    @admin.display(description=_("Kim"))
    def its_actor(self, row: AuditEntry) -> str:
        return link(row.actor)

    def told(self, row: AuditEntry) -> dict[str, Any]:
        """What was written down with it."""
        return {"raw": redaction.payload(row.detail)}
