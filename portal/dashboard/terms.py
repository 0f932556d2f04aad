"""Ayarlar, the page Siparişler: how long buyers have to answer, and what a parcel's way costs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from orders import terms as kept
from orders.terms import Terms
from portal.dashboard import frame
from portal.dashboard.amounts import AmountField
from subscribers.models import Membership, Role

LONGEST_DAYS = 30


class TermsForm(forms.Form):
    """`Terms` as the merchant types them."""

    silent_hours = forms.IntegerField(
        label=lazy("Kaç saat yanıt gelmezse “yanıtsız” sayılsın?"), min_value=1, max_value=LONGEST_DAYS * 24
    )
    expires_days = forms.IntegerField(
        label=lazy("Soru kaç gün sonra kapansın?"),
        min_value=1,
        max_value=LONGEST_DAYS,
        help_text=lazy("Kapanan soruya gelen yanıt siparişi kendiliğinden onaylamaz; kararı siz verirsiniz."),
    )
    freight_out = AmountField(label=lazy("Gidiş kargosu (TL)"), most_digits=8)
    freight_back = AmountField(label=lazy("Dönüş kargosu (TL)"), most_digits=8)

    def clean(self) -> dict[str, Any]:
        """Silence comes before the end; freight is known for both ways or not at all."""
        cleaned = self.cleaned_data
        hours, days = cleaned.get("silent_hours"), cleaned.get("expires_days")
        if hours and days and hours > days * 24:
            self.add_error("silent_hours", _("Soru bundan önce kapanıyor; daha az saat yazın."))
        for name, other in (("freight_out", "freight_back"), ("freight_back", "freight_out")):
            if name in cleaned and cleaned[name] is None and cleaned.get(other) is not None:
                self.add_error(name, _("Tasarruf iki yönle hesaplanır; bunu da yazın ya da ikisini de boşaltın."))
        return cleaned


@frame.owners_answer
def terms(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The terms in force, which owners change."""
    now = kept.of(membership.subscriber)
    form = TermsForm(request.POST or None, initial=asdict(now))
    if form.is_valid():
        kept.keep(subscriber=membership.subscriber, terms=Terms(**form.cleaned_data), by=membership.user)
        messages.success(request, _("Kaydedildi."))
        return redirect("terms")
    context = {"membership": membership, "form": form, "terms": now, "is_owner": membership.role == Role.OWNER}
    return render(request, "dashboard/settings/terms.html", context, status=422 if form.errors else 200)
