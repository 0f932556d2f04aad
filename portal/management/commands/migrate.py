"""`manage.py migrate`: as the owner of the tables, and with every subscriber's rows within reach."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import connections

from subscribers import reach, roles
from subscribers.reach import Purpose


class Command(migrate.Command):
    """Django's own; policies are forced, so a data migration that states no reach would silently touch no row."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrates, then sees to the lesser role that the portal runs as."""
        with reach.across(Purpose.MIGRATION):
            super().handle(*args, **options)
            try:
                roles.provide(connections[options["database"]])
            except roles.RoleCannotBeMade as problem:
                raise CommandError(str(problem)) from problem
