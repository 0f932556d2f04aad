"""`manage.py handbook`: builds what is served at `/yardim/`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.handbook import building


class Command(BaseCommand):
    help = "Builds the handbook where it changed; --check builds it to look for broken links and changes nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="build into a folder that is thrown away")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Prints what was done; non-zero where a page, a link or a picture is broken."""
        try:
            if options["check"]:
                with tempfile.TemporaryDirectory(prefix="onay-handbook-") as folder:
                    building.build(Path(folder) / "site")
                    self.stdout.write("handbook whole")
                return
            is_new = building.build(Path(settings.HANDBOOK_ROOT))
        except building.Broken as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"handbook {'built' if is_new else 'unchanged'}: {settings.HANDBOOK_ROOT}")
