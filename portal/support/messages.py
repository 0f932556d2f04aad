"""SMS in and out: one's whole way, with the operator's words, and the order it belongs to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from integrations import phones
from messaging import outbox
from messaging.models import IncomingMessage, InteractiveEvent, OutgoingMessage, OutgoingState, UnreadablePush
from messaging.queries import outgoing_sms
from orders import hand, resending
from orders.models import Order
from portal.dashboard import reasons
from portal.dashboard.acts import NOT_POSSIBLE
from portal.dashboard.looks import INCOMING, OUTGOING, STRANGE, Text
from portal.support import redaction, words
from portal.support.acts import Act
from portal.support.rows import ReadOnly, link, links

SHORT = 60
MOST_SHOWN = 4000

_NOT_LOST: dict[str, Text] = {
    "not_lost": _("Bu SMS yolda ya da yerine ulaşmış; yeniden gönderilmedi."),
    "replaced": _("Bu SMS’in yerine bir başkası zaten gönderilmiş; yeniden gönderilmedi."),
}


def _may_be_sent_again(row: OutgoingMessage) -> bool:
    return row.state in outbox.LOST and not OutgoingMessage.objects.filter(replaces=row).exists()


SEND_AGAIN = Act(
    name="send_again",
    label=_("Yeniden gönder"),
    asks=_(
        "Yeni bir SMS sıraya alınır ve bunun yerine geçtiği yazılır. Gidip gitmediği bilinmiyorsa alıcı aynı SMS’i iki"
        " kez alabilir; soruysa metin ve başlık olayın bugünkü metni ve başlığıdır."
    ),
    said=_("Yeni SMS sıraya alındı; aşağıda “yerine gönderilen” olarak görünür."),
    do=resending.send_again,
    refusals={
        outbox.NotLost: lambda problem: _NOT_LOST[str(problem)],
        hand.NotPossible: lambda problem: NOT_POSSIBLE[str(problem)],
    },
    is_offered=_may_be_sent_again,
)


@admin.register(OutgoingMessage)
class OutgoingAdmin(ReadOnly):
    """An SMS that left, or was to leave."""

    acts = (SEND_AGAIN,)
    notes_openings = True
    list_display = ("short", "masked", "subscriber", "purpose", "header", "state", "job_id", "created_at")
    list_select_related = ("subscriber",)
    list_filter = ("state", "purpose", ("created_at", admin.DateFieldListFilter))
    ordering = ("-created_at",)
    search_help_text = _("Metinden sözler, telefon, operatörün iş numarası (jobid)")
    fields = readonly_fields = (
        "text",
        "full_phone",
        "its_subscriber",
        "its_order",
        "purpose",
        "round",
        "asked_by",
        "replaced",
        "replacement",
        "header",
        "encoding",
        "segments",
        "in_words",
        "trouble",
        "code",
        "job_id",
        "report_status",
        "created_at",
        "stale_at",
        "sent_at",
        "report_asked_at",
        "reported_at",
        "settled_at",
    )
    change_form_template = "support/worked.html"

    @admin.display(description=_("Metin"))
    def short(self, row: OutgoingMessage) -> str:
        return Truncator(row.text).chars(SHORT)

    @admin.display(description=_("Telefon"))
    def masked(self, row: OutgoingMessage) -> str:
        return phones.masked(row.phone)

    @admin.display(description=_("Telefon"))
    def full_phone(self, row: OutgoingMessage) -> str:
        return phones.display(row.phone)

    @admin.display(description=_("Sipariş"))
    def its_order(self, row: OutgoingMessage) -> str:
        return link(resending.order_of(row))

    @admin.display(description=_("İsteyen"))
    def asked_by(self, row: OutgoingMessage) -> str:
        return link(row.by)

    @admin.display(description=_("Yerine geçtiği SMS"))
    def replaced(self, row: OutgoingMessage) -> str:
        return link(row.replaces)

    @admin.display(description=_("Yerine gönderilen SMS"))
    def replacement(self, row: OutgoingMessage) -> str:
        return link(OutgoingMessage.objects.filter(replaces=row).first())

    @admin.display(description=_("Durum"))
    def in_words(self, row: OutgoingMessage) -> Text:
        return OUTGOING.get(row.state, STRANGE).word

    @admin.display(description=_("Neden, ne yapmalı"))
    def trouble(self, row: OutgoingMessage) -> str:
        return " ".join(filter(None, reasons.outgoing_trouble(outgoing_sms(row)))) or "–"

    def told(self, row: OutgoingMessage) -> dict[str, Any]:
        """Its work: tries, claim, last failure."""
        return {"works": [words.work(row, name=_("gönderim"), state=OutgoingState(row.state).label)]}


@admin.register(IncomingMessage)
class IncomingAdmin(ReadOnly):
    """An SMS that came."""

    notes_openings = True
    list_display = ("short", "masked", "subscriber", "line", "state", "in_reason", "came", "received_at")
    list_select_related = ("subscriber",)
    list_filter = ("state", ("received_at", admin.DateFieldListFilter))
    ordering = ("-received_at",)
    search_help_text = _("Metinden sözler, gönderenin telefonu, operatörün mesaj numarası")
    fields = readonly_fields = (
        "text",
        "full_phone",
        "its_subscriber",
        "its_orders",
        "line",
        "in_words",
        "its_event",
        "in_outcome",
        "in_reason",
        "seen",
        "came",
        "external_id",
        "sent_at",
        "received_at",
        "handled_at",
    )
    change_form_template = "support/worked.html"

    @admin.display(description=_("Metin"))
    def short(self, row: IncomingMessage) -> str:
        return Truncator(row.text).chars(SHORT)

    @admin.display(description=_("Telefon"))
    def masked(self, row: IncomingMessage) -> str:
        return phones.masked(row.sender or row.sender_raw)

    @admin.display(description=_("Telefon"))
    def full_phone(self, row: IncomingMessage) -> str:
        return phones.display(row.sender) if row.sender else row.sender_raw

    @admin.display(description=_("Sipariş"))
    def its_orders(self, row: IncomingMessage) -> str:
        found = Order.objects.filter(subscriber_id=row.subscriber_id, steps__incoming=row).distinct()
        return links(found)

    @admin.display(description=_("Durum"))
    def in_words(self, row: IncomingMessage) -> Text:
        return INCOMING.get(row.state, STRANGE).word

    @admin.display(description=_("Olay"))
    def its_event(self, row: IncomingMessage) -> str:
        return link(row.event)

    @admin.display(description=_("Sonuç"))
    def in_outcome(self, row: IncomingMessage) -> Text:
        return words.outcome(row.outcome)

    @admin.display(description=_("Nasıl geldi"), ordering="came_by")
    def came(self, row: IncomingMessage) -> Text:
        return words.CAME_BY.get(row.came_by, row.came_by)

    @admin.display(description=_("Neden böyle anlaşıldı"))
    def in_reason(self, row: IncomingMessage) -> Text:
        return reasons.why(row.reason) if row.reason else "–"

    @admin.display(description=_("Nasıl anlaşıldı"))
    def seen(self, row: IncomingMessage) -> str:
        return "\n".join(reasons.seen(row.trace)) or "–"

    def told(self, row: IncomingMessage) -> dict[str, Any]:
        """Its work, and what the operator told, raw."""
        work = words.work(row, name=_("okuma"), state=INCOMING.get(row.state, STRANGE).word)
        return {"works": [work], "raw": redaction.payload(row.raw)}


@admin.register(InteractiveEvent)
class EventAdmin(ReadOnly):
    """What an answer is looked at by."""

    list_display = ("called", "subscriber", "store", "header", "question_mode", "is_on", "created_at")
    list_select_related = ("subscriber", "store")
    list_filter = ("is_on", "question_mode")
    ordering = ("-created_at",)
    search_fields = ()
    fields = readonly_fields = (
        "its_subscriber",
        "its_store",
        "priority",
        "keyword",
        "header",
        "reply_text",
        "question_mode",
        "question_text",
        "other_phone",
        "cancels_declined",
        "confirming_words",
        "refusal_words",
        "texts",
        "is_on",
        "created_at",
    )

    @admin.display(description=_("Olay"))
    def called(self, row: InteractiveEvent) -> str:
        return str(row)

    @admin.display(description=_("Mağaza"))
    def its_store(self, row: InteractiveEvent) -> str:
        return link(row.store)


@admin.register(UnreadablePush)
class UnreadableAdmin(ReadOnly):
    """What should have been a message and could not be read."""

    notes_openings = True
    list_display = ("reason", "subscriber", "content_type", "received_at")
    list_select_related = ("subscriber",)
    list_filter = (("received_at", admin.DateFieldListFilter),)
    ordering = ("-received_at",)
    search_fields = ()
    fields = readonly_fields = ("its_subscriber", "reason", "content_type", "received_at")
    change_form_template = "support/worked.html"

    def told(self, row: UnreadablePush) -> dict[str, Any]:
        """The body as it came, what may be a secret hidden."""
        body = bytes(row.body[:MOST_SHOWN]).decode("utf-8", "replace")
        return {"raw": redaction.text(body)}
