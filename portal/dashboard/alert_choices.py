"""Ayarlar > Bildirimler: of what a person wants a mail, each by its switch, and when the credit counts as low."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from messaging import credit_watch
from messaging.credit import LOW_DAYS
from portal import alerts
from portal.dashboard import frame
from portal.models import Alert
from subscribers import members
from subscribers.models import Membership, Role

LONGEST = 1_000_000


class AlertsForm(forms.Form):
    """A switch for each mail; owners also say below which credit they want to be told."""

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for alert in Alert:
            initial = alerts.is_on(membership, alert)
            self.fields[_name(alert)] = forms.BooleanField(label=alert.label, required=False, initial=initial)
        if membership.role == Role.OWNER:
            self.fields["least"] = forms.IntegerField(
                label=lazy("Kredi şu sayının altına inince"),
                help_text=lazy("Boş bırakırsanız yalnız birkaç günlük kredi kaldığında haber verilir."),
                required=False,
                min_value=1,
                max_value=LONGEST,
                initial=membership.subscriber.credit_least,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    @property
    def switches(self) -> list[forms.BoundField]:
        """The fields that are switches."""
        return [self[_name(alert)] for alert in Alert]

    def chosen(self) -> dict[str, bool]:
        """What the switches say."""
        return {alert.value: self.cleaned_data[_name(alert)] for alert in Alert}


def _name(alert: Alert) -> str:
    return f"mail_{alert.value}"


@frame.form
def choose(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The person's own switches for this subscriber."""
    form = AlertsForm(request.POST or None, membership=membership)
    if form.is_valid():
        members.choose_alerts(membership=membership, chosen=form.chosen())
        if "least" in form.fields:
            least = form.cleaned_data["least"]
            credit_watch.choose_least(subscriber=membership.subscriber, least=least, by=membership.user)
        messages.success(request, _("Kaydedildi."))
        return redirect("alerts")
    context = {"membership": membership, "form": form, "low_days": LOW_DAYS}
    return render(request, "dashboard/settings/alerts.html", context, status=422 if form.errors else 200)
