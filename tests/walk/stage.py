"""Where it is walked: the portal's real processes beside a sandbox whose store is on its first day."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext

from integrations.ideasoft.models import Store
from messaging.models import IncomingMessage, QuestionMode
from orders.models import Approval, Order
from portal import embedded, processes, tree
from subscribers import reach
from subscribers.models import User
from subscribers.reach import Purpose
from subscribers.registration import open_subscriber
from tests import catalogues, sandboxes
from tests.faults.stage import LOOPBACK, database_url
from tests.sandboxes import Sandbox, wait_until
from tests.screens.stage import collect
from tests.waiting import free_port
from tests.walk.hand import PATIENCE
from tests.walk.way import Shop

LINES = {QuestionMode.PORTAL: "8507654321", QuestionMode.STORE: "8507654322"}
BUYERS = {QuestionMode.PORTAL: "5321112233", QuestionMode.STORE: "5321112244"}
SMS_PASSWORD, HEADER = "sms-parola", "KUZEY"
QUICK = dict.fromkeys(("SWEEP_SECONDS", "STORE_POLL_SECONDS", "INBOX_POLL_SECONDS", "REPORT_POLL_SECONDS"), "1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """`site`: the portal's address."""

    site: str
    sandbox: Sandbox


@contextmanager
def built() -> Iterator[Stage]:
    """Web and a worker. Call it from the main thread, with the database migrated and empty."""
    site = f"http://localhost:{(port := free_port())}"
    with ExitStack() as stack:
        temporary = tempfile.TemporaryDirectory(prefix="onay-walk-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(temporary))
        folder.chmod(0o711)
        catalogues.compile_all()
        sandbox = stack.enter_context(sandboxes.running())
        environ = _environ(folder, site, sandbox)
        stack.enter_context(embedded.provide(folder, environ, unsafe_fast=True, alone=True))
        collect(environ)
        (web, worker, _scheduler) = tree.roles(var=folder, port=port, environ=environ)
        for child in (web, worker):
            log = stack.enter_context((folder / f"{child.name}.log").open("ab"))
            process = processes.spawn(
                child.argv, environ=child.environ, output=log, dies_by=signal.SIGKILL, cwd=settings.ROOT
            )
            stack.callback(processes.bury, process)
        wait_until(lambda: tree.is_ready(port, site), seconds=60, what="web")
        yield Stage(site=site, sandbox=sandbox)


def _environ(folder: Path, site: str, sandbox: Sandbox) -> dict[str, str]:
    outside = {"NETGSM_API_URL": sandbox.url, "OUTBOUND_ALLOW": ",".join(LOOPBACK)}
    own = {"DATABASE_URL": database_url(), "SITE_URL": site, "VAR_DIR": str(folder), "LOG_FORMAT": "console"}
    named = {"DJANGO_SETTINGS_MODULE": "portal.settings", "PYTHONUNBUFFERED": "1", "DEBUG": "false"}
    kept = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
    return {**kept, **QUICK, **outside, **own, **named}


def open_shop(sandbox: Sandbox, mode: QuestionMode) -> tuple[Shop, User]:
    """A merchant who has signed up and done nothing yet, with a store, and a line whose API user has a password."""
    name, line = f"kuzey-{mode}", LINES[mode]
    user = User.objects.create_user(f"{name}@example.com")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    open_subscriber(name="Kuzey Ayakkabı", line=line, by=user, action="signed_up")
    store = sandbox.control("POST", "stores", name=name, title="Kuzey", fresh=True)
    account = {"usercode": line, "password": SMS_PASSWORD, "line": line, "headers": [HEADER]}
    sandbox.control("POST", "netgsm/accounts", **account, delivery={"status": 1, "after_seconds": 0})
    return Shop(name=name, store_url=store["url"], line=line, sms_password=SMS_PASSWORD, buyer=BUYERS[mode]), user


def where_it_stands() -> str:
    """What the portal knows of orders and answers, for whoever reads that a walk did not reach its end."""
    order = ["reference", "store_status", "confirmations__state", "not_asked"]
    answer = ["state", "outcome", "reason", "attempts", "last_failure", "due_at", "came_by", "received_at"]
    decision = ["state", "attempts", "last_failure", "due_at", "work_since"]
    with reach.across(Purpose.SUPPORT):
        orders = list(Order.objects.values_list(*order))
        answers = list(IncomingMessage.objects.values_list(*answer))
        decisions = list(Approval.objects.values_list(*decision))
        stores = list(Store.objects.values_list("connection", "paused_until", "refused_at", "pause_reason"))
    return f"at {timezone.now()}: orders {orders}, answers {answers}, approvals {decisions}, stores {stores}"


@contextmanager
def signed_in(browser: Browser, site: str, user: User) -> Iterator[BrowserContext]:
    """The merchant's browser, signed in to the portal and nowhere else."""
    session = Client()
    session.force_login(user)
    cookies: Mapping[str, str] = {name: morsel.value for name, morsel in session.cookies.items()}
    with browser.new_context(locale="tr-TR", timezone_id="Europe/Istanbul", reduced_motion="reduce") as context:
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
        yield context
