"""The second step of signing in: codes of an app, recovery codes, passkeys. allauth's pages in our look and words.

Secrets are sealed under the keys of `subscribers/secrets.py`; `portal/keys.py` renews them. Staff comes nowhere without
a second step (`portal/support/site.py`).
"""

from __future__ import annotations

import base64
import secrets as randomness
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import generate_recovery_codes, view_recovery_codes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from allauth.mfa.webauthn.views import AddWebAuthnView
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from portal import letters, limits
from portal.templatetags.devices import device
from subscribers import secrets
from subscribers.models import User
from subscribers.secrets import SecretUnreadable

log = structlog.get_logger(__name__)

PURPOSE = "second_step"
CODE_LIVES = (2 * settings.MFA_TOTP_TOLERANCE + 1) * 30  # seconds; a code is taken once in them
LONGEST_NAME = 60
MAIN = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes alone are no second step


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """allauth's own, with sealed secrets, the site's name for the browser's passkeys, and our words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_generate_recovery_codes": lazy("Önce iki adımlı girişi açın; kurtarma kodları onunla gelir."),
        "incorrect_code": lazy("Kod doğru değil ya da süresi geçti. Uygulamadaki yeni kodu yazın."),
        "code_used": lazy("Bu kod az önce kullanıldı; uygulamada yenisinin çıkmasını bekleyin."),
        "unverified_email": lazy("Önce e-posta adresinizi doğrulayın."),
    }

    def encrypt(self, text: str) -> str:
        return secrets.sealed_for(PURPOSE, text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; where no key opens it, one that nobody can know, so that no code fits and nothing crashes."""
        try:
            return secrets.opened_for(PURPOSE, encrypted_text, name="a second step")
        except SecretUnreadable:
            log.error("second_step_unreadable")
            return base64.b32encode(randomness.token_bytes(20)).decode()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """What the passkey is called until its owner says otherwise: by the browser that made it."""
        agent = context.request.META.get("HTTP_USER_AGENT", "")
        return (device(agent) or _("Geçiş anahtarı"))[:LONGEST_NAME]

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site as browsers know it: one name for all, whatever host a request named."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": "Onay"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStep:
    """What a person signs in with beside the password: `app` a code's app, `passkeys`, and recovery codes left."""

    app: Authenticator | None
    passkeys: list[Authenticator]
    codes_left: int | None

    @property
    def is_on(self) -> bool:
        """Whether signing in takes a second step."""
        return self.app is not None or bool(self.passkeys)


def of(user: User) -> SecondStep:
    """The person's second step as it is now."""
    rows = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    by_type = {row.type: row for row in rows}
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
    return SecondStep(
        app=by_type.get(Authenticator.Type.TOTP),
        passkeys=[row for row in rows if row.type == Authenticator.Type.WEBAUTHN],
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
    )


def is_on(user: User) -> bool:
    """Whether the person's sign-in takes a second step."""
    return bool(Authenticator.objects.filter(user=user, type__in=MAIN).exists())


def remove(user: User, *, mail_to: str) -> None:
    """Takes app, passkeys and recovery codes off the account and tells its person by mail.

    Raises `OSError` where no mail leaves; they are off all the same.
    """
    Authenticator.objects.filter(user=user).delete()
    log.warning("second_step_removed", user=str(user.pk))
    letters.second_step_removed(mail_to, language=user.language)


_CODE_ATTRIBUTES = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "off"}


def _counted(user: User) -> None:
    """Staff does not get by while nobody counts its tries, as with the password (`portal/limits.py`).

    To be asked before the code is looked at, which uses a recovery code up. Raises `ValidationError`.
    """
    if user.is_staff and not limits.are_kept():
        raise account_adapter().validation_error("too_many_login_attempts")


def _taken_once(user: User, code: str) -> str:
    """The app's code, unless it has been used: allauth remembers that for half a minute only, and not the one that
    turned the app on. Raises `ValidationError`.
    """
    if not cache.add(_used(user, code), 1, CODE_LIVES):
        raise Adapter().validation_error("code_used")
    return code


@contextmanager
def _telling_used(user: User, code: str) -> Iterator[None]:
    """Says of a code that allauth refuses whether it was used a moment ago: it still stands in the app, and is right.

    Raises `ValidationError`.
    """
    try:
        yield
    except forms.ValidationError as problem:
        if problem.code == "incorrect_code" and cache.get(_used(user, code)):
            raise Adapter().validation_error("code_used") from problem
        raise


def _used(user: User, code: str) -> str:
    return f"second-step-used:{user.pk}:{normalize_user_code(code)}"


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """The code at the sign-in: of the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget = forms.TextInput(attrs=_CODE_ATTRIBUTES)

    @property
    def has_app(self) -> bool:
        """Whether an app shows the person codes; else a passkey is the way in, and the code one of recovery."""
        return of(self.user).app is not None

    def clean_code(self) -> str:
        _counted(self.user)
        with _telling_used(self.user, self.cleaned_data["code"]):
            code = str(super().clean_code())
        return _taken_once(self.user, code) if self.authenticator.type == Authenticator.Type.TOTP else code


class CodeAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """The same for somebody who is in, before something weighty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget = forms.TextInput(attrs=_CODE_ATTRIBUTES)

    def clean_code(self) -> str:
        _counted(self.user)
        with _telling_used(self.user, self.cleaned_data["code"]):
            code = str(super().clean_code())
        return _taken_once(self.user, code) if self.authenticator.type == Authenticator.Type.TOTP else code


class FirstCodeForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app, which shows that it holds the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget = forms.TextInput(attrs=_CODE_ATTRIBUTES)

    def clean_code(self) -> str:
        return _taken_once(self.user, str(super().clean_code()))

    @property
    def secret_in_groups(self) -> str:
        """The secret as it is typed by hand: in fours."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey: its name, and whether it shall do without the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = lazy("Adı")
        self.fields["name"].max_length = LONGEST_NAME
        self.fields["name"].widget = forms.TextInput(attrs={"autocomplete": "off", "maxlength": LONGEST_NAME})
        self.fields["passwordless"].initial = True

    def clean_name(self) -> str:
        return str(super().clean_name())[:LONGEST_NAME]


class PasskeyNameForm(EditWebAuthnForm):  # type: ignore[misc]
    """What a passkey is called."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=lazy("Adı"), max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "off"})
        )


class Activate(ActivateTOTPView):  # type: ignore[misc]
    """allauth's activation. Whoever knew only the password is out then, wherever they are signed in."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Turned on, and the other sessions ended: both or neither, whatever becomes of the mail about it."""
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            _end_others(self.request)
        return answer


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]
    """allauth's page for a new passkey; the first one ends the other sessions like an app."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Kept, and the other sessions ended where it is the first second step."""
        with transaction.atomic():
            was_on = is_on(self.request.user)
            answer: HttpResponse = super().form_valid(form)
            if not was_on:
                _end_others(self.request)
        return answer


def _end_others(request: HttpRequest) -> None:
    if UserSession.objects.filter(user=request.user).count() < 2:
        return
    end_other_sessions(request, request.user)
    messages.info(request, _("Öbür oturumlarınız kapatıldı; oralarda yeniden giriş gerekir."))


# No browser keeps a secret or a code that was on the screen.
activate = never_cache(Activate.as_view())
add_passkey = never_cache(AddPasskey.as_view())
recovery_codes = never_cache(view_recovery_codes)
new_recovery_codes = never_cache(generate_recovery_codes)
to_security = RedirectView.as_view(pattern_name="security")
