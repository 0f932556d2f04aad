"""The random run: orders, answers, kills, flushes and faults as the plan says; then quiet, then the judgement."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from tests import shops
from tests.faults import judgement
from tests.faults.plan import ALL_PATHS, SHOPS, Buyer, Moment, Plan
from tests.faults.stage import Stage, lift_limits
from tests.faults.tally import Tally
from tests.sandboxes import Sandbox

TICK = 0.05
REPLY = "(arg1) numaralı siparişiniz onaylanmıştır."  # names its order, so that every text is one of its kind
STILL = timedelta(seconds=2.5)  # longer than two polls, and than a lease


@dataclass(kw_only=True)
class Play:
    """A run under way. `written` are the answers so far: the buyer, the text, and what the sandbox said of each."""

    stage: Stage
    plan: Plan
    shops: dict[str, shops.Shop]
    placed: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    asked: set[tuple[str, str]] = field(default_factory=set)
    written: list[tuple[Buyer, str, Future[Any]]] = field(default_factory=list)
    due: list[tuple[float, Buyer, str]] = field(default_factory=list)
    windows: list[tuple[float, list[int]]] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    seen: int = 0
    quiet_at: datetime = field(default_factory=timezone.now)
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="buyer")
        self.buyers = {(buyer.shop, buyer.reference): buyer for buyer in self.plan.buyers}
        self.shop_of_line = {line: name for name, line in SHOPS.items()}

    @property
    def now(self) -> float:
        return time.monotonic() - self.began

    def until_planned(self) -> None:
        """Plays all that is planned, to the last order, moment and end of a window."""
        buyers, moments = list(self.plan.buyers), list(self.plan.moments)
        while buyers or moments or self.windows:
            while buyers and buyers[0].orders_at <= self.now:
                self._order(buyers.pop(0))
            while moments and moments[0].at <= self.now:
                self._disturb(moments.pop(0))
            self._end_windows()
            self.answer()
            time.sleep(TICK)

    def until_quiet(self, *, seconds: float) -> float:
        """Lets the buyers answer until nothing moves any more, for at most `seconds`; tells how long it took."""
        began, still_since = self.now, None
        while self.now - began < seconds:
            moved = self.answer()
            if moved or self.due or any(not sent.done() for *_, sent in self.written) or judgement.unsettled():
                still_since = None
            else:
                still_since = still_since or timezone.now()
                # The second round of reports is over once a poll ends this late.
                if not judgement.not_polled_since(still_since + STILL):
                    break
            time.sleep(TICK * 4)
        return self.now - began

    def answer(self) -> bool:
        """Buyers read their phones and answer when their time has come; tells whether anything new reached a phone."""
        path = f"ledger?kind=accepted&system=netgsm&after={self.seen}"
        lines = self.stage.sandbox.control("GET", path)
        for line in lines:
            self.seen = line["n"]
            self._read(line)
        for entry in [entry for entry in self.due if entry[0] <= self.now]:
            self.due.remove(entry)
            _, buyer, text = entry
            self.written.append((buyer, text, self.pool.submit(self._write, buyer, text)))
        return bool(lines)

    def _order(self, buyer: Buyer) -> None:
        self.placed[buyer.shop, buyer.reference] = self.shops[buyer.shop].place(
            transactionId=buyer.reference, phone=buyer.phone, webhook=buyer.webhook
        )

    def _read(self, line: dict[str, Any]) -> None:
        if not line["text"].startswith("Sn."):
            return
        shop = self.shop_of_line[line["usercode"]]
        key = next(key for key in self.placed if key[0] == shop and key[1] in line["text"])
        if key in self.asked:
            return
        self.asked.add(key)
        buyer = self.buyers[key]
        for number, text in enumerate(buyer.texts):
            self.due.append((self.now + buyer.delay + 1.5 * number, buyer, text))

    def _write(self, buyer: Buyer, text: str) -> Any:
        body = {"from": buyer.phone, "to": SHOPS[buyer.shop], "text": text, "push": buyer.push, "poll": buyer.poll}
        return Sandbox(self.stage.sandbox.url).control("POST", "phone/sms", **body)

    def _disturb(self, moment: Moment) -> None:
        if moment.kind == "kill":
            self.stage.kill(moment.target)
        elif moment.kind == "flush":
            self.stage.flush()
        else:
            wish = {**moment.fault, "times": None, "probability": 0.8}
            ids = [self._fault(moment.target, path, wish) for path in ALL_PATHS[moment.target]]
            self.windows.append((self.now + moment.seconds, ids))
            self.faults[f"{moment.target.removesuffix(':*')} {moment.kind}"] += 1

    def _fault(self, system: str, path: str, wish: dict[str, Any]) -> int:
        wish = {name: value for name, value in wish.items() if name != "kind"} | {"path": path, "of": wish["kind"]}
        kind = wish.pop("of")
        return int(self.stage.sandbox.fault(system, kind, **wish)["id"])

    def _end_windows(self) -> None:
        for window in [window for window in self.windows if window[0] <= self.now]:
            self.windows.remove(window)
            for number in window[1]:
                self.stage.sandbox.control("DELETE", f"faults/{number}")


def run(stage: Stage, plan: Plan, *, quiet_seconds: float) -> Tally:
    """One random run over an empty database, judged."""
    play = Play(stage=stage, plan=plan, shops=open_shops(stage))
    stage.sandbox.fault("netgsm", "repeat", times=None, probability=0.15)
    play.began = time.monotonic()
    play.until_planned()
    stage.sandbox.control("DELETE", "faults")
    play.quiet_at = timezone.now()
    quiet = play.until_quiet(seconds=quiet_seconds)
    play.pool.shutdown(wait=True)
    tally = judgement.judge(play)
    tally.notes += list(_summary(play, quiet))
    return tally


def open_shops(stage: Stage) -> dict[str, shops.Shop]:
    """The three merchants, connected, their answers pushed to the portal's own address."""
    found = {}
    for name, line in SHOPS.items():
        shop = shops.open_shop(stage.sandbox, name=name, line=line, reply_text=REPLY)
        lift_limits(stage.sandbox, line)
        stage.sandbox.control("POST", "netgsm/accounts", usercode=line, push_url=shop.result["hooks"]["sms"])
        found[name] = shop
    return found


def _summary(play: Play, quiet: float) -> Iterator[str]:
    yield f"seed {play.plan.seed}: {len(play.plan.buyers)} orders, quiet after {quiet:.1f} s"
    yield f"kills {play.stage.kills}, flushes {play.stage.flushes}, fault windows {sum(play.faults.values())}"
    yield "faults: " + ", ".join(f"{kind} {count}" for kind, count in sorted(play.faults.items()))
