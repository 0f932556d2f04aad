"""Mails that the portal writes itself, in the language of whoever causes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from portal import contact
from portal.dashboard.notices import Asked
from portal.models import Letter
from subscribers.models import Invitation


def reply_to() -> list[str]:
    """Where answers to our mails go: to people, where the installation names them."""
    return [contact.email()] if contact.email() else []


def send_mail(template: str, context: dict[str, Any], to: str) -> None:
    """The mail of the pair of templates `template` names. Raises `OSError` (of which smtplib's are) where none leaves."""
    subject = " ".join(render_to_string(template.format("subject"), context).split())
    EmailMessage(subject, render_to_string(template.format("message"), context), None, [to], reply_to=reply_to()).send()


def invitation(made: Invitation, token: str) -> None:
    """The link of an invitation to its address. Raises `OSError` (of which smtplib's are) where no mail leaves."""
    context = {
        "invitation": made,
        "subscriber": made.subscriber.name,
        "inviter": (made.invited_by.name or made.invited_by.email) if made.invited_by else "",
        "link": settings.SITE_URL + reverse("invitation", args=[token]),
    }
    send_mail("invitation/email/{}.txt", context, made.email)


def alert(letter: Letter, asked: Asked) -> None:
    """What needs the merchant, where it is mended and where the mails are turned off, in the language in force.

    Raises `OSError` where no mail leaves.
    """
    context = {
        "subscriber": letter.subscriber.name,
        "title": asked.title,
        "remedy": asked.remedy,
        "action": asked.action,
        "link": _at_company(letter, asked.address) if asked.address else "",
        "switch": _at_company(letter, reverse("alerts")),
    }
    send_mail("alert/email/{}.txt", context, letter.user.email)


def _at_company(letter: Letter, path: str) -> str:
    """The page of the company that the mail is about, whichever of theirs its reader works for now."""
    there = reverse("arrive", args=[letter.subscriber_id])
    return f"{settings.SITE_URL}{there}?{urlencode({'to': path}, safe='/')}"


def account_deleted(email: str, closed: Sequence[str], *, until: datetime | None) -> None:
    """That an account is gone, and which companies with it after `until`. Raises `OSError` where no mail leaves."""
    send_mail("account/email/deleted_{}.txt", {"closed": closed, "until": until}, email)


def second_step_removed(email: str, *, language: str) -> None:
    """That an account opens by its password alone again. Raises `OSError` where no mail leaves."""
    with translation.override(language or settings.LANGUAGE_CODE):
        send_mail("mfa/email/removed_{}.txt", {}, email)
