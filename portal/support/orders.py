"""Orders: one whole story, as its merchant reads it, and beside it what only support needs."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from integrations import phones
from messaging.models import IncomingMessage, OutgoingMessage
from messaging.queries import Sms
from orders import approvals, queries
from orders.confirmation import State
from orders.models import Action, Approval, ApprovalState, Confirmation, HandAct, News, Order, OrderNote
from orders.queries import OrderSheet
from portal.dashboard import notices, reasons, sentences
from portal.dashboard.looks import NOT_ASKED, ORDER, STRANGE, Text, store_status
from portal.support import redaction, words
from portal.support.acts import Act
from portal.support.rows import ReadOnly, address, link
from subscribers.models import User


def _failed(order: Order) -> Approval | None:
    """What the store did not take of the decision that holds; one that was overtaken since is not written again."""
    failed = Approval.objects.filter(confirmation__order=order, state=ApprovalState.FAILED)
    holding = (each for each in failed.select_related("confirmation") if _holds(each))
    return next(holding, None)


def _holds(approval: Approval) -> bool:
    return approvals.DECIDED[Action(approval.action)] == approval.confirmation.state


def _write_again(order: Order, *, by: User, reason: str) -> None:
    """Raises `approvals.NotFailed`."""
    failed = _failed(order)
    if failed is None:
        raise approvals.NotFailed
    approvals.write_again(failed, by=by, reason=reason)


WRITE_AGAIN = Act(
    name="write_again",
    label=_("Kararı mağazaya yeniden yaz"),
    asks=_("Mağazaya yazılamayan karar yeniden denenir. Sipariş mağazada ilerlemişse dokunulmaz."),
    said=_("Sıraya alındı; birkaç saniye içinde mağazaya yazılır."),
    do=_write_again,
    refusals={approvals.NotFailed: lambda _problem: _("Yazılamamış bir karar yok; hiçbir şey yapılmadı.")},
    is_offered=lambda row: _failed(row) is not None,
)


class StateFilter(admin.SimpleListFilter):
    """By where the confirmation stands."""

    title = _("Durum")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(state, look.word) for state, look in ORDER.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == queries.UNASKED:
            return queryset.filter(confirmations__isnull=True)
        known = self.value() in State._value2member_map_
        return queryset.filter(confirmations__state=self.value()) if known else queryset


@admin.register(Order)
class OrderAdmin(ReadOnly):
    """An order; opening one is written down, since it shows whose it is and how to call them."""

    acts = (WRITE_AGAIN,)
    notes_openings = True
    list_display = ("reference", "buyer_name", "masked", "subscriber", "store", "state", "in_store", "created_at")
    list_select_related = ("subscriber", "store")
    list_filter = (StateFilter, "is_cod", ("created_at", admin.DateFieldListFilter))
    ordering = ("-created_at",)
    search_help_text = _("Sipariş no, alıcının adı ya da telefonu, siparişin kodu")
    fields = readonly_fields = (
        "reference",
        "external_id",
        "its_subscriber",
        "its_store",
        "buyer_name",
        "full_phone",
        "all_phones",
        "amount",
        "currency",
        "payment_type_name",
        "is_cod",
        "city",
        "state",
        "in_store",
        "why_not_asked",
        "created_at",
        "updated_at",
        "seen_at",
        "seen_by",
        "merchants_address",
    )
    change_form_template = "support/order.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).annotate(confirmation_state=F("confirmations__state"))
        return cast("QuerySet[Any]", rows)

    @admin.display(description=_("Telefon"))
    def masked(self, row: Order) -> str:
        return phones.masked(row.phone) if row.phone else "–"

    @admin.display(description=_("Durum"))
    def state(self, row: Any) -> Text:
        return ORDER.get(row.confirmation_state or queries.UNASKED, STRANGE).word

    @admin.display(description=_("Mağazadaki durumu"))
    def in_store(self, row: Order) -> Text:
        return store_status(row.store_status)

    @admin.display(description=_("Mağaza"))
    def its_store(self, row: Order) -> str:
        return link(row.store)

    @admin.display(description=_("Telefon"))
    def full_phone(self, row: Order) -> str:
        return phones.display(row.phone) if row.phone else "–"

    @admin.display(description=_("Bütün telefonları"))
    def all_phones(self, row: Order) -> str:
        return ", ".join(map(phones.display, row.phones)) or "–"

    @admin.display(description=_("Neden sorulmadı"))
    def why_not_asked(self, row: Any) -> Text:
        return "–" if row.confirmation_state else NOT_ASKED.get(row.not_asked, row.not_asked)

    @admin.display(description=_("Üyenin gördüğü adres"))
    def merchants_address(self, row: Order) -> str:
        return f"{settings.SITE_URL}{reverse('order', args=[row.code])}"

    def told(self, row: Order) -> dict[str, Any]:
        """The story and the notices as its merchant reads them; its messages, its decisions and the raw order."""
        sheet = queries.sheet(row.subscriber, row.code)
        return {
            "story": sentences.story(sheet),
            "asks": notices.open_notices(row.subscriber, about=sheet.notice_keys),
            "items": sheet.items,
            "sms": _messages(sheet),
            "works": [
                *(_work(approval) for approval in Approval.objects.filter(confirmation__order=row)),
                *(_hand_work(act) for act in HandAct.objects.filter(order=row)),
                *(_note_work(note) for note in OrderNote.objects.filter(order=row)),
                *(_news_work(news) for news in News.objects.filter(order=row).order_by("since")),
            ],
            "raw": redaction.payload(row.raw),
        }

    def history_keys(self, row: Order) -> list[UUID]:
        return [row.pk, *Confirmation.objects.filter(order=row).values_list("pk", flat=True)]


def _messages(sheet: OrderSheet) -> list[tuple[str, Text, str]]:
    """(address, what it is, text) of each SMS of the order's story, in its order."""
    told = {sms.id: sms for step in sheet.steps for sms in (step.incoming, step.outgoing) if sms is not None}
    return [(_address(sms), _kind(sms), sms.text) for sms in told.values()]


def _address(sms: Sms) -> str:
    return address(IncomingMessage(pk=sms.id) if sms.is_incoming else OutgoingMessage(pk=sms.id))


def _kind(sms: Sms) -> Text:
    return _("gelen") if sms.is_incoming else reasons.PURPOSES.get(sms.purpose, sms.purpose)


def _hand_work(act: HandAct) -> words.Work:
    return words.work(act, name=act.get_act_display(), state=act.get_state_display())


def _note_work(note: OrderNote) -> words.Work:
    return words.work(note, name=_("Not"), state=note.get_state_display())


def _news_work(news: News) -> words.Work:
    return words.work(
        news, name=_("Haber: %(when)s") % {"when": news.get_when_display()}, state=news.get_state_display()
    )


def _work(approval: Approval) -> words.Work:
    return words.work(approval, name=Action(approval.action).label, state=ApprovalState(approval.state).label)
