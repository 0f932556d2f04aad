"""How people come in and go: allauth's sign-up, which makes a subscriber with its line, its log-in and its log-out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm, SignupForm
from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from allauth.account.views import LoginView, LogoutView, SignupView
from django import forms
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from integrations import phones
from portal import letters
from subscribers import closing, reach, registration
from subscribers.models import Membership, Subscriber, User
from subscribers.reach import Purpose

log = structlog.get_logger(__name__)


# Where somebody wants in by an address; that its account is closed is said in the mail alone.
_OF_UNKNOWN = ("account/email/unknown_account", "account/email/account_already_exists")


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's own, whose mails link to this site, whatever host the request named, in the words of our pages."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-posta ya da şifre yanlış."),
        "incorrect_password": _("Şifre yanlış."),
        "enter_current_password": _("Şimdiki şifreniz yanlış."),
        "incorrect_code": _("Kod yanlış; postanıza gelen son kodu yazın."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        about = {**context, "email": email}
        if template_prefix in _OF_UNKNOWN and (
            closed := User.objects.filter(email__iexact=email, is_active=False).first()
        ):
            template_prefix, about["until"] = "account/email/closed", closing.kept_until(closed)
        super().send_mail(template_prefix, email, {name: _at_site(value) for name, value in about.items()})

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Where the change was begun; an empty form once more would look as if nothing had happened."""
        return reverse("security")

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMessage:
        mail: EmailMessage = super().render_mail(*args, **kwargs)
        mail.reply_to = letters.reply_to()
        return mail

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """Once what it tells of is committed. Where no mail leaves, what was done stays done and the log says so."""
        tell = partial(super().send_notification_mail, template_prefix, user, *args, **kwargs)
        transaction.on_commit(partial(_try_to_tell, tell, template_prefix, user))


def _try_to_tell(tell: Callable[[], None], about: str, user: User) -> None:
    try:
        tell()
    except OSError as problem:  # smtplib's are such, too
        log.warning("notification_not_sent", about=about, user=str(user.pk), error=type(problem).__name__)


def _at_site(value: Any) -> Any:
    """An address of whatever host as the same one of `SITE_URL`; anything else as it is."""
    if not isinstance(value, str) or not value.startswith(("http://", "https://")):
        return value
    parts = urlsplit(value)
    return f"{settings.SITE_URL}{parts.path}{'?' if parts.query else ''}{parts.query}"


class ShopForm(forms.Form):
    """A shop: its name and its line at the operator."""

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

    def clean_line(self) -> str:
        """The line as ten digits; a mobile is the merchant's own phone, mistaken for it."""
        typed = self.cleaned_data["line"]
        if phones.mobile(typed):
            said = _("Bu bir cep telefonu. Netgsm’in size verdiği, 850 ya da alan koduyla başlayan numarayı yazın.")
            raise forms.ValidationError(said, code="mobile")
        try:
            return phones.line(typed)
        except ValueError as problem:
            raise forms.ValidationError(
                _("Abone numarası 10 haneli olmalı, örneğin 850 123 45 67."), code="line"
            ) from problem


class NewSubscriber(SignupForm, ShopForm):  # type: ignore[misc]
    """The sign-up of a shop: name and line beside the owner's address and password."""

    field_order = ("name", "line", "email", "password1")

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        """The user, and the subscriber it owns from now on: both or neither."""
        user: User = super().save(request)
        with reach.across(Purpose.SIGN_UP):
            registration.open_subscriber(
                name=self.cleaned_data["name"], line=self.cleaned_data["line"], by=user, action="subscriber_signed_up"
            )
        return user


_TYPED, _UNPROVEN = "sign_up_typed", "sign_up_unproven"


class SignUp(SignupView):  # type: ignore[misc]
    """allauth's sign-up, begun anew by whoever mistyped the address: the shop need not be typed again.

    allauth could change the address on the page that waits for the code, but offers that only where the address had
    no account before, which would tell.
    """

    def get_initial(self) -> dict[str, str]:
        """The shop as typed in this session before."""
        return {**super().get_initial(), **self.request.session.get(_TYPED, {})}

    def form_valid(self, form: NewSubscriber) -> HttpResponse:
        """Takes back what this session left unproven, now that there is a whole form in its place, and remembers the
        shop, and whose address is yet to be proven.
        """
        session = self.request.session
        if left := session.pop(_UNPROVEN, None):
            take_back(left)
            session.pop(EMAIL_VERIFICATION_CODE_SESSION_KEY, None)
            form = self.get_form()  # the same address is free again
            form.full_clean()
        answer: HttpResponse = super().form_valid(form)
        session[_TYPED] = {name: form.cleaned_data[name] for name in ("name", "line")}
        session[_UNPROVEN] = str(self.user.pk) if self.user else None
        return answer


@transaction.atomic
def take_back(user_id: str) -> None:
    """Forgets a person whose address was never proven, with the subscriber that came with the sign-up."""
    unproven = User.objects.select_for_update().filter(pk=user_id, last_login=None)
    user = unproven.exclude(emailaddress__verified=True).first()
    if user is None:
        return
    with reach.across(Purpose.SIGN_UP):
        own = Membership.objects.filter(user=user).values("subscriber_id")
        Subscriber.objects.filter(pk__in=own, line_proven_at=None).delete()
        user.delete()


class HasShop(Exception):
    """Whoever would open a shop is in the team of one."""


def has_shop(person: User) -> bool:
    """Whether the person is in a team."""
    with reach.across(Purpose.SIGN_UP):
        return Membership.objects.filter(user=person).exists()


@transaction.atomic
def open_shop(*, name: str, line: str, by: User) -> Subscriber:
    """A shop of somebody who is in no team (any more). Raises `HasShop`."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # the same form may come twice at once
    if has_shop(by):
        raise HasShop
    with reach.across(Purpose.SIGN_UP):
        return registration.open_subscriber(name=name, line=line, by=by, action="subscriber_opened")


class Credentials(LoginForm):  # type: ignore[misc]
    """The log-in's fields. The page itself leads to a new password, so the field need not do it once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class SignIn(LoginView):  # type: ignore[misc]
    """allauth's log-in; too many failed ones are told by the status too (429)."""

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        """The form with its errors."""
        answer: HttpResponse = super().form_invalid(form)
        if form.has_error("__all__", code="too_many_login_attempts"):
            answer.status_code = 429
        return answer


class SignOut(LogoutView):  # type: ignore[misc]
    """allauth's log-out, which ends a sign-up that waits for its code too: what is left of one would tell whether the
    address had an account."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ends both."""
        self.request.session.pop(EMAIL_VERIFICATION_CODE_SESSION_KEY, None)
        answer: HttpResponse = super().post(*args, **kwargs)
        return answer


sign_in = SignIn.as_view()
sign_out = SignOut.as_view()
sign_up = SignUp.as_view()
