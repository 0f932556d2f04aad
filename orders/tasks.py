"""The schedule's tasks: thin."""

from __future__ import annotations

from celery import shared_task

from orders import expiry


@shared_task(name="orders.expire", ignore_result=True)
def expire(**_: object) -> None:
    """Ends the questions that nobody answered in time."""
    expiry.expire()
