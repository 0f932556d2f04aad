"""How people get an account: allauth's rules for this site."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up is closed until it makes a subscriber with its line; accounts come from `manage.py provision`."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always false for now."""
        return False
