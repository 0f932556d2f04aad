"""What a password must be, in the words of our own pages: Django's rules, whose Turkish calls a *şifre* a *parola*."""

from __future__ import annotations

from django.contrib.auth import password_validation
from django.utils.translation import gettext as _


class LongEnough(password_validation.MinimumLengthValidator):
    """At least `min_length` characters."""

    def get_error_message(self) -> str:
        return _("Şifre çok kısa; en az %(least)d karakter olmalı.") % {"least": self.min_length}

    def get_help_text(self) -> str:
        return _("En az %(least)d karakter.") % {"least": self.min_length}


class NotCommon(password_validation.CommonPasswordValidator):
    """None of the twenty thousand that are tried first."""

    def get_error_message(self) -> str:
        return _("Bu şifre çok kullanılıyor, kolay bulunur; başka bir şifre seçin.")

    def get_help_text(self) -> str:
        return _("Herkesin kullandığı bir şifre olmasın.")


class NotTheirOwn(password_validation.UserAttributeSimilarityValidator):
    """Nothing like the person's name or address."""

    DEFAULT_USER_ATTRIBUTES = ("email", "name")

    def __init__(self) -> None:
        super().__init__(user_attributes=self.DEFAULT_USER_ATTRIBUTES)

    def get_error_message(self) -> str:
        return _("Şifre adınıza ya da e-postanıza çok benziyor.")

    def get_help_text(self) -> str:
        return _("Adınıza ve e-postanıza benzemesin.")
