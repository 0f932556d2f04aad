"""Mails that the portal writes itself, in the language of their reader, or of whoever causes them."""

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
from django.utils.translation import gettext as _

from portal import contact
from portal.closing import NOBODY
from portal.dashboard.notices import Asked
from portal.models import Letter
from subscribers import invitations
from subscribers.models import Invitation, Subscriber, User


def reply_to() -> list[str]:
    """Where answers to our mails go: to people, where the installation names them."""
    return [contact.email()] if contact.email() else []


def send_mail(template: str, context: dict[str, Any], to: str) -> None:
    """The mail whose two templates `template` names. Raises `OSError` (smtplib's are such, too) where none leaves."""
    subject = " ".join(render_to_string(template.format("subject"), context).split())
    EmailMessage(subject, render_to_string(template.format("message"), context), None, [to], reply_to=reply_to()).send()


def invitation(made: Invitation, token: str, *, language: str) -> None:
    """The link of an invitation to its address. Raises `OSError` (of which smtplib's are) where no mail leaves."""
    context = {
        "invitation": made,
        "subscriber": made.subscriber.name,
        "inviter": (made.invited_by.name or made.invited_by.email) if made.invited_by else "",
        "link": settings.SITE_URL + reverse("invitation", args=[token]),
        "days": invitations.LIFETIME.days,
    }
    with translation.override(language):
        send_mail("invitation/email/{}.txt", context, made.email)


def team_changed(reader: User, *, subscriber: Subscriber, who: User | None, by: User | None, change: str) -> None:
    """What an owner changed about whom, in the reader's language: a role, `removed` or `handed_over`.

    Whoever deleted the account since then, or is None, is named so. Raises `OSError` where no mail leaves.
    """
    team = reverse("arrive", args=[subscriber.pk])
    context = {
        "reader": reader,
        "who": who,
        "by": by,
        "subscriber": subscriber.name,
        "change": change,
        "link": "" if change == "removed" and reader == who else f"{settings.SITE_URL}{team}?to={reverse('team')}",
    }
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        context |= {"name": _name(who), "by_name": _name(by)}
        send_mail("team/email/{}.txt", context, reader.email)


def _name(user: User | None) -> str:
    """In the language in force; whoever deleted the account keeps neither name nor address."""
    if user is None or (user.name == NOBODY and not user.is_active):
        return _("Silinmiş hesap")
    return user.name or user.email


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
