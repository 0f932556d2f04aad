"""The schedule's tasks: thin."""

from __future__ import annotations

from celery import shared_task

from orders import calls, expiry


@shared_task(name="orders.expire", ignore_result=True)
def expire(**_: object) -> None:
    """Ends the questions that nobody answered in time."""
    expiry.expire()


@shared_task(name="orders.forget_calls", ignore_result=True)
def forget_calls(**_: object) -> None:
    """Deletes the calls that are older than they are kept."""
    calls.forget()
