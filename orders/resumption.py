"""A suspended subscriber goes on: its work, and the time its buyers have to answer."""

from __future__ import annotations

from django.db import transaction

from orders import expiry
from subscribers.models import Subscriber, User
from work import resumption


def resume(subscriber: Subscriber, *, by: User, reason: str) -> None:
    """Ends the suspension; no question has lost time by it. Raises `suspension.AlreadySo`."""
    with transaction.atomic():
        expiry.put_off(subscriber, by=resumption.resume(subscriber, by=by, reason=reason))
