"""A blocked phone in the words of an order's story."""

from __future__ import annotations

from django.utils.translation import gettext as _

from orders.queries import TimelineStep
from portal.dashboard.entries import Entry
from portal.templatetags.figures import phone


def blocked(step: TimelineStep) -> Entry:
    """A person blocked a phone of the order."""
    title = _("%(phone)s engellendi") % {"phone": phone(step.detail.get("phone", ""))}
    cause = " · ".join(filter(None, [step.by, step.detail.get("note", "")]))
    return Entry(at=step.at, icon="ban", tone="quiet", title=title, cause=cause)


def unblocked(step: TimelineStep) -> Entry:
    """A person took that back."""
    title = _("%(phone)s numarasının engeli kaldırıldı") % {"phone": phone(step.detail.get("phone", ""))}
    return Entry(at=step.at, icon="arrow-back-up", tone="quiet", title=title, cause=step.by)


def set_aside(step: TimelineStep) -> Entry:
    """An answer that decided nothing, since the phone is blocked."""
    return Entry(
        at=step.at,
        icon="ban",
        tone="quiet",
        title=_("Engellenen numaradan SMS geldi, sayılmadı"),
        quote=step.incoming.text if step.incoming else "",
        remedy=_("Alıcıyı tanıyorsanız kararı siz verin ya da engeli kaldırın."),
    )
