"""Case 17: the answer of an inbox poll is lost on its way; case 18: no Valkey at all."""

from __future__ import annotations

import time

from messaging.models import IncomingMessage
from tests import shops
from tests.faults import ageing, soak
from tests.faults.plan import SHOPS
from tests.faults.stage import Stage
from tests.faults.tally import Tally
from tests.sandboxes import wait_until
from tests.shops import Shop


def inbox_answer_lost(shop: Shop) -> Tally:
    """Case 17: the next poll asks for the same time again, with dates always: nothing is handed out once only."""
    tally = Tally(case="17", name="an inbox answer lost on its way")
    for number, kind in enumerate(("reset", "cut", "garbage", "html")):
        text, sender = f"merhaba {number}", f"53466{number:05d}"
        shop.answer(text, sender=sender)
        shop.sandbox.fault("netgsm", kind, path="/sms/rest/v2/inbox", when="after", times=1)
        for _ in range(3):
            ageing.end_waits()
            shops.poll()
        kept = IncomingMessage.objects.filter(sender=f"+90{sender}", text=text).count()
        tally.runs += 1
        tally.succeeded += kept == 1
        tally.expect(kept == 1, f"{kind}: kept {kept} times")
    undated = [line for line in shop.sandbox.ledger("inbox_handed_out") if not line["dated"]]
    tally.expect(not undated, "asked without dates")
    return tally


def without_valkey(stage: Stage, *, orders: int) -> Tally:
    """Case 18: Valkey stopped for good; the sweep alone brings every order to its approval."""
    tally = Tally(case="18", name="Valkey stopped, the sweep alone")
    found = soak.open_shops(stage)
    with stage.broker() as broker:
        broker.shutdown(nosave=True)
    began = time.monotonic()
    shop, line = found["ornek"], SHOPS["ornek"]
    placed = [shop.place(transactionId=str(700_000 + n), phone=f"53477{n:05d}", webhook=True) for n in range(orders)]
    for n in range(orders):
        wait_until(lambda n=n: shop.texts(f"53477{n:05d}"), seconds=30, what=f"question {n}")  # type: ignore[misc]
        body = {"from": f"53477{n:05d}", "to": line, "text": f"Onay {700_000 + n}"}
        stage.sandbox.control("POST", "phone/sms", **body)
    for order in placed:
        approved = wait_until(lambda order=order: shop.status(order) == "approved", seconds=30)  # type: ignore[misc]
        tally.runs += 1
        tally.succeeded += approved
    seconds = time.monotonic() - began
    tally.notes.append(f"{orders} orders from the store to their approval in {seconds:.1f} s without Valkey")
    tally.expect(seconds < 30, f"took {seconds:.1f} s")
    return tally
