"""Time from a buyer's answer to the store's approval, beyond the outside calls' own time.

Method. Four merchants have orders that were polled and asked by SMS, as in life. Buyers then answer "Onay <reference>"
by the operator's push, at moments drawn from a seed (exponential gaps, four a second on average), through the web
process and two worker processes; stores take 50 ms for each answer. An order's time runs from just before its push
leaves until the store's ledger shows the status changed. From it are taken the 50 ms of every call about that order
that the store's ledger counts until then, and nothing else: connecting, transfer and the sandbox's own work count
against the portal. The figure is the 95th percentile of what remains. Every answer must end in an approval. Two answers
of each merchant come before, at the same pace, and do not count: they find processes that were started a moment ago,
whose sessions have planned no statement yet, where a portal's have run for days.
"""

from __future__ import annotations

import json
import random
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.functions import Now

from bench import clients, merchants
from bench.clients import Post
from bench.merchants import Merchant
from bench.report import Row
from bench.stage import ANSWER_SECONDS, Stage
from integrations.ideasoft.models import StoreErrand
from messaging.models import OutgoingMessage
from subscribers import reach
from subscribers.reach import Purpose
from tests.sandboxes import wait_until

NAME = "answer to approval, beyond the calls, p95"
SUBSCRIBERS = 4
A_SECOND = 4.0
CLIENTS = 8
WARMING = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One order's way, in seconds: the whole, and what the store's calls took of it."""

    whole: float
    calls: float


def measure(stage: Stage, *, tiny: bool = False) -> Row:
    """The 95th percentile, in milliseconds, of what the portal itself takes."""
    warming, counted = (1, 1) if tiny else (WARMING, 25)
    orders = warming + counted
    with stage.only("web", *stage.workers):
        opened = [
            merchants.open_merchant(
                stage, f"onay{n}", line=f"850123453{n}", orders=orders, phones_from=5_500_000_000 + n * 1000
            )
            for n in range(SUBSCRIBERS)
        ]
        _ask(orders * SUBSCRIBERS)
        _approvals(stage, opened, _answer(stage, [(one, order) for one in opened for order in one.placed[:warming]]))
        answered = _answer(stage, [(one, order) for one in opened for order in one.placed[warming:]])
        found = _approvals(stage, opened, answered)
    whole, calls, beyond = (
        _percentile([pick(one) * 1000 for one in found])
        for pick in (lambda one: one.whole, lambda one: one.calls, lambda one: one.whole - one.calls)
    )
    halves = _percentile([(one.whole - one.calls) * 1000 for one in found], 0.5)
    return Row(
        name=NAME,
        unit="ms",
        portal=whole,
        reference=calls,
        result=beyond,
        wanted=100,
        least=False,
        rounds=[{"median": round(halves, 1), "p95": round(beyond, 1), "orders": len(found)}],
    )


def _ask(number: int) -> None:
    """Has the stores polled now, and waits until every order's question has been sent."""
    with reach.across(Purpose.SUPPORT):
        StoreErrand.objects.filter(due_at__isnull=False).update(due_at=Now())
        sent = OutgoingMessage.objects.filter(purpose="question", state="accepted")
        wait_until(lambda: sent.count() >= number, seconds=60, what=f"of {number} questions")


def _answer(stage: Stage, answers: list[tuple[Merchant, dict[str, Any]]]) -> dict[tuple[str, int], float]:
    """Each order's moment of answer (seconds since 1970), by store and order."""
    chance = random.Random(1)
    chance.shuffle(answers)
    answered: dict[tuple[str, int], float] = {}
    with ThreadPoolExecutor(max_workers=CLIENTS) as pool:
        for turn in [
            pool.submit(_send, stage.port, merchant, order, at, answered)
            for (merchant, order), at in zip(answers, _moments(chance), strict=False)
        ]:
            turn.result()
    return answered


def _moments(chance: random.Random) -> Iterator[float]:
    at = time.time() + 0.5
    while True:
        at += chance.expovariate(A_SECOND)
        yield at


def _send(
    port: int, merchant: Merchant, order: dict[str, Any], at: float, answered: dict[tuple[str, int], float]
) -> None:
    message = {
        "messageId": uuid.uuid4().hex,
        "subscriberNumber": merchant.shop.line,
        "sourceNumber": f"90{merchant.phone_of(order)}",
        "messageDateTime": time.strftime("%Y-%m-%d %H:%M:%S", time.localtime()),
        "content": f"Onay {order['transactionId']}",
    }
    line = clients.connected(port)
    try:
        time.sleep(max(0.0, at - time.time()))
        answered[merchant.shop.name, order["id"]] = time.time()
        clients.post(line, Post(path=merchant.hook, body=json.dumps(message).encode()))
    finally:
        line.close()


def _approvals(stage: Stage, opened: list[Merchant], answered: dict[tuple[str, int], float]) -> list[Approval]:
    wait_until(lambda: answered.keys() <= _changes(stage, opened).keys(), seconds=30, what="of the approvals")
    changed = _changes(stage, opened)
    calls = [line for merchant in opened for line in stage.sandbox.ledger("request", f"store:{merchant.shop.name}")]
    found = []
    for (name, external_id), began in answered.items():
        ended = changed[name, external_id]
        path = f"/admin-api/orders/{external_id}"
        # The call that changes it is told when it has been answered, just after the change.
        reads = [_at(line) for line in calls if line["system"] == f"store:{name}" and line["path"] == path
                 and line["method"] == "GET"]  # fmt: skip
        made = 1 + sum(began <= at <= ended for at in reads)
        found.append(Approval(whole=ended - began, calls=made * ANSWER_SECONDS))
    return found


def _changes(stage: Stage, opened: list[Merchant]) -> dict[tuple[str, int], float]:
    return {
        (merchant.shop.name, line["id"]): _at(line)
        for merchant in opened
        for line in stage.sandbox.ledger("order_changed", f"store:{merchant.shop.name}")
        if line["to"] == "approved"
    }


def _at(line: dict[str, Any]) -> float:
    return datetime.fromisoformat(line["at"]).timestamp()


def _percentile(values: list[float], share: float = 0.95) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
