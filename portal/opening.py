"""A shop of one's own, for who has signed in and is in no team (any more)."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal import accounts
from portal.dashboard import frame
from portal.reaching import states_its_own
from subscribers import access
from subscribers.models import User


@states_its_own
@frame.persons_form
def open_shop(request: HttpRequest) -> HttpResponse:
    """The shop's name and line, as at the sign-up; whoever has a team, and staff, is led home."""
    user = request.user
    assert isinstance(user, User)
    if user.is_staff or accounts.has_shop(user):
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = accounts.ShopForm(request.POST or None)
    try:
        if form.is_valid():
            made = accounts.open_shop(by=user, **form.cleaned_data)
            access.choose(request, made.pk)
            messages.success(request, _("%(name)s açıldı.") % {"name": made.name})
            return redirect(settings.LOGIN_REDIRECT_URL)
    except accounts.HasShop:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "dashboard/open_shop.html", {"form": form}, status=422 if form.errors else 200)
