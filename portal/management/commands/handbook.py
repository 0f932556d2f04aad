"""`manage.py handbook`: builds what is served at `/yardim/`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.handbook import building


class Command(BaseCommand):
    help = "Builds the handbook where it changed; says what is wrong where a page, a link or a picture is broken."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Prints what was done; non-zero where it is broken, and the former one stays."""
        try:
            is_new = building.build(Path(settings.HANDBOOK_ROOT))
        except building.Broken as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"handbook {'built' if is_new else 'unchanged'}: {settings.HANDBOOK_ROOT}")
