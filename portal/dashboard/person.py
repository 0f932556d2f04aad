"""Ayarlar, the pages about the signed-in person: Güvenlik and Dil.

Password, address and sessions are allauth's pages under `/accounts/`, in our look.
"""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from portal import second_step, sessions
from portal.dashboard import frame
from subscribers.models import Membership, User

MOST_SESSIONS = 3


class PersonForm(forms.Form):
    """How the person is called in timelines and invitations."""

    name = forms.CharField(
        label=lazy("Adınız soyadınız"),
        max_length=User._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


@frame.persons_form
def security(request: HttpRequest) -> HttpResponse:
    """The own name, and how the person signs in: address, password, second step, passkeys, open sessions."""
    user = request.user
    assert isinstance(user, User)
    form = PersonForm(request.POST or None, initial={"name": user.name})
    if form.is_valid():
        user.name = form.cleaned_data["name"]
        user.save(update_fields=["name"])
        messages.success(request, _("Kaydedildi."))
        return redirect("security")
    listed = sorted(sessions.opened(user), key=_is_elsewhere)
    context = {
        "form": form,
        "second_step": second_step.of(user),
        "sessions": listed[:MOST_SESSIONS],
        "session_count": len(listed),
    }
    return render(request, "dashboard/settings/security.html", context, status=422 if form.errors else 200)


def _is_elsewhere(session: UserSession) -> bool:
    return not session.is_current()


@frame.screen
def language(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Turkish or English, for this browser."""
    return render(request, "dashboard/settings/language.html", {"membership": membership})
