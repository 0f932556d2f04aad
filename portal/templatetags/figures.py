"""Amounts, numbers and times as a reader of the page's language writes them, on the clock of the shop."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from integrations import phones

register = template.Library()

_SIGNS = {"TRY": "TL"}


@register.simple_tag
def money(amount: Decimal | None, currency: str = "TRY") -> str:
    """`1.234,50 TL`, in English `1,234.50 TL`; a dash where the store names no amount."""
    if amount is None:
        return "–"
    figures = number_format(amount, decimal_pos=2, force_grouping=True)
    return f"{figures} {sign(currency)}".strip()


def sign(currency: str) -> str:
    """`TL`, as a Turk says it; another currency by its code."""
    return _SIGNS.get(currency, currency)


@register.filter
def quantity(amount: Decimal) -> str:
    """`2`, `1,5` (in English `1.5`): no zeros that say nothing."""
    return number_format(Decimal(f"{amount.normalize():f}"))


@register.filter
def phone(number: str) -> str:
    """`0532 123 45 67`; what is no Turkish number stays as it is."""
    return phones.display(number)


@register.filter
def moment(at: datetime | None) -> SafeString | str:
    """A `<time>`: "bugün 14:32", "dün 09:05", "12 Kasım 18:40"; the exact time in its title."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact(local), day_and_time(local))


@register.filter
def age(at: datetime | None) -> SafeString | str:
    """A `<time>` that says how long ago: "3 dk", "2 sa", "4 gün"; a script keeps it right while the page stands."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return format_html(
        '<time data-age datetime="{}" title="{}">{}</time>', local.isoformat(), exact(local), _ago(timezone.now() - at)
    )


@register.filter
def duration(passed: timedelta) -> str:
    """How long something took, in its largest unit: "45 sn", "3 dk", "2 sa", "4 gün"."""
    if passed < timedelta(minutes=1):
        return _("%(n)s sn") % {"n": max(int(passed.total_seconds()), 0)}
    return _ago(passed)


def start_of_today() -> datetime:
    """Midnight where the shop is."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def start_of_month() -> datetime:
    """Midnight of the first, where the shop is."""
    return start_of_today().replace(day=1)


def exact(at: datetime) -> str:
    """To the second, for a title: "24 Kasım 2026 14:32:07"."""
    return date_format(timezone.localtime(at), "j F Y H:i:s")


def day_and_time(at: datetime) -> str:
    """The day by its name where it is near, with the time."""
    local, today = timezone.localtime(at), timezone.localdate()
    clock = local.strftime("%H:%M")
    if local.date() == today:
        return _("bugün %(clock)s") % {"clock": clock}
    if local.date() == today - timedelta(days=1):
        return _("dün %(clock)s") % {"clock": clock}
    return f"{date_format(local, 'j F' if local.year == today.year else 'j F Y')} {clock}"


def _ago(passed: timedelta) -> str:
    minutes = max(int(passed.total_seconds() // 60), 0)
    if minutes < 1:
        return _("şimdi")
    if minutes < 60:
        return _("%(n)s dk") % {"n": minutes}
    if minutes < 24 * 60:
        return _("%(n)s sa") % {"n": minutes // 60}
    return _("%(n)s gün") % {"n": minutes // (24 * 60)}
