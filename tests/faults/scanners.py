"""Case 41: the merchants' API under calls made up from its own description, with own key, foreign key and none."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections

from messaging.models import IncomingMessage
from orders.models import HandAct, Order
from portal.api import rates
from subscribers import reach
from subscribers.reach import Purpose
from tests import scenes
from tests.factories import ApiKeyFactory, HandActFactory, IncomingMessageFactory, MembershipFactory, SubscriberFactory
from tests.faults.tally import Tally

PROGRAM = Path(settings.ROOT) / ".venv" / "bin" / "schemathesis"
CANARY = "qzscan5"
KEYS = {"own key": "onay_live_own", "foreign key": "onay_live_foreign", "no key": ""}
# What the schema allows and is refused all the same: a text that is no phone and no cursor of ours, days out of order,
# an Idempotency-Key that came with another call.
MAY_REFUSE = (
    "/api/v1/orders",
    "/api/v1/messages",
    "/api/v1/reports/daily",
    "/api/v1/orders/{code}/acts",
    "/api/v1/orders/{code}/notes",
    "/api/v1/acts/{id}",
)
PHASES = "examples,coverage,fuzzing,stateful"
ACCEPTED = ["2xx", "401", "403", "404", "409"]


@dataclass(kw_only=True)
class Record:
    """What was answered: how often each status, and each answer that showed a canary to whoever may not see it."""

    statuses: Counter[int] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)


class Recording:
    """The portal, with every answer looked through."""

    def __init__(self, record: Record, *, hidden: str) -> None:
        self.portal, self.record, self.hidden = get_wsgi_application(), record, hidden

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            self.record.statuses[int(status[:3])] += 1
            return start_response(status, headers, *rest)

        answer = self.portal(environ, begin)
        body = b"".join(answer)
        answer.close()
        if self.hidden and self.hidden.encode() in body:
            self.record.leaks.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} showed {self.hidden}")
        return [body]


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """The record says more."""


@contextmanager
def served(record: Record, *, hidden: str) -> Iterator[str]:
    """The portal on an address of this machine, as the role it runs as, without a limit of calls."""
    options = {**connections.settings["default"]["OPTIONS"], "assume_role": settings.RUNTIME_ROLE}
    with (
        mock.patch.dict(connections.settings["default"], OPTIONS=options, CONN_MAX_AGE=None),
        mock.patch.multiple(rates, READS=10**9, WRITES=10**9, WRONG_KEYS=10**9),
        ThreadedWSGIServer(("127.0.0.1", 0), _Quiet) as server,
    ):
        server.set_app(Recording(record, hidden=hidden))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield address
        finally:
            server.shutdown()
            thread.join()


def play() -> Order:
    """Two shops, of which the first has everything and its canary in it; gives an order of the first."""
    with reach.across(Purpose.SUPPORT):
        ours, theirs = (SubscriberFactory.create(name=f"{word} Ticaret") for word in (CANARY, "öteki"))
        for shop, key in ((ours, KEYS["own key"]), (theirs, KEYS["foreign key"])):
            ApiKeyFactory.create(subscriber=shop, made_by=MembershipFactory.create(subscriber=shop).user, key=key)
        order = scenes.busy_shop(ours)
        Order.objects.filter(subscriber=ours).update(buyer_name=CANARY, city=CANARY)
        IncomingMessageFactory.create(subscriber=ours, text=CANARY)
        HandActFactory.create(order=order, state="done", reason=CANARY)
    return order


def scan(order: Order, *, caller: str, examples: int, seed: int, phases: str = PHASES) -> Tally:
    """One scan with the key of `KEYS`, so many examples for each operation and phase; every check the scanner has."""
    tally, record = Tally(case="41", name=f"API, {caller}"), Record()
    hidden = "" if caller == "own key" else CANARY
    with served(record, hidden=hidden) as address, tempfile.TemporaryDirectory(prefix="onay-scan-") as name:
        folder = Path(name)
        (folder / "schemathesis.toml").write_text(_configured(order))
        words = [str(PROGRAM), "--config-file", str(folder / "schemathesis.toml"), "run", "--no-color"]
        words += [f"{address}/api/v1/openapi.json", "--url", address, "--checks", "all", "--continue-on-failure"]
        words += ["--max-examples", str(examples), "--seed", str(seed), "--phases", phases]
        words += ["--generation-database", "none"]
        if KEYS[caller]:
            words += ["--header", f"Authorization: Bearer {KEYS[caller]}"]
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    tally.runs, tally.succeeded = record.statuses.total(), record.statuses.total()
    tally.violations += record.leaks + _found(done.stdout, done.returncode)
    for status, count in record.statuses.items():
        tally.expect(status < 500, f"{count} answers of {status}")
    if caller == "own key":
        tally.succeeded = sum(record.statuses[status] for status in (200, 201, 202))
    tally.notes.append(", ".join(f"{status}: {count}" for status, count in sorted(record.statuses.items())))
    return tally


def _configured(order: Order) -> str:
    """Names that exist, and the addresses whose refusals of what the schema allows are no faults."""
    act = HandAct.objects.get(order=order)
    message = IncomingMessage.objects.get(subscriber=order.subscriber, text=CANARY)
    named = {"/api/v1/acts/{id}": {"path.id": str(act.pk)}, "/api/v1/messages/{id}": {"path.id": str(message.pk)}}
    named |= {f"/api/v1/orders/{{code}}{rest}": {"path.code": order.code} for rest in ("", "/notes", "/acts")}
    lines = []
    for path in sorted({*named, *MAY_REFUSE}):
        lines += ["[[operations]]", f'include-path = "{path}"']
        if path in named:
            lines.append(f"parameters = {_inline(named[path])}")
        if path in MAY_REFUSE:
            lines.append("[operations.checks.positive_data_acceptance]")
            lines.append(f"expected-statuses = {json.dumps([*ACCEPTED, '422'])}")
    return "\n".join(lines)


def _inline(table: dict[str, str]) -> str:
    return "{ " + ", ".join(f'"{name}" = "{value}"' for name, value in table.items()) + " }"


def _found(told: str, status: int) -> list[str]:
    """What the scanner reports, each with the call that shows it; anything but 0 and 1 is a scanner that broke."""
    failures = re.findall(r"^_{3,} (.+?) _{3,}\n(.*?)(?=^_{3,}|^={3,})", told, re.MULTILINE | re.DOTALL)
    found = [f"{name}: {text.strip()}" for name, text in failures]
    if status and not found:
        found.append(f"the scanner ended with {status}: {told[-2000:]}")
    return found
