"""Messages sent a second through one account, against a bare loop that makes the same requests.

Method. Messages of one account, each to another phone, are queued in one transaction, which wakes the workers as any
committed row does; two worker processes drain them against the sandbox, whose operator takes 50 ms for each answer.
The rate is messages by seconds from the commit until the operator's ledger holds the last of them. The bare loop posts
as many messages to the same account by the same client (requests, one session a thread), with the batch size and the
number of calls at once that the two workers' outbox has; it reads no database and writes none. Both take turns, round
by round; the ratio is the median of the rounds' ratios. At the end the operator must have accepted each message once,
and every row must say so.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from queue import Empty, SimpleQueue
from typing import Any

import requests
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bench import merchants, report
from bench.merchants import Merchant
from bench.report import Row
from bench.stage import Stage
from integrations.netgsm import length
from integrations.netgsm.models import Account
from messaging import outbox
from messaging.models import OutgoingMessage, OutgoingState, Purpose
from subscribers import reach
from tests.sandboxes import wait_until
from work import wake

NAME = "SMS sent through one account"
TEXT = "Sn.Ayşe Yılmaz {} referans numaralı siparişiniz onaylanmıştır."
_phones = count(5_400_000_000)


def measure(stage: Stage, *, tiny: bool = False) -> Row:
    """The ratio of accepted messages a second, outbox by bare loop."""
    rounds, number, warming = (1, 120, 40) if tiny else (4, 2500, 500)
    merchant = merchants.open_merchant(stage, "gonderen", line="8501234520")
    with stage.only("web", *stage.workers):
        _round(stage, merchant, warming)
        found = [_round(stage, merchant, number) for _ in range(rounds)]
        _refuse_unsettled(stage, merchant, number * rounds + warming)
    return report.compared(NAME, "SMS/s", found, wanted=0.6)


def _round(stage: Stage, merchant: Merchant, number: int) -> tuple[float, float]:
    texts = [(next(_phones), TEXT.format(n)) for n in range(number)]
    ours = _drained(stage, merchant, texts)
    texts = [(next(_phones), TEXT.format(n)) for n in range(number)]
    return ours, _bare(stage, merchant, texts)


def _drained(stage: Stage, merchant: Merchant, texts: list[tuple[int, str]]) -> float:
    wanted = _accepted(stage) + len(texts)
    with reach.of(uuid.UUID(merchant.shop.result["subscriber"])):
        account = Account.objects.get()
        with transaction.atomic():
            OutgoingMessage.objects.bulk_create(_rows(account, texts), batch_size=1000)
            wake.after_commit(outbox.SEND.name)
        began = time.perf_counter()
    wait_until(lambda: _accepted(stage) >= wanted, seconds=60, what=f"of {len(texts)} messages")
    seconds = time.perf_counter() - began
    with reach.of(account.subscriber_id):
        wait_until(lambda: not OutgoingMessage.objects.filter(claim__isnull=False).exists(), what="of the rows")
    return len(texts) / seconds


def _rows(account: Account, texts: list[tuple[int, str]]) -> Iterator[OutgoingMessage]:
    now = timezone.now()
    for phone, text in texts:
        yield OutgoingMessage(
            subscriber_id=account.subscriber_id,
            account=account,
            purpose=Purpose.REPLY,
            about=uuid.uuid4(),
            phone=f"+90{phone}",
            header="ORNEK",
            text=text,
            encoding=length.parameter(text),
            segments=length.measure(text).segments,
            due_at=now,
            work_since=now,
        )


def _bare(stage: Stage, merchant: Merchant, texts: list[tuple[int, str]]) -> float:
    batches: SimpleQueue[list[tuple[int, str]]] = SimpleQueue()
    for start in range(0, len(texts), settings.SMS_BATCH):
        batches.put(texts[start : start + settings.SMS_BATCH])
    began = time.perf_counter()
    at_once = outbox.CALLS_A_WORKER * len(stage.workers)
    with ThreadPoolExecutor(max_workers=at_once) as pool:
        turns = [pool.submit(_post_batches, stage, merchant, batches) for _ in range(at_once)]
        for turn in turns:
            turn.result()
    return len(texts) / (time.perf_counter() - began)


def _post_batches(stage: Stage, merchant: Merchant, batches: SimpleQueue[list[tuple[int, str]]]) -> None:
    netgsm = merchant.shop.document["netgsm"]
    with requests.Session() as session:
        session.auth = (netgsm["usercode"], netgsm["password"])
        while True:
            try:
                batch = batches.get_nowait()
            except Empty:
                return
            answer = session.post(f"{stage.sandbox.url}/sms/rest/v2/send", json=_request(batch), timeout=10)
            if answer.json()["code"] != "00":
                raise RuntimeError(f"the operator answered {answer.text[:200]}")


def _request(batch: list[tuple[int, str]]) -> dict[str, Any]:
    return {
        "msgheader": "ORNEK",
        "messages": [{"msg": text, "no": str(phone)} for phone, text in batch],
        "iysfilter": "0",
        "encoding": "TR",
    }


def _accepted(stage: Stage) -> int:
    return int(stage.sandbox.control("GET", "ledger?system=netgsm&kind=accepted&count=1")["count"])


def _refuse_unsettled(stage: Stage, merchant: Merchant, number: int) -> None:
    """Raises where a message was sent twice or its row does not say that it was sent."""
    told = Counter((line["to"], line["text"]) for line in stage.sandbox.ledger("accepted", "netgsm"))
    with reach.of(uuid.UUID(merchant.shop.result["subscriber"])):
        rows = Counter(OutgoingMessage.objects.values_list("state", flat=True))
    settled = rows[OutgoingState.ACCEPTED] + rows[OutgoingState.DELIVERED]  # the first poll of reports may have come
    if max(told.values()) > 1 or settled != number:
        raise RuntimeError(f"sent twice: {max(told.values()) > 1}; rows: {dict(rows)}, not {number} accepted")
