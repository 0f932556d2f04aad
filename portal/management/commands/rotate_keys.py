"""`manage.py rotate_keys`: re-encrypts every secret under the first of `FIELD_ENCRYPTION_KEYS`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Model

from portal import keys
from subscribers import reach
from subscribers.reach import Purpose


class Command(BaseCommand):
    help = "Re-encrypts every secret under the first of FIELD_ENCRYPTION_KEYS. May be stopped and run again."

    def handle(self, **_options: Any) -> None:
        """Prints a line a table, and how many values no key opens."""
        with reach.across(Purpose.KEYS):
            unreadable = sum(map(self._told, keys.rotate_all()))
        if unreadable:
            self.stderr.write("Some secrets open with none of the keys: add the key they were made with, run again.")
            raise SystemExit(1)

    def _told(self, rotated: tuple[type[Model], keys.Rotation]) -> int:
        model, result = rotated
        words = f"{result.rotated} rotated, {result.current} current, {result.unreadable} unreadable"
        self.stdout.write(f"{model._meta.label}: {words}")
        return result.unreadable
