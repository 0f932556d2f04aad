"""`/davet/<token>/`: an invited person opens the link of the mail and joins the team.

No session's subscriber counts here: the token says whose the invitation is. Opening the link changes nothing; what
joins is a POST. The link proves the address it was mailed to, so a new account needs no code.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.reaching import states_its_own
from subscribers import access, invitations
from subscribers.models import Invitation, User

State = Invitation.State


class AddressTaken(Exception):
    """Meanwhile somebody opened an account with the invited address."""


class NewAccountForm(forms.Form):
    """An account for the invited address: the name and a password, nothing that the link says already."""

    name = forms.CharField(
        label=lazy("Adınız soyadınız"),
        max_length=User._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=lazy("Şifre"),
        strip=False,
        help_text=password_validators_help_text_html,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """The password is judged beside name and address, which it may not resemble."""
        typed: dict[str, Any] = super().clean() or {}
        if "password" in typed:
            person = User(email=self.email, name=typed.get("name", ""))
            try:
                get_adapter().clean_password(typed["password"], user=person)
            except forms.ValidationError as problem:
                self.add_error("password", problem)
        return typed


@states_its_own
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites to what, and the one way that is open to whoever looks."""
    invitation = invitations.find(token)
    if invitation is None or invitation.state != State.OPEN:
        return _ended(request, invitation)
    try:
        if isinstance(request.user, User):
            return _as_somebody(request, invitation, request.user)
        if known := User.objects.filter(email__iexact=invitation.email).first():
            return _show(request, invitation, "sign_in" if known.is_active else "closed")
        return _as_new(request, invitation)
    except invitations.NotOpen:
        return _ended(request, invitations.find(token))
    except AddressTaken:
        return _show(request, invitation, "sign_in")


def open_account(*, invitation: Invitation, name: str, password: str) -> User:
    """An account for the invited address, proven by the link, and its membership: both or neither.

    Raises `AddressTaken`, `invitations.NotOpen`.
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user(invitation.email, password, name=name)
            EmailAddress.objects.create(user=user, email=invitation.email, verified=True, primary=True)
            invitations.accept(invitation=invitation, by=user)
    except IntegrityError as problem:
        raise AddressTaken from problem
    return user


def _as_somebody(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    if user.email.lower() != invitation.email:
        return _show(request, invitation, "another", status=403 if request.method == "POST" else 200)
    if request.method == "POST":
        invitations.accept(invitation=invitation, by=user)
        return _arrive(request, invitation, redirect(settings.LOGIN_REDIRECT_URL))
    return _show(request, invitation, "member" if invitations.is_member(invitation, user) else "join")


def _as_new(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = NewAccountForm(request.POST or None, email=invitation.email)
    if form.is_valid():
        user = open_account(
            invitation=invitation, name=form.cleaned_data["name"], password=form.cleaned_data["password"]
        )
        answer = perform_login(request, user, redirect_url=settings.LOGIN_REDIRECT_URL)
        return _arrive(request, invitation, answer)
    return _show(request, invitation, "new", form=form, status=422 if form.errors else 200)


def _arrive(request: HttpRequest, invitation: Invitation, answer: HttpResponse) -> HttpResponse:
    access.choose(request, invitation.subscriber_id)
    messages.success(request, _("%(name)s ekibindesiniz.") % {"name": invitation.subscriber.name})
    return answer


def _ended(request: HttpRequest, invitation: Invitation | None) -> HttpResponse:
    """What has become of a link that opens nothing: no word about whose it was."""
    context = {"state": invitation.state if invitation else "unknown", "days": invitations.LIFETIME.days}
    return render(request, "invitation/ended.html", context, status=410 if invitation else 404)


def _show(request: HttpRequest, invitation: Invitation, way: str, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "invitation": invitation,
        "subscriber": invitation.subscriber.name,
        "inviter": invitation.invited_by.name if invitation.invited_by else "",
        "way": way,
        **more,
    }
    return render(request, "invitation/open.html", context, status=status)
