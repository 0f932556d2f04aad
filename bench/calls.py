"""How long a call's answer takes while answers come in, against a bare view with one look-up.

Method. A hundred calls a second, evenly spread, are posted to `/hooks/netgsm/<token>/call` by sixteen clients over
connections that stay open; each is from the phone of an order, and what is read out must tell of it. Meanwhile, and
without a pause, fifty answers a second ("Onay <reference>", each by another buyer) are pushed to the same web process,
and two worker processes do with them what they do in life: match, approve in the store, reply. They belong to 200
stores of twenty subscribers, that are polled as always. The bare view (`bench/bare/`, one look-up by a token) gets as
many posts by the same clients and under the same load; it is served by the same command with another application, over
the same PostgreSQL with the same pool. Portal and bare view take turns, round by round; half a round of each comes
before and does not count, since sessions that were just opened have planned no statement yet. A time runs from when a
post was due to the end of its answer, so a call that waited for a client to be free counts its wait; the figure is the
ratio of the two 95th percentiles over all rounds. There is none where a round of either view held less than 95 % of the
pace: the machine is too small or too busy then. On two cores the answers alone keep workers, web process, PostgreSQL
and sandbox busy all the time, which is what a caller must not wait for. At the end every answer that was acknowledged
and every call must stand in its table, once.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count, cycle, islice
from typing import Any
from urllib.parse import urlsplit

from django.db import connections
from django.utils import timezone

from bench import clients, merchants
from bench.bare import models as bare
from bench.clients import Evenly, Post
from bench.report import Row
from bench.stage import Stage
from integrations.ideasoft.models import Store, StoreErrand
from integrations.ideasoft.payloads import parse_order
from messaging.models import IncomingMessage, IncomingState, OutgoingMessage
from orders import intake
from orders.models import Call
from subscribers import reach
from subscribers.reach import Purpose
from tests.sandboxes import wait_until

NAME = "a call's answer by a bare view's, p95"
CALLS_A_SECOND, ANSWERS_A_SECOND = 100.0, 50.0
CLIENTS = 16
_numbers = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of everything: `seconds` are those of one view in one round, `orders` those of each store.

    `least_pace` is that of the posts of a round that counts, `answers` how many are pushed meanwhile, both a second.
    """

    subscribers: int
    stores: int
    orders: int
    rounds: int
    seconds: float
    least_pace: float
    answers: float


