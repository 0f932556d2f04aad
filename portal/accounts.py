"""How people get an account: allauth's sign-up, which makes a subscriber with its line."""

from __future__ import annotations

from allauth.account.forms import SignupForm
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from integrations import phones
from subscribers import reach, registration
from subscribers.models import Subscriber, User
from subscribers.reach import Purpose


class NewSubscriber(SignupForm):  # type: ignore[misc]
    """The sign-up of a shop: its name and its line at the operator beside the owner's address and password."""

    name = forms.CharField(
        label=_("Firma ya da mağaza adı"),
        max_length=Subscriber._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autofocus": True}),
    )
    line = forms.CharField(
        label=_("Netgsm abone numarası"),
        max_length=phones.LONGEST,
        help_text=_("850 ile başlayan numaranız; alıcılar yanıtlarını bu numaraya gönderir."),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    field_order = ("name", "line", "email", "password1")

    def clean_line(self) -> str:
        """The line as ten digits."""
        try:
            return phones.line(self.cleaned_data["line"])
        except ValueError as problem:
            raise forms.ValidationError(
                _("Abone numarası 10 haneli olmalı, örneğin 850 123 45 67."), code="line"
            ) from problem

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        """The user, and the subscriber it owns from now on: both or neither."""
        user: User = super().save(request)
        with reach.across(Purpose.SIGN_UP):
            registration.open_subscriber(
                name=self.cleaned_data["name"], line=self.cleaned_data["line"], by=user, action="subscriber_signed_up"
            )
        return user
