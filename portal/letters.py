"""Mails that the portal writes itself, in the language of whoever causes them."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from portal.dashboard.notices import Asked
from portal.models import Letter
from subscribers.models import Invitation


def invitation(made: Invitation, token: str) -> None:
    """The link of an invitation to its address. Raises `OSError` (of which smtplib's are) where no mail leaves."""
    context = {
        "invitation": made,
        "subscriber": made.subscriber.name,
        "inviter": (made.invited_by.name or made.invited_by.email) if made.invited_by else "",
        "link": settings.SITE_URL + reverse("invitation", args=[token]),
    }
    subject = " ".join(render_to_string("invitation/email/subject.txt", context).split())
    send_mail(subject, render_to_string("invitation/email/message.txt", context), None, [made.email])


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
    subject = " ".join(render_to_string("alert/email/subject.txt", context).split())
    send_mail(subject, render_to_string("alert/email/message.txt", context), None, [letter.user.email])


def _at_company(letter: Letter, path: str) -> str:
    """The page of the company that the mail is about, whichever of theirs its reader works for now."""
    there = reverse("arrive", args=[letter.subscriber_id])
    return f"{settings.SITE_URL}{there}?{urlencode({'to': path}, safe='/')}"


def account_deleted(email: str, closed: Sequence[str], *, days: int) -> None:
    """That an account is gone, and which companies with it, after `days`. Raises `OSError` where no mail leaves."""
    context = {"closed": closed, "days": days}
    subject = " ".join(render_to_string("account/email/deleted_subject.txt", context).split())
    send_mail(subject, render_to_string("account/email/deleted_message.txt", context), None, [email])


def second_step_removed(email: str, *, language: str) -> None:
    """That an account opens by its password alone again. Raises `OSError` where no mail leaves."""
    with translation.override(language or settings.LANGUAGE_CODE):
        subject = " ".join(render_to_string("mfa/email/removed_subject.txt").split())
        text = render_to_string("mfa/email/removed_message.txt")
    send_mail(subject, text, None, [email])
