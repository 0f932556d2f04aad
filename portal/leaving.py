"""Hesabı sil: what goes with the account, said before; the password and the names of what is closed; then it is gone.

No session's subscriber counts here: it is about all of the person's at once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal import closing, letters
from portal.proof import PasswordForm, second_step_first
from portal.reaching import states_its_own
from subscribers import closing as subscribers_closing
from subscribers.closing import KEPT, Company, Fate, NeedsHeir, NotConfirmed
from subscribers.models import User

log = structlog.get_logger(__name__)


class DeletionForm(PasswordForm):
    """The password, and of each company that is closed the name, typed."""

    def __init__(self, *args: Any, closed: Sequence[Company], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {f"name_{number}": company.name for number, company in enumerate(closed)}
        for field, name in self.names.items():
            label = lazy("Silinecek firmanın adını yazın: %(name)s") % {"name": name}
            self.fields[field] = forms.CharField(label=label, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def clean(self) -> dict[str, Any]:
        """Each name as it stands there, without regard to case."""
        typed: dict[str, Any] = super().clean() or {}
        for field, name in self.names.items():
            if field in typed and _plain(typed[field]) != _plain(name):
                self.add_error(field, _("Firmanın adı böyle değil; yukarıda yazdığı gibi yazın."))
        return typed


def _plain(text: str) -> str:
    """I, İ, ı and i alike: whoever types in capitals or on another keyboard means the same name."""
    known = unicodedata.normalize("NFC", text).replace("İ", "i").casefold().replace("ı", "i")
    return " ".join(known.split())


@states_its_own
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@sensitive_post_parameters("password")
def delete_account(request: HttpRequest) -> HttpResponse:
    """What will go, and the form that does it."""
    user = request.user
    assert isinstance(user, User)
    if user.is_staff:
        raise PermissionDenied
    if asked := second_step_first(request):
        return asked
    companies = subscribers_closing.plan(user)
    closed = [company for company in companies if company.fate == Fate.CLOSED]
    stuck = [company for company in companies if company.fate == Fate.STUCK]
    form = DeletionForm(request.POST or None, request=request, closed=closed)
    if not stuck and form.is_valid():
        try:
            return _gone(request, user, closed)
        except (NeedsHeir, NotConfirmed):  # meanwhile somebody joined or went
            messages.warning(request, _("Bu arada ekipte bir değişiklik oldu. Nelerin silineceğini yeniden okuyun."))
            return redirect("account_delete")
    left = [company for company in companies if company.fate == Fate.LEFT]
    context = {"form": form, "closed": closed, "stuck": stuck, "left": left, "days": KEPT.days}
    status = 422 if form.is_bound and (form.errors or stuck) else 200
    return render(request, "account/delete.html", context, status=status)


def _gone(request: HttpRequest, user: User, told: Sequence[Company]) -> HttpResponse:
    """Deletes the account where that closes just what the page `told`."""
    email = user.email
    closed = closing.delete_account(user, confirmed={company.membership.subscriber_id for company in told})
    until = subscribers_closing.kept_until(user)
    try:
        letters.account_deleted(email, [subscriber.name for subscriber in closed], until=until)
    except OSError as problem:
        log.warning("letter_not_sent", user=str(user.pk), error=type(problem).__name__)
    logout(request)
    messages.success(request, _said(until))
    return redirect("account_login")


def _said(until: datetime | None) -> str:
    if until is None:
        return _("Hesabınız silindi.")
    return _("Hesabınız kapandı. %(day)s gününe kadar geri alabilirsiniz; nasıl olacağı postanızda yazıyor.") % {
        "day": date_format(timezone.localtime(until), "j F Y")
    }
