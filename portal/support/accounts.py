"""SMS accounts: whether the operator accepts them, and what is asked of it again and again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from integrations.netgsm import errands
from integrations.netgsm.models import Account, AccountErrand, ErrandKind
from portal.dashboard import notices, reasons
from portal.dashboard.looks import Text
from portal.support import words
from portal.support.acts import Act
from portal.support.rows import ReadOnly

ASK_NOW = Act(
    name="ask_now",
    label=_("Hesabı şimdi denetle ve sor"),
    asks=_("Hesap operatörde denetlenir, gelen SMS’ler ve raporlar hemen sorulur. Geçmiş bir ret varsa kalkar."),
    said=_("Sıraya alındı; birkaç saniye içinde sorulur. Sonucu bu sayfada görürsünüz."),
    do=errands.ask_now,
)


@admin.register(Account)
class AccountAdmin(ReadOnly):
    """An SMS account with its errands; its password is no field here."""

    acts = (ASK_NOW,)
    list_display = ("usercode", "subscriber", "accepted_at", "is_held", "credit", "created_at")
    list_select_related = ("subscriber",)
    list_filter = (("created_at", admin.DateFieldListFilter),)
    ordering = ("-created_at",)
    search_help_text = _("Kullanıcı kodu ya da abonenin unvanı")
    fields = readonly_fields = (
        "usercode",
        "its_subscriber",
        "headers",
        "credit",
        "credit_at",
        "accepted_at",
        "paused_until",
        "refused_at",
        "trouble",
        "created_at",
    )
    change_form_template = "support/worked.html"

    @admin.display(description=_("Reddediyor"), boolean=True)
    def is_held(self, row: Account) -> bool:
        return row.refused_at is not None

    @admin.display(description=_("Son aksama"))
    def trouble(self, row: Account) -> Text:
        return reasons.failure(row.pause_reason) if row.pause_reason else "–"

    def told(self, row: Account) -> dict[str, Any]:
        """Its errands and what its merchant is told about it."""
        found = AccountErrand.objects.filter(account=row).order_by("kind")
        return {
            "works": [words.work(errand, name=ErrandKind(errand.kind).label) for errand in found],
            "asks": notices.open_notices(row.subscriber, about=[row.pk]),
        }
