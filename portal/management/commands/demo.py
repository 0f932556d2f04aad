"""`manage.py demo`: the portal beside the sandbox, with a merchant onboarded; `--once` plays the main job and ends."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import preparation, tree
from portal.demo import cast
from portal.demo.control import Sandbox, SandboxError
from portal.demo.play import BREAKS, Play, StepMissing
from portal.supervision import Child, Supervisor, own_environ

SETTLE_SECONDS = 1  # nobody who looks on waits the minute that a slip is given to be put right


class Command(BaseCommand):
    help = "Runs the portal beside the sandbox, onboards a demo merchant and stays up; --once plays the main job."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="play the main job, print its transcript and end")
        parser.add_argument("--port", type=int, default=8000, help="the portal's port (default 8000)")
        parser.add_argument(
            "--sandbox-port", type=int, default=8900, help="the sandbox's port; its stores have the next two"
        )
        parser.add_argument("--break", dest="broken", choices=sorted(BREAKS), help="spoil a step on purpose")
        parser.add_argument("--step-seconds", type=float, default=15.0, help="how long each step may take")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Exits 0 where every step was seen, 1 with the missing step named."""
        self.began = time.monotonic()
        self.options = options
        self.failure = "the demo broke; the lines above say where" if options["once"] else ""
        self.site_url = f"http://localhost:{options['port']}"
        self.sandbox = Sandbox(f"http://localhost:{options['sandbox_port']}")
        ports = (options["port"], *(options["sandbox_port"] + n for n in range(3)))
        try:
            for port in ports:
                tree.refuse_taken_port(port)
        except tree.PortTaken as problem:
            raise CommandError(str(problem)) from problem
        preparation.prepare(self.say)
        environ = self._environ(ports)
        children = [
            *tree.roles(var=settings.VAR, port=options["port"], environ=environ),
            Child(name="sandbox", argv=self._sandbox(ports), environ=environ, ready=self.sandbox.is_up),
        ]
        tree.run(children, tell=self.say, on_ready=lambda supervisor: self._begin(supervisor, environ))
        if self.failure:
            self.say(f"MISSING: {self.failure}")
            raise SystemExit(1)

    def say(self, line: str) -> None:
        """One line of progress, at once."""
        self.stdout.write(line)
        self.stdout.flush()

    def _begin(self, supervisor: Supervisor, environ: dict[str, str]) -> None:
        threading.Thread(target=self._onboard, args=(supervisor, environ), daemon=True).start()

    def _onboard(self, supervisor: Supervisor, environ: dict[str, str]) -> None:
        """Runs beside the supervisor; a failure ends the demo and is its exit."""
        try:
            result = cast.onboard(self.sandbox, environ=environ, site_url=self.site_url)
            self._greet(result)
            for fault in BREAKS.get(self.options["broken"], ()):
                self.sandbox.call("POST", "faults", **fault)
            if self.options["once"]:
                Play(sandbox=self.sandbox, tell=self.say, seconds=self.options["step_seconds"]).run()
                self.failure = ""
                self.say(f"every step seen, {time.monotonic() - self.began:.1f} s after the start")
        except StepMissing as missing:
            self.failure = str(missing)
        except (SandboxError, cast.OnboardingFailed) as problem:
            self.failure = f"onboarding: {problem}"
        finally:
            if self.options["once"] or self.failure:
                supervisor.stop()

    def _greet(self, result: dict[str, Any]) -> None:
        (store,) = result["stores"]
        self.say(f"portal    {self.site_url}  (sign in as {cast.OWNER} / {cast.OWNER_PASSWORD})")
        self.say(f"shop      {store}/")
        self.say(f"panel     {store}/panel  (yonetici / yonetici)")
        self.say(f"phone     {self.sandbox.url}/phone")
        self.say(f"operator  {self.sandbox.url}/webportal")
        self.say(f"handbook  {self.site_url}/yardim/")
        self.say(
            f"hurried   order news leave {SETTLE_SECONDS} s after the status changed; an installation waits a minute"
        )
        if not self.options["once"]:
            self.say("place a COD order, answer from the phone, watch the portal; Ctrl-C ends it all")
            new = cast.open_second(self.sandbox)
            self.say(
                f"or set up a shop yourself: sign up at {self.site_url}/accounts/signup/ with the line {cast.NEW_LINE};"
            )
            self.say(f"  store {new}, its panel {new}/panel (yonetici / yonetici); SMS password {cast.SMS_PASSWORD}")
            self.say("  mails are printed here, the code to confirm your address among them")

    def _environ(self, ports: tuple[int, ...]) -> dict[str, str]:
        """The children's environment: quick polls, the guard open for the sandbox's own ports alone, and pages as a
        merchant gets them, with our own words where one is not there or fails.
        """
        allowed = ",".join(f"{address}:{port}" for port in ports[1:] for address in ("127.0.0.1/32", "::1/128"))
        return own_environ(
            DEBUG="false",
            SECRET_KEY=settings.SECRET_KEY,
            FIELD_ENCRYPTION_KEYS=",".join(settings.FIELD_ENCRYPTION_KEYS),
            SITE_URL=self.site_url,
            NETGSM_API_URL=self.sandbox.url,
            OUTBOUND_ALLOW=allowed,
            STORE_POLL_SECONDS="5",
            INBOX_POLL_SECONDS="5",
            REPORT_POLL_SECONDS="2",
            NEWS_SETTLE_SECONDS=str(SETTLE_SECONDS),
            SWEEP_SECONDS="1",
            LOG_FORMAT="console",
        )

    def _sandbox(self, ports: tuple[int, ...]) -> list[str]:
        command = [sys.executable, "-m", "sandbox", "--port", str(ports[1]), "--parent-death"]
        # The sandbox forgets its orders when it ends; a real store never gives an id twice.
        stores = f"{cast.STORE}:{ports[2]},{cast.NEW_STORE}:{ports[3]}"
        return [*command, "--stores", stores, "--first-order", str(int(time.time()))]
