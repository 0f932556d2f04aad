"""A blocked phone in the words of an order's story."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from orders.matching import Reason
from orders.story import TimelineStep
from portal.dashboard.entries import Entry
from portal.dashboard.looks import Text
from portal.templatetags.figures import phone

ONLY_BLOCKED = "engellenen"  # of the address of the list of orders: those of blocked phones

SET_ASIDE: dict[str, Text] = {
    Reason.PHONE_BLOCKED: lazy("Engellenen numaradan SMS geldi, sayılmadı"),
    Reason.ORDER_BLOCKED: lazy("SMS geldi, sayılmadı: siparişin başka bir numarası engelli"),
}


def blocked(step: TimelineStep) -> Entry:
    """A person blocked a phone of the order."""
    title = _("%(phone)s engellendi") % {"phone": phone(step.detail.get("phone", ""))}
    cause = " · ".join(filter(None, [step.who, step.detail.get("note", "")]))
    return Entry(at=step.at, icon="ban", tone="quiet", title=title, cause=cause)


def unblocked(step: TimelineStep) -> Entry:
    """A person took that back."""
    title = _("%(phone)s numarasının engeli kaldırıldı") % {"phone": phone(step.detail.get("phone", ""))}
    return Entry(at=step.at, icon="arrow-back-up", tone="quiet", title=title, cause=step.who)


def set_aside(step: TimelineStep) -> Entry:
    """An answer that decided nothing, since its sender's phone is blocked, or another phone of the order."""
    return Entry(
        at=step.at,
        icon="ban",
        tone="quiet",
        title=str(SET_ASIDE[step.detail["reason"]]),
        quote=step.incoming.text if step.incoming else "",
        remedy=_("Alıcıyı tanıyorsanız kararı siz verin; engeli kaldırmak bu yanıtı saydırmaz."),
    )
