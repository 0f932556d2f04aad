"""A secret typed into a form that cannot be saved as it stands: sealed in the session, so nobody types it again.

It is bound to the subscriber and the form's address, is never shown, and goes once the form is saved.
"""

from __future__ import annotations

from django.http import HttpRequest

from portal.onboarding.forms import SecretForm
from subscribers.models import Subscriber
from subscribers.secrets import SecretUnreadable, opened_for, sealed_for

_KEY = "held_secrets"


def has(request: HttpRequest, subscriber: Subscriber, field: str, *, at: str = "") -> bool:
    """Whether a secret of this form waits to be saved; `at`: where the form is sent, if not to this page."""
    binding = _binding(at or request.path, subscriber, field)
    return _opened(binding, request.session.get(_KEY, {}).get(binding, "")) is not None


def hold(request: HttpRequest, subscriber: Subscriber, form: SecretForm) -> None:
    """Keeps what was typed as the secret of a form that something else is wrong with."""
    secret = form.cleaned_data.get(form.sealed, "")
    if not secret:
        return
    binding = _binding(request.path, subscriber, form.sealed)
    request.session[_KEY] = {**request.session.get(_KEY, {}), binding: sealed_for(binding, secret)}
    form.show_as_kept()


def taken(request: HttpRequest, subscriber: Subscriber, form: SecretForm) -> str | None:
    """The secret of a form that is right: typed now, else held from before; None where the saved one stays."""
    binding = _binding(request.path, subscriber, form.sealed)
    held = dict(request.session.get(_KEY, {}))
    ciphertext = held.pop(binding, "")
    if ciphertext:
        request.session[_KEY] = held
    if typed := form.given_secret():
        return typed
    return _opened(binding, ciphertext)


def _opened(binding: str, ciphertext: str) -> str | None:
    try:
        return opened_for(binding, ciphertext, name="a held secret") if ciphertext else None
    except SecretUnreadable:  # keys were changed meanwhile: it must be typed again
        return None


def _binding(path: str, subscriber: Subscriber, field: str) -> str:
    return f"form|{field}|{subscriber.pk}|{path}"
