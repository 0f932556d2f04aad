"""The site's own scheduled tasks."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.contrib.sessions.models import Session
from django.core.management import call_command

from portal import alerts, closing, kept_answers


@shared_task(name="portal.forget_sessions", ignore_result=True)
def forget_sessions(**_: object) -> None:
    """Deletes the sessions that have run out, and what a person is shown of them."""
    call_command("clearsessions")
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


@shared_task(name="portal.tell_by_mail", ignore_result=True)
def tell_by_mail(**_: object) -> None:
    """Queues mails about notices that stand open, to those who want to be told."""
    alerts.look()


@shared_task(name="portal.delete_closed", ignore_result=True)
def delete_closed(**_: object) -> None:
    """Deletes the rows of subscribers that were closed thirty days ago."""
    closing.sweep()


@shared_task(name="portal.forget_answers", ignore_result=True)
def forget_answers(**_: object) -> None:
    """Deletes the answers of the API that were kept for a day."""
    kept_answers.forget()
