"""The keys of merchants' programs, by the beginning that a merchant reads out."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.support.acts import Act
from portal.support.rows import ReadOnly, link
from subscribers import api_keys
from subscribers.models import ApiKey

END = Act(
    name="end",
    label=_("Anahtarı iptal et"),
    asks=_("Bu anahtarı kullanan program o an durur. Bu geri alınamaz; sahibi yeni anahtar oluşturabilir."),
    said=_("Anahtar iptal edildi."),
    do=api_keys.end,
    is_offered=lambda row: row.ended_at is None,
)


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnly):
    """A key: what it is known by and what it may do, never what opens with it."""

    acts = (END,)
    list_display = ("prefix", "name", "subscriber", "scope", "last_used_at", "ended_at")
    list_select_related = ("subscriber",)
    list_filter = ("scope", ("created_at", admin.DateFieldListFilter))
    ordering = ("-created_at",)
    search_help_text = _("Anahtarın başı ya da adı")
    fields = readonly_fields = (
        "prefix",
        "name",
        "its_subscriber",
        "scope",
        "maker",
        "created_at",
        "last_used_at",
        "ended_at",
        "ender",
    )

    @admin.display(description=_("Oluşturan"))
    def maker(self, row: ApiKey) -> str:
        return link(row.made_by)

    @admin.display(description=_("İptal eden"))
    def ender(self, row: ApiKey) -> str:
        return link(row.ended_by)
