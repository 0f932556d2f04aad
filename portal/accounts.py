"""How people get an account and sign in: allauth's sign-up, which makes a subscriber with its line, and its log-in."""

from __future__ import annotations

from allauth.account.forms import LoginForm, SignupForm
from allauth.account.views import LoginView
from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
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


class SignIn(LoginView):  # type: ignore[misc]
    """allauth's log-in; too many failed ones are told by the status too (429)."""

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        """The form with its errors."""
        answer: HttpResponse = super().form_invalid(form)
        if form.has_error("__all__", code="too_many_login_attempts"):
            answer.status_code = 429
        return answer


sign_in = SignIn.as_view()
