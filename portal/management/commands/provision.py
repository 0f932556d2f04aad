"""`manage.py provision FILE.json`: onboards a subscriber without a browser and prints where the outside should call."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal import provision_file, provisioning
from portal.provision_values import FileInvalid
from subscribers import reach
from subscribers.reach import Purpose
from subscribers.secrets import SecretUnreadable


class Command(BaseCommand):
    help = "Makes a subscriber, its owner, SMS account, stores and events as FILE.json says; may be run again."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the provisioning file (README, Provisioning)")

    def handle(self, *, file: Path, **_options: Any) -> None:
        """Prints JSON on standard output; a file that cannot be used stops with one line that names the field."""
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
        except OSError as problem:
            raise CommandError(f"{file}: {problem.strerror}.") from problem
        except ValueError as problem:
            raise CommandError(f"{file} is not JSON: {problem}.") from problem
        try:
            with reach.across(Purpose.PROVISION):
                result = provisioning.provision(provision_file.read(document))
        except (FileInvalid, SecretUnreadable) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=1))
