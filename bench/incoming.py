"""Incoming SMS committed a second, against a bare view with one look-up and one INSERT.

Method. Sixteen clients post distinct messages of four subscribers to `/hooks/netgsm/<token>/sms` over connections that
stay open, until all are answered 200; a rate is messages by seconds from the first byte to the last answer. The bare
view (`bench/bare/`) gets as many posts of the same bodies by the same clients; it is served by the same command with
another application, over the same PostgreSQL with the same pool and the same durability. Portal and bare view take
turns, round by round; the ratio is the median of the rounds' ratios. Workers are stopped meanwhile: what they do with
an answer is the third benchmark's, and on a machine with two cores they would take theirs from the web server, but
not from the bare view. At the end every message acknowledged must stand in the table, once.
"""

from __future__ import annotations

import itertools
import json
import time
import uuid

from django.db import connections

from bench import clients, merchants, report
from bench.bare import models as bare
from bench.clients import Post
from bench.report import Row
from bench.stage import Stage
from messaging.models import IncomingMessage, IncomingState
from subscribers import reach
from subscribers.reach import Purpose

NAME = "incoming SMS committed"
SUBSCRIBERS = 4
CLIENTS = 16
_NUMBERS = itertools.count()  # no two messages of all rounds are of one phone, so none looks like a copy


def measure(stage: Stage, *, tiny: bool = False) -> Row:
    """The ratio of committed messages a second, portal by bare view."""
    rounds, count, warming = (1, 40, 20) if tiny else (5, 800, 200)
    hooks = [merchants.open_merchant(stage, f"gelen{n}", line=f"850123450{n}").hook for n in range(SUBSCRIBERS)]
    tokens = bare.receivers(connections["owner"], count=SUBSCRIBERS)
    kept = _kept()
    with stage.only("web", "bare"):
        _round(stage, hooks, tokens, count=warming)
        found = [_round(stage, hooks, tokens, count=count) for _ in range(rounds)]
    _refuse_lost(_kept() - kept, rounds * count + warming)
    return report.compared(NAME, "SMS/s", found, wanted=0.6)


def _round(stage: Stage, hooks: list[str], tokens: list[str], *, count: int) -> tuple[float, float]:
    bodies = [_body(n) for n in itertools.islice(_NUMBERS, count)]
    ours = [Post(path=hooks[n % SUBSCRIBERS], body=body) for n, body in enumerate(bodies)]
    theirs = [Post(path=f"/keep/{tokens[n % SUBSCRIBERS]}", body=body) for n, body in enumerate(bodies)]
    return (
        count / clients.post_all(stage.port, ours, clients=CLIENTS),
        count / clients.post_all(stage.bare_port, theirs, clients=CLIENTS),
    )


def _body(number: int) -> bytes:
    """A push in the operator's newer field set; the receiving line is the address's own."""
    message = {
        "messageId": uuid.uuid4().hex,
        "subscriberNumber": f"850123450{number % SUBSCRIBERS}",
        "sourceNumber": f"90532{number:07d}",
        "messageDateTime": time.strftime("%Y-%m-%d %H:%M:%S"),
        "content": f"Onay {10_000_000 + number}",
    }
    return json.dumps(message).encode()


def _kept() -> int:
    """How many messages were kept; those still to be answered are laid aside, so that no later benchmark has them."""
    with reach.across(Purpose.SUPPORT):
        IncomingMessage.objects.filter(due_at__isnull=False).update(due_at=None, state=IncomingState.UNMATCHED)
        return IncomingMessage.objects.count()


def _refuse_lost(kept: int, acknowledged: int) -> None:
    if kept != acknowledged:
        raise RuntimeError(f"{acknowledged} messages were acknowledged and {kept} kept")
