"""The filters above the list of orders: kept in the address, so that a filtered list can be sent and saved."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.ideasoft.models import Store
from orders.narrowing import Narrow
from portal.dashboard import frame
from portal.dashboard.amounts import AmountField
from portal.templatetags.figures import start_of_today
from subscribers import access
from subscribers.models import Subscriber

TODAY = "bugun"
COD, OTHER = "kapida", "diger"


def _date(label: Any) -> forms.DateField:
    wrong = {"invalid": _("Tarihi gün, ay ve yıl olarak seçin.")}
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages=wrong,
        widget=forms.DateInput(attrs={"type": "date", "form": "narrow"}, format="%Y-%m-%d"),
    )


def _amount(label: Any) -> AmountField:
    return AmountField(label=label, form="narrow", maxlength="20")


def _choice(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, widget=forms.Select(attrs={"form": "narrow"}))


class Filters(forms.Form):
    """Store, span of days, amount, kind of payment. A field that cannot be read filters nothing, and says so."""

    magaza = _choice(_("Mağaza"))
    ilk = _date(_("İlk gün"))
    son = _date(_("Son gün"))
    enaz = _amount(_("En az tutar"))
    encok = _amount(_("En çok tutar"))
    odeme = _choice(_("Ödeme"))

    def __init__(self, request: HttpRequest, subscriber: Subscriber) -> None:
        super().__init__(
            {name: str(value).replace("\0", "") for name, value in request.GET.items()}, use_required_attribute=False
        )
        self.stores = [(store.code, str(store)) for store in access.of(Store, subscriber).order_by("created_at", "pk")]
        self._choices("magaza", self.stores)
        self._choices("odeme", [(COD, _("Kapıda ödeme")), (OTHER, _("Diğer ödemeler"))])
        if len(self.stores) < 2:
            del self.fields["magaza"]
        self.typed, self.is_today = frame.typed(request), request.GET.get("gun") == TODAY
        self.is_valid()

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Hepsi")), *choices]

    @property
    def count(self) -> int:
        """How many filters are set."""
        return sum(bool(self.data.get(name)) for name in self.fields)

    def narrow(self) -> Narrow:
        """What the list shows."""
        chosen = self.cleaned_data
        since, until = chosen.get("ilk"), chosen.get("son")
        return Narrow(
            typed=self.typed,
            since=start_of_today() if self.is_today else _midnight(since),
            until=_midnight(until + timedelta(days=1)) if until and until < date.max else None,
            store=chosen.get("magaza") or "",
            least=chosen.get("enaz"),
            most=chosen.get("encok"),
            is_cod={COD: True, OTHER: False}.get(chosen.get("odeme") or ""),
        )


def _midnight(day: date | None) -> datetime | None:
    """The beginning of a day where the shop is."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
