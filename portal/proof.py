"""The password once more, in the form of the very thing it is asked for."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


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
