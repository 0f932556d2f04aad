"""The filters above the list of orders: kept in the address, so that a filtered list can be sent and saved."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from integrations.ideasoft.models import Store
from orders import blocking
from orders.narrowing import Narrow
from portal.dashboard import frame
from portal.dashboard.amounts import AmountField
from portal.dashboard.order_blocks import ONLY_BLOCKED
from portal.templatetags.figures import start_of_today
from subscribers import access, spans
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


def given(request: HttpRequest) -> dict[str, str]:
    """What the address holds, by its names; PostgreSQL takes no NUL."""
    return {name: str(value).replace("\0", "") for name, value in request.GET.items()}


def choose(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    """What the field of that name offers."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def offer_stores(form: forms.Form, subscriber: Subscriber, *, every: Any) -> list[tuple[str, str]]:
    """The stores by code and name, which `magaza` offers behind `every`; the field goes where there is no choice."""
    stores = [(store.code, str(store)) for store in access.of(Store, subscriber).order_by("created_at", "pk")]
    choose(form, "magaza", [("", every), *stores])
    if len(stores) < 2:
        del form.fields["magaza"]
    return stores


class Filters(forms.Form):
    """Store, span of days, amount, kind of payment, blocked phones.

    A field that cannot be read filters nothing, and says so.
    """

    magaza = _choice(_("Mağaza"))
    ilk = _date(_("İlk gün"))
    son = _date(_("Son gün"))
    enaz = _amount(_("En az tutar"))
    encok = _amount(_("En çok tutar"))
    odeme = _choice(_("Ödeme"))
    telefon = _choice(_("Telefon"))

    def __init__(self, request: HttpRequest, subscriber: Subscriber) -> None:
        super().__init__(given(request), use_required_attribute=False)
        self.stores = offer_stores(self, subscriber, every=_("Hepsi"))
        choose(self, "odeme", [("", _("Hepsi")), (COD, _("Kapıda ödeme")), (OTHER, _("Diğer ödemeler"))])
        choose(self, "telefon", [("", _("Hepsi")), (ONLY_BLOCKED, _("Yalnız engellenenler"))])
        self._subscriber = subscriber
        self.typed, self.is_today = frame.typed(request), request.GET.get("gun") == TODAY
        self.is_valid()

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
            since=start_of_today() if self.is_today else since and spans.midnight(since),
            until=spans.midnight(until + timedelta(days=1)) if until and until < date.max else None,
            store=chosen.get("magaza") or "",
            least=chosen.get("enaz"),
            most=chosen.get("encok"),
            phones=blocking.every_phone(self._subscriber) if chosen.get("telefon") == ONLY_BLOCKED else None,
            is_cod={COD: True, OTHER: False}.get(chosen.get("odeme") or ""),
        )
