"""The password once more, in the form of the very thing it is asked for, and before it the second step, where on."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.views import password_change
from allauth.core import ratelimit
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _

from portal import second_step
from subscribers.models import User

ASKED_BESIDES = (
    "account_change_password",
    "account_delete",
    "api_key_add",
    "team_hand_over",
    "team_make_owner",
)  # the password, not instead of the second step


def second_step_first(request: HttpRequest) -> HttpResponse | None:
    """To the page that asks for the second step, and back from there; None where it is off or was shown just now."""
    user = request.user
    assert isinstance(user, User)
    if not second_step.is_on(user) or _shown_lately(request, user):
        return None
    page = "mfa_reauthenticate" if second_step.of(user).app else "mfa_reauthenticate_webauthn"
    return redirect(f"{reverse(page)}?{urlencode({'next': request.path})}")


def change_password(request: HttpRequest) -> HttpResponse:
    """allauth's page for a new password, behind the second step: whoever knows the old one alone keeps nobody out."""
    asked = second_step_first(request) if request.user.is_authenticated else None
    return asked or password_change(request)


def password_besides(path: str) -> bool:
    """Whether the page at `path` asks for the password itself, so that it is no other way past the second step."""
    try:
        return resolve(path).url_name in ASKED_BESIDES
    except Resolver404:
        return False


def _shown_lately(request: HttpRequest, user: User) -> bool:
    """Whether this session showed it for something weighty within the minutes that allauth grants."""
    shown = [each["at"] for each in get_authentication_records(request, user) if _is_second_step(each)]
    return bool(shown) and time.time() - max(shown) < REAUTHENTICATION_TIMEOUT


def _is_second_step(record: dict[str, Any]) -> bool:
    return record.get("method") == "mfa" and bool(record.get("reauthenticated"))


class PasswordForm(forms.Form):
    """What cannot be taken back lightly is done by who knows the password; the tries are counted as at allauth's."""

    password = forms.CharField(
        label=_("Şifreniz"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        """Raises `ValidationError` where it is wrong or was tried too often."""
        typed: str = self.cleaned_data["password"]
        user = self.request.user
        if not ratelimit.consume(self.request, action="reauthenticate", user=user):
            raise forms.ValidationError(_("Çok fazla deneme oldu. Birkaç dakika sonra yeniden deneyin."))
        if not get_adapter().reauthenticate(user, typed):
            raise forms.ValidationError(_("Şifre yanlış."))
        return typed
