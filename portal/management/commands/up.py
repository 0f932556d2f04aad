"""`manage.py up`: the whole portal as one process tree."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import preparation, tree


class Command(BaseCommand):
    help = "Runs web, workers and scheduler as one process tree, with PostgreSQL and Valkey where no address is given."
    requires_system_checks: list[str] = []  # `migrate` runs them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="the web server's port (default 8000)")
        parser.add_argument("--host", default=tree.HOST, help="the address it binds (default: this machine alone)")
        parser.add_argument("--workers", type=int, default=1, help="worker processes, 16 threads each (default 1)")

    def handle(self, *_args: Any, **options: Any) -> None:
        port, host = options["port"], options["host"]
        if options["workers"] < 1:
            raise CommandError("--workers should be at least 1.")
        try:
            tree.refuse_taken_port(port, host)
        except tree.PortTaken as problem:
            raise CommandError(str(problem)) from problem
        began = time.monotonic()
        preparation.prepare(self.say)
        children = tree.roles(var=settings.VAR, port=port, host=host, workers=options["workers"])
        tree.run(children, tell=self.say, on_ready=lambda _: self._greet(port, time.monotonic() - began))

    def say(self, line: str) -> None:
        """One line of progress, at once."""
        self.stdout.write(line)
        self.stdout.flush()

    def _greet(self, port: int, seconds: float) -> None:
        self.say(f"web on http://localhost:{port}  {seconds:.1f} s")
        self.say("ready")
