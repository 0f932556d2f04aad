"""Whom a merchant asks for help: the installation's support by mail, where it names an address (`SUPPORT_EMAIL`)."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _


def email() -> str:
    """The support's address; empty where the installation names none."""
    return str(settings.SUPPORT_EMAIL)


def ask() -> str:
    """What to do where only people help, to end a sentence with: no address is named that does not exist."""
    if email():
        return _("%(email)s adresine yazın") % {"email": email()}
    return _("Onay’ı size sağlayana başvurun")
