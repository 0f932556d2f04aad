"""`manage.py translations --check | --extract | --compile`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from portal import translations


class Command(BaseCommand):
    help = "Checks, extracts or compiles the translations of the Turkish texts; needs no GNU gettext."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--check", action="store_true", help="names every missing, fuzzy or unused entry")
        what.add_argument("--extract", action="store_true", help="adds new texts to the catalogue, drops unused ones")
        what.add_argument("--compile", action="store_true", help="writes the compiled catalogue beside it")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exits with 1 where `--check` finds anything."""
        root, catalogue = settings.ROOT, Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES" / "django.po"
        if options["compile"]:
            translations.compile_catalogue(catalogue)
        elif options["extract"]:
            added, dropped = translations.extract(root, catalogue)
            self.stdout.write(f"{added} added, {dropped} dropped")
        else:
            problems = translations.problems(root, catalogue)
            self.stdout.writelines(f"{line}\n" for line in problems)
            if problems:
                raise SystemExit(1)
