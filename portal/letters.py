"""Mails that the portal writes itself, in the language of whoever causes them."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

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
