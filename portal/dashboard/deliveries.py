"""How far an SMS of an order has come, as lines of the order's story."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from messaging.models import OutgoingState
from messaging.queries import Sms
from portal.dashboard import reasons
from portal.dashboard.entries import Entry
from portal.dashboard.looks import WITHHELD, Text, outgoing_look
from portal.templatetags.figures import day_and_time

_DELIVERIES: dict[str, Text] = {
    OutgoingState.SENDING: lazy("SMS operatöre veriliyor"),
    OutgoingState.ACCEPTED: lazy("SMS operatöre verildi"),
    OutgoingState.DELIVERED: lazy("SMS iletildi"),
    OutgoingState.UNDELIVERED: lazy("SMS iletilemedi"),
    OutgoingState.UNREPORTED: lazy("SMS gitti, iletim raporu gelmedi"),
    OutgoingState.REFUSED: lazy("Operatör SMS’i kabul etmedi"),
    OutgoingState.UNKNOWN: lazy("SMS’in gidip gitmediği bilinmiyor"),
    OutgoingState.EXPIRED: lazy("SMS’in zamanı geçti, gönderilmedi"),
}

_WITHHELD = lazy("SMS gönderilmedi, numara engellenmiş")


def of(sms: Sms, *, not_before: datetime) -> Iterator[Entry]:
    """How far an outgoing message has come after it was queued; a failure with its remedy."""
    look = outgoing_look(sms)
    cause, remedy = reasons.outgoing_trouble(sms)
    if sms.state == OutgoingState.QUEUED:
        if sms.last_failure:
            yield Entry(
                at=None,
                icon=look.icon,
                tone=look.tone,
                title=_("SMS sırada"),
                cause=cause,
                remedy=next_try(sms.due_at),
            )
        return
    if sms.state == OutgoingState.DELIVERED and sms.sent_at and sms.settled_at:
        seconds = max(int((sms.settled_at - sms.sent_at).total_seconds()), 0)
        cause = (
            _("Operatöre verildikten %(seconds)s sn sonra.") % {"seconds": seconds}
            if seconds
            else _("Verildiği saniyede.")
        )
    at = max(sms.settled_at or sms.sent_at or sms.at, not_before)
    yield Entry(
        at=at,
        icon=look.icon,
        tone=look.tone,
        title=str(_WITHHELD if look is WITHHELD else _DELIVERIES[sms.state]),
        cause=cause,
        remedy=remedy,
    )


def next_try(at: datetime | None) -> str:
    """When something is tried again, in words; empty where that is not known."""
    return _("Sonraki deneme: %(time)s") % {"time": day_and_time(at)} if at else ""
