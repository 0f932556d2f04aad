"""Secrets at rest: encrypted under rotating keys and bound to their row.

A `SealedField` holds ciphertext, also in memory: whatever renders or logs the attribute shows ciphertext. Only
`row.reveal("client_secret")` opens it. Fernet has no associated data, so the row's own name (table, column,
subscriber, key) stands inside the plaintext and is compared on opening: a ciphertext copied to another row is refused.
The first of `FIELD_ENCRYPTION_KEYS` encrypts, all decrypt; `manage.py rotate_keys` re-encrypts under the first.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets as randomness
import uuid
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

# Django's fields are generic for the type checker alone.
if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField

_SEPARATOR = "\x1f"


class SecretUnreadable(Exception):
    """No key opens this ciphertext, or it was sealed for another row. The message names the field, never the value."""


class SealedField(_Text):
    """A column of ciphertext; empty means that there is no secret."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"blank": True, "default": "", "editable": False, **kwargs})


class Sealed(models.Model):
    """A row that can hold sealed fields. Its primary key exists before it is saved."""

    class Meta:
        abstract = True

    @property
    def sealing_subscriber(self) -> uuid.UUID:
        """The subscriber the secrets of this row are bound to."""
        raise TypeError(f"{type(self).__name__} names no subscriber to seal for")

    def seal(self, field: str, secret: str) -> None:
        """Puts `secret` into the sealed `field` of this row; the row still wants saving."""
        setattr(self, field, sealed_for(self._binding(field), secret) if secret else "")

    def reveal(self, field: str) -> str:
        """The secret in the sealed `field`, empty where there is none. Raises `SecretUnreadable`."""
        ciphertext = getattr(self, field)
        if not ciphertext:
            return ""
        return opened_for(self._binding(field), ciphertext, name=f"{self._meta.label}.{field}")

    def opens(self, field: str) -> bool:
        """Whether `reveal` can tell what is in the sealed `field`; empty counts as told."""
        try:
            self.reveal(field)
        except SecretUnreadable:
            return False
        return True

    def _binding(self, field: str) -> str:
        return f"{self._meta.db_table}|{field}|{self.sealing_subscriber}|{self.pk}"


def sealed_for(binding: str, secret: str) -> str:
    """The secret as ciphertext that opens for the same binding alone."""
    return _fernet().encrypt(f"{binding}{_SEPARATOR}{secret}".encode()).decode()


def opened_for(binding: str, ciphertext: str, *, name: str) -> str:
    """The secret behind a ciphertext. `name` stands for it in failures. Raises `SecretUnreadable`."""
    try:
        text = _fernet().decrypt(ciphertext.encode()).decode()
    except (InvalidToken, UnicodeDecodeError) as error:
        raise SecretUnreadable(f"{name} opens with none of the keys") from error
    found, _, secret = text.partition(_SEPARATOR)
    if not hmac.compare_digest(found.encode(), binding.encode()):
        raise SecretUnreadable(f"{name} was sealed for another row")
    return secret


def sealed_fields(model: type[models.Model]) -> list[str]:
    """The names of the model's sealed fields."""
    return [field.name for field in model._meta.get_fields() if isinstance(field, SealedField)]


def under_first_key(ciphertext: str) -> bool:
    """Whether the key that encrypts now made this ciphertext."""
    try:
        Fernet(settings.FIELD_ENCRYPTION_KEYS[0]).decrypt(ciphertext.encode())
    except InvalidToken:
        return False
    return True


def rotated(ciphertext: str) -> str:
    """The same secret under the first key, its time stamp kept. Raises `SecretUnreadable`."""
    try:
        return _fernet().rotate(ciphertext.encode()).decode()
    except InvalidToken as error:
        raise SecretUnreadable("a sealed value opens with none of the keys") from error


def new_token() -> str:
    """An unguessable word for an address: 256 bits."""
    return randomness.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What an address token is found by: its SHA-256 in hex. The token is random, so no salt is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def keyed_hash(text: str) -> str:
    """A digest that tells whether a secret changed and tells nobody else anything: HMAC-SHA-256 in hex."""
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS])


def new_code() -> str:
    """A random word that stands for a row in addresses: 10 characters, 50 bits, no letters that look alike."""
    return "".join(randomness.choice("23456789abcdefghjkmnpqrstuvwxyz") for _ in range(10))
