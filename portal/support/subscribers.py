"""Subscribers: who they are, whom to call, what is wrong, and whether anything is sent for them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from integrations.ideasoft.models import Store
from integrations.netgsm.models import Account
from messaging.models import IncomingMessage, InteractiveEvent, OutgoingMessage, UnreadablePush
from orders.models import BlockedPhone, Order
from portal import closing
from portal.dashboard import notices
from portal.dashboard.looks import Text
from portal.support.acts import Act
from portal.support.rows import ITS_SUBSCRIBER, ReadOnly
from subscribers import suspension
from subscribers.closing import DeletionBegun, LineTaken
from subscribers.models import ApiKey, AuditEntry, Membership, Subscriber

_LISTS: tuple[type[Model], ...] = (
    Order,
    OutgoingMessage,
    IncomingMessage,
    Store,
    Account,
    InteractiveEvent,
    BlockedPhone,
    UnreadablePush,
    ApiKey,
    AuditEntry,
)


def _already(_problem: Exception) -> Text:
    return _("Bu arada yapılmış; hiçbir şey değişmedi.")


def _too_late(_problem: Exception) -> Text:
    return _("Firma kapandı ve silinmesi başladı; artık geri açılamaz.")


def _line_taken(_problem: Exception) -> Text:
    return _("Abone numarası bu arada başka bir firmada kanıtlandı; firma o numarayla geri açılamaz.")


def _is_suspended(row: Subscriber) -> bool:
    return row.suspended_at is not None


SUSPEND = Act(
    name="suspend",
    label=_("Askıya al"),
    asks=_(
        "Bundan sonra bu abone için SMS gönderilmez, kararlar mağazaya yazılmaz."
        " Giriş yapabilir; gelen yanıtlar saklanır."
    ),
    said=_("Askıya alındı. Sırada bekleyenler gönderilmeyecek."),
    do=suspension.suspend,
    refusals={suspension.AlreadySo: _already},
    is_offered=lambda row: not _is_suspended(row),
)
RESUME = Act(
    name="resume",
    label=_("Askıyı kaldır"),
    asks=_("Bekleyen yanıtlar okunur, süresi geçmemiş SMS’ler ve kararlar gönderilir."),
    said=_("Askı kaldırıldı. Bekleyenler birkaç saniye içinde ele alınır."),
    do=closing.resume,
    refusals={suspension.AlreadySo: _already, DeletionBegun: _too_late, LineTaken: _line_taken},
    is_offered=_is_suspended,
)


class SuspendedFilter(admin.SimpleListFilter):
    """Whether anything is sent for them."""

    title = _("Askıda")
    parameter_name = "suspended"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("yes", _("Evet")), ("no", _("Hayır"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(suspended_at__isnull=self.value() == "no")


@admin.register(Subscriber)
class SubscriberAdmin(ReadOnly):
    """A subscriber, and the ways to everything that is its own."""

    acts = (SUSPEND, RESUME)
    list_display = ("name", "line", "is_proven", "suspended_at", "closed_at", "created_at")
    list_filter = (SuspendedFilter, ("created_at", admin.DateFieldListFilter))
    ordering = ("-created_at",)
    search_help_text = _("Unvan, abone numarası, e-posta, mağaza adresi ya da adı")
    fields = readonly_fields = (
        "name",
        "line",
        "line_proven_at",
        "suspended_at",
        "closed_at",
        "deletion_begun_at",
        "created_at",
    )
    change_form_template = "support/subscriber.html"

    @admin.display(description=_("Numara kanıtlı"), boolean=True)
    def is_proven(self, row: Subscriber) -> bool:
        return row.line_proven_at is not None

    def told(self, row: Subscriber) -> dict[str, Any]:
        """Its people, its notices as its merchant reads them, and its lists."""
        members = Membership.objects.filter(subscriber=row).select_related("user").order_by("created_at")
        return {
            "members": members,
            "asks": notices.open_notices(row),
            "lists": [(model._meta.verbose_name_plural, _list_address(model, row)) for model in _LISTS],
        }


def _list_address(model: type[Model], row: Subscriber) -> str:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    return f"{reverse(name)}?{ITS_SUBSCRIBER}={row.pk}"
