"""`manage.py rotate_keys`: re-encrypts every secret under the first of `FIELD_ENCRYPTION_KEYS`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from portal import keys


class Command(BaseCommand):
    help = "Re-encrypts every secret under the first of FIELD_ENCRYPTION_KEYS. May be stopped and run again."

    def handle(self, **_options: Any) -> None:
        """Prints a line a table, and how many values no key opens."""
        unreadable = 0
        for model, result in keys.rotate_all():
            unreadable += result.unreadable
            self.stdout.write(
                f"{model._meta.label}: {result.rotated} rotated, {result.current} current,"
                f" {result.unreadable} unreadable"
            )
        if unreadable:
            self.stderr.write("Some secrets open with none of the keys: add the key they were made with, run again.")
            raise SystemExit(1)
