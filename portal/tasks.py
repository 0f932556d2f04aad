"""The site's own scheduled tasks."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command


@shared_task(name="portal.forget_sessions", ignore_result=True)
def forget_sessions(**_: object) -> None:
    """Deletes the sessions that have run out."""
    call_command("clearsessions")
