"""A password that is refused is called what the pages call it."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

from subscribers.models import User

PERSON = User(email="zeynep.karaman@example.com", name="Zeynep Karamanoğlu")


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("kısa", "Şifre çok kısa; en az 10 karakter olmalı."),
        ("qwertyuiop", "Bu şifre çok kullanılıyor, kolay bulunur; başka bir şifre seçin."),
        ("zeynep.karaman", "Şifre adınıza ya da e-postanıza çok benziyor."),
        ("karamanoğlu", "Şifre adınıza ya da e-postanıza çok benziyor."),
    ],
)
def test_says_why_a_password_is_refused(password: str, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, PERSON)
    assert refused.value.messages == [words]


def test_speaks_of_a_sifre_and_never_of_a_parola() -> None:
    assert "parola" not in " ".join(password_validators_help_texts()).casefold()


def test_says_it_in_english() -> None:
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        validate_password("short", PERSON)
    assert refused.value.messages == ["The password is too short; it needs at least 10 characters."]
