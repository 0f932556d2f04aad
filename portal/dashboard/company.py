"""Ayarlar, and its page Firma: what the subscriber is called, and its line."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from portal.dashboard import frame
from subscribers import registration
from subscribers.models import Membership, Role, Subscriber


class NameForm(forms.Form):
    """The name, and nothing else: the line belongs to the SMS account."""

    name = forms.CharField(
        label=lazy("Firma ya da mağaza adı"),
        max_length=Subscriber._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )


@frame.screen
def index(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What can be set, a line each."""
    return render(request, "dashboard/settings/index.html", {"membership": membership})


@frame.owners_answer
def company(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The name, which owners change, and the line with what proves it."""
    subscriber = membership.subscriber
    form = NameForm(request.POST or None, initial={"name": subscriber.name})
    if form.is_valid():
        registration.rename(subscriber=subscriber, name=form.cleaned_data["name"], by=membership.user)
        messages.success(request, _("Kaydedildi."))
        return redirect("company")
    context = {"membership": membership, "form": form, "is_owner": membership.role == Role.OWNER}
    return render(request, "dashboard/settings/company.html", context, status=422 if form.errors else 200)
