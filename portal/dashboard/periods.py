"""Which span a report is of, as the address says it, and the span before it that it stands beside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from portal.dashboard import filters
from portal.dashboard.looks import Text
from subscribers import spans
from subscribers.models import Subscriber
from subscribers.spans import Grain, Span

OWN = "tarih"
USUAL = "son-30-gun"
NAMES: dict[str, Text] = {
    "bugun": lazy("Bugün"),
    "dun": lazy("Dün"),
    "son-7-gun": lazy("Son 7 gün"),
    USUAL: lazy("Son 30 gün"),
    "bu-ay": lazy("Bu ay"),
    "gecen-ay": lazy("Geçen ay"),
    "bu-yil": lazy("Bu yıl"),
}
MOST_DAYS = 5 * 366
EARLIEST = date(2017, 1, 1)  # since then no hour of the shop's clock comes twice or is left out
Days = tuple[date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """`first` to `last` by its `name`; `before` ends at the same time of day where this one is not over yet."""

    name: str
    first: date
    last: date
    before: Span

    @property
    def span(self) -> Span:
        return spans.of_days(self.first, self.last)

    @property
    def grain(self) -> Grain:
        return spans.grain_of(self.span)

    def spoken(self) -> str:
        """The days in words: "1–29 Kasım 2026"."""
        return spoken(self.first, self.last)

    def spoken_before(self) -> str:
        """The days of the span before in words, with the time of day where it is cut off."""
        ends_at = timezone.localtime(self.before.until)
        is_cut = ends_at != spans.midnight(ends_at.date())
        last = ends_at.date() if is_cut else ends_at.date() - timedelta(days=1)
        days = spoken(timezone.localtime(self.before.since).date(), last)
        return (
            _("%(days)s (saat %(clock)s itibarıyla)") % {"days": days, "clock": f"{ends_at:%H:%M}"} if is_cut else days
        )


def spoken(first: date, last: date) -> str:
    """Days from the first to the last, the month and year said once where they are the same."""
    end = date_format(last, "j F Y")
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    return f"{date_format(first, 'j F' if first.year == last.year else 'j F Y')} – {end}"


def named(name: str, *, now: datetime) -> Period:
    """One of `NAMES`, at that time."""
    today = timezone.localtime(now).date()
    (first, last), before = _days(name, today)
    return _period(name, first, last, before, now)


def own(first: date, last: date, *, now: datetime) -> Period:
    """Days of one's own choice, beside as many before them."""
    length = last - first + timedelta(days=1)
    return _period(OWN, first, last, (first - length, first - timedelta(days=1)), now)


def _days(name: str, today: date) -> tuple[Days, Days]:
    """Days and the days before them; of a month or year not over yet, as much of the one before."""
    day, month = timedelta(days=1), today.replace(day=1)
    month_before = (month - day).replace(day=1)
    if name == "dun":
        return (today - day, today - day), (today - 2 * day, today - 2 * day)
    if name == "bu-ay":
        return (month, today), (month_before, min(month_before + (today - month), month - day))
    if name == "gecen-ay":
        earlier = month_before - day
        return (month_before, month - day), (earlier.replace(day=1), earlier)
    if name == "bu-yil":
        year = today.replace(month=1, day=1)
        return (year, today), (year.replace(year=year.year - 1), _a_year_before(today))
    back = {"bugun": 1, "son-7-gun": 7}.get(name, 30) * day
    return (today - back + day, today), (today - 2 * back + day, today - back)


def _a_year_before(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def _period(name: str, first: date, last: date, before: Days, now: datetime) -> Period:
    whole = spans.of_days(*before)
    if last == timezone.localtime(now).date():
        until = spans.midnight(before[1]) + (now - spans.midnight(last))
        whole = Span(since=whole.since, until=min(until, whole.until))
    return Period(name=name, first=first, last=last, before=whole)


class Asked(forms.Form):
    """What the address asks for: the period by its name or by days, and the store. What cannot be read is said."""

    ilk = forms.DateField(label=lazy("İlk gün"), required=False)
    son = forms.DateField(label=lazy("Son gün"), required=False)
    magaza = forms.ChoiceField(label=lazy("Mağaza"), required=False)

    def __init__(self, request: HttpRequest, subscriber: Subscriber) -> None:
        super().__init__(filters.given(request), use_required_attribute=False)
        for name in ("ilk", "son"):
            field = self.fields[name]
            assert isinstance(field, forms.DateField)
            field.input_formats = ["%Y-%m-%d", "%d.%m.%Y"]
            field.error_messages["invalid"] = _("Tarihi gün, ay ve yıl olarak seçin.")
            field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        self.stores = filters.offer_stores(self, subscriber, every=lazy("Bütün mağazalar"))
        self.now = timezone.now()
        self.is_valid()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("ilk"), cleaned.get("son")
        if self.data.get("donem") != OWN or self.errors:
            return cleaned
        today = timezone.localtime(self.now).date()
        if first is None or last is None:
            self.add_error("son" if first else "ilk", _("İki tarihi de seçin."))
        elif first > last:
            self.add_error("son", _("Son gün ilk günden önce; tarihleri değiştirin."))
        elif first > today or first < EARLIEST:
            self.add_error("ilk", _("Bu tarih bugünden sonra ya da çok eski; başka bir gün seçin."))
        elif (min(last, today) - first).days >= MOST_DAYS:
            self.add_error("ilk", _("En çok beş yıl seçebilirsiniz; tarih aralığını daraltın."))
        return cleaned

    @property
    def store(self) -> str:
        """The store's public code, empty for all."""
        return str(self.cleaned_data.get("magaza") or "")

    @property
    def period(self) -> Period:
        """What was asked for, the usual thirty days where that cannot be."""
        name = str(self.data.get("donem") or "")
        first, last = self.cleaned_data.get("ilk"), self.cleaned_data.get("son")
        if name == OWN and not self.errors and first and last:
            return own(first, min(last, timezone.localtime(self.now).date()), now=self.now)
        return named(name if name in NAMES else USUAL, now=self.now)