WHOLE = Size(
    subscribers=20,
    stores=10,
    orders=8,
    rounds=4,
    seconds=2.5,
    least_pace=0.95 * CALLS_A_SECOND,
    answers=ANSWERS_A_SECOND,
)
# Each answer has an order of its own, which is dear to make: few a second last for as long as a slow machine needs.
TINY = Size(subscribers=2, stores=2, orders=20, rounds=1, seconds=0.3, least_pace=0, answers=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Whose order waits: where the operator pushes an answer or asks about a call, and the bodies of both."""

    answer: Post
    call: Post


def measure(stage: Stage, *, tiny: bool = False) -> Row:
    """The ratio of the 95th percentiles, call by bare view."""
    size = TINY if tiny else WHOLE
    buyers = [buyer for number in range(size.subscribers) for buyer in _open(stage, number, size)]
    looks = [Post(path=f"/look/{token}", body=b"{}") for token in bare.receivers(connections["owner"], count=20)]
    with stage.only("web", "bare", *stage.workers):
        _let_settle()
        kept, called = _answers_kept(), _calls_kept()
        with Answers(stage.port, [buyer.answer for buyer in _mixed(buyers)], a_second=size.answers) as answers:
            warming = _round(stage, buyers, looks, size.seconds / 2)
            found = [_at_pace(_round(stage, buyers, looks, size.seconds), size) for _ in range(size.rounds)]
        handled = _handled()
        calls = sum(len(ours.times) for ours, _ in (warming, *found))
        _refuse_lost(len(answers.made.times), _answers_kept() - kept, "answers")
        _refuse_lost(calls, _calls_kept() - called, "calls")
    ours, theirs = (_percentile([time for each in found for time in each[side].times]) for side in (0, 1))
    return Row(
        name=NAME,
        unit="ms",
        portal=ours * 1000,
        reference=theirs * 1000,
        result=ours / theirs,
        wanted=3,
        least=False,
        rounds=[
            *({"portal": _ms(ours.times), "reference": _ms(theirs.times)} for ours, theirs in found),
            {"calls": calls, "answers": len(answers.made.times), "pace": answers.made.pace, "handled": handled},
        ],
    )


class Answers:
    """Buyers answer, evenly, from the block's begin to its end. Raises what broke that, and where they ran out."""

    made: Evenly

    def __init__(self, port: int, posts: list[Post], *, a_second: float = ANSWERS_A_SECOND) -> None:
        self._ends, self._pool = threading.Event(), ThreadPoolExecutor(max_workers=1, thread_name_prefix="answers")
        self._post = partial(clients.post_evenly, port, posts, a_second=a_second, clients=CLIENTS, ends=self._ends)

    def __enter__(self) -> Answers:
        self._posting = self._pool.submit(self._post)
        return self

    def __exit__(self, _kind: object, problem: BaseException | None, _trace: object) -> None:
        ended_before = self.has_ended()
        self._ends.set()
        self._pool.shutdown()
        if problem is not None:  # what broke the block says more
            return
        self.made = self._posting.result()
        if ended_before:
            raise RuntimeError(f"after {len(self.made.times)} answers there was none left to send")

    def has_ended(self) -> bool:
        """Whether no more answers are posted."""
        return self._posting.done()


def _round(stage: Stage, buyers: list[Buyer], looks: list[Post], seconds: float) -> tuple[Evenly, Evenly]:
    number = int(seconds * CALLS_A_SECOND)
    calls = [buyer.call for buyer in islice(cycle(_mixed(buyers, first=next(_numbers))), number)]
    pace: dict[str, Any] = {"a_second": CALLS_A_SECOND, "clients": CLIENTS}
    return (
        clients.post_evenly(stage.port, calls, check=_is_told, **pace),
        clients.post_evenly(stage.bare_port, list(islice(cycle(looks), number)), **pace),
    )


def _at_pace(found: tuple[Evenly, Evenly], size: Size) -> tuple[Evenly, Evenly]:
    """Only a round in which both views were asked as often as they were to be."""
    for each, what in zip(found, ("calls", "posts to the bare view"), strict=True):
        clients.refuse_slower(each, than=size.least_pace, what=what)
    return found


def _is_told(answer: bytes) -> bool:
    """Whether the caller hears of an order."""
    told = json.loads(answer)
    return told["status"] == "success" and "siparişiniz" in told["data"]


def _mixed(buyers: list[Buyer], *, first: int = 0) -> list[Buyer]:
    """From all stores in turn, as buyers are: the first of each, then the second of each."""
    start = first * 997 % len(buyers)
    step = next(step for step in (211, 223, 227) if len(buyers) % step)
    return [buyers[(start + place * step) % len(buyers)] for place in range(len(buyers))]


def _open(stage: Stage, number: int, size: Size) -> Iterator[Buyer]:
    """A subscriber whose stores' orders have come in and been asked."""
    line = f"850123{5000 + number}"
    merchant = merchants.open_merchant(stage, f"arayan{number}x0", line=line)
    shop = merchant.shop
    names = [shop.name, *(f"arayan{number}x{store}" for store in range(1, size.stores))]
    entries = [*shop.document["stores"], *(_new_store(stage, name) for name in names[1:])]
    (event,) = shop.document["events"]
    with reach.across(Purpose.PROVISION):
        shop.provision(stores=entries, events=[{**event, "store": entry["url"]} for entry in entries])
    call = urlsplit(shop.result["hooks"]["call"]).path
    with reach.of(uuid.UUID(shop.result["subscriber"])):
        stores = {store.url: store for store in Store.objects.all()}
        for place, (name, entry) in enumerate(zip(names, entries, strict=True)):
            first = 5_310_000_000 + (number * size.stores + place) * 1000
            wish = {"cod": True, "webhook": False, "count": size.orders, "phone_base": first}
            placed = stage.sandbox.control("POST", f"stores/{name}/orders", **wish)
            for order, phone in zip(placed, range(first, first + size.orders), strict=True):
                intake.take(stores[entry["url"]], parse_order(order), seen_by="poll")
                yield Buyer(
                    answer=Post(path=merchant.hook, body=_answer(line, phone, order["transactionId"])),
                    call=Post(path=call, body=_call(line, phone)),
                )


def _new_store(stage: Stage, name: str) -> dict[str, Any]:
    store = stage.sandbox.control("POST", "stores", name=name)
    tokens = stage.sandbox.control("POST", f"stores/{name}/tokens")
    return {**{key: store[key] for key in ("url", "client_id", "client_secret")}, "tokens": tokens}


def _answer(line: str, phone: int, reference: str) -> bytes:
    message = {
        "messageId": uuid.uuid4().hex,
        "subscriberNumber": line,
        "sourceNumber": f"90{phone}",
        "messageDateTime": timezone.localtime().strftime("%Y-%m-%d %H:%M:%S"),
        "content": f"Onay {reference}",
    }
    return json.dumps(message).encode()


def _call(line: str, phone: int) -> bytes:
    asked = {"arayan_no": f"0{phone}", "aranan_no": line, "arama_id": uuid.uuid4().hex, "tus_bilgisi": "-1"}
    return json.dumps(asked).encode()


def _let_settle() -> None:
    """Waits until the stores were asked for the first time and the questions have left."""
    with reach.across(Purpose.SUPPORT):
        now = timezone.now()
        due = StoreErrand.objects.filter(due_at__lte=now)
        unsent = OutgoingMessage.objects.filter(state__in=["queued", "sending"])
        wait_until(lambda: not due.exists() and not unsent.exists(), seconds=240, what="of the stores' first polls")


def _answers_kept() -> int:
    with reach.across(Purpose.SUPPORT):
        return IncomingMessage.objects.count()


def _calls_kept() -> int:
    with reach.across(Purpose.SUPPORT):
        return Call.objects.count()


def _handled() -> int:
    """How many answers were handled; those still to be are laid aside, so that no later benchmark has them."""
    with reach.across(Purpose.SUPPORT):
        IncomingMessage.objects.filter(due_at__isnull=False).update(due_at=None, state=IncomingState.UNMATCHED)
        return IncomingMessage.objects.filter(state=IncomingState.HANDLED, text__startswith="Onay").count()


def _refuse_lost(acknowledged: int, kept: int, what: str) -> None:
    if kept != acknowledged:
        raise RuntimeError(f"{acknowledged} {what} were acknowledged and {kept} kept")


def _ms(times: list[float]) -> float:
    return round(_percentile(times) * 1000, 1)


def _percentile(values: list[float], share: float = 0.95) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
