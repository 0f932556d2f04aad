"""The schedule's tasks: thin."""

from __future__ import annotations

from celery import shared_task

from messaging import credit_watch


@shared_task(name="messaging.watch_credit", ignore_result=True)
def watch_credit(**_: object) -> None:
    """Raises a notice for each account whose credit runs low, and ends those of accounts that were filled up."""
    credit_watch.look()
