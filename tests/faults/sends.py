"""Case 3: the operator accepts and its answer is spoilt; case 8: a sender sleeps past its lease."""

from __future__ import annotations

import uuid
from typing import Any
from unittest import mock

from django.utils import timezone

from integrations.netgsm import client
from messaging import outbox
from messaging.models import OutgoingMessage, OutgoingState, Purpose
from tests import shops
from tests.faults import ageing
from tests.faults.helper import Helper
from tests.faults.tally import Tally
from tests.shops import Shop

SEND = "/sms/rest/v2/send"
SPOILT: dict[str, dict[str, Any]] = {
    "hang": {"kind": "hang"},
    "reset": {"kind": "reset"},
    "cut": {"kind": "cut"},
    "garbage": {"kind": "garbage"},
    "html": {"kind": "html"},
    "502": {"kind": "status", "status": 502, "body": "Bad Gateway"},
    "dribble": {"kind": "dribble"},
}


def spoilt(shop: Shop, *, size: int, rounds: int = 1) -> Tally:
    """Case 3: every fault after the operator accepted a call of `size` messages: unknown, never a second POST, and
    closed by its report within two polls."""
    tally = Tally(case="3", name=f"accepted, then spoilt, {size} in a call")
    for _ in range(rounds):
        for name, fault in SPOILT.items():
            rows = _queue(shop, size)
            with mock.patch.dict(client.send.__kwdefaults__ or {}, deadline=0.7):
                _send_spoilt(shop, fault, when="after")
            _expect_unknown(shop, tally, rows, name, accepted=1)
            for _ in range(2):
                shops.poll()
                OutgoingMessage.objects.update(report_asked_at=None)
            states = _states(rows)
            tally.runs += size
            tally.succeeded += states.count(OutgoingState.DELIVERED)
            tally.expect(states == [OutgoingState.DELIVERED] * size, f"{name}: no report closed {set(states)}")
    return tally


def never_accepted(shop: Shop, *, size: int) -> Tally:
    """Case 3: the same where the operator accepted nothing: it stays unknown and shown, and is never sent again."""
    tally = Tally(case="3", name=f"perhaps accepted, not so, {size} in a call")
    for name in ("hang", "reset", "502"):
        rows = _queue(shop, size)
        with mock.patch.dict(client.send.__kwdefaults__ or {}, deadline=0.7):
            _send_spoilt(shop, SPOILT[name], when="before")
        for _ in range(2):
            shops.poll()
            OutgoingMessage.objects.update(report_asked_at=None)
        _expect_unknown(shop, tally, rows, name, accepted=0)
        tally.runs += size
        tally.succeeded += _states(rows).count(OutgoingState.UNKNOWN)
    return tally


def asleep(shop: Shop, helper: Helper, *, rounds: int, fenced: bool) -> Tally:
    """Case 8: a worker stopped between its claim (or its fence) and the call, for longer than its lease.

    Before the fence another worker sends, and the one that wakes sends nothing. After it nobody else may, so the
    message is unknown; the sleeper's call is then the first and only one.
    """
    tally = Tally(case="8", name=f"asleep {'after the fence' if fenced else 'between claim and send'}")
    for _ in range(rounds):
        (row,) = _queue(shop, 1)
        before = len(shop.sandbox.ledger("accepted", "netgsm"))
        helper.ask("asleep_fenced" if fenced else "asleep_claimed")
        helper.await_stop()
        ageing.expire_leases()
        shops.work_off(outbox.SEND.name, breaking=True)
        row.refresh_from_db()
        expected = OutgoingState.UNKNOWN if fenced else OutgoingState.ACCEPTED
        tally.expect(row.state == expected, f"while one slept: {row.state}")
        helper.wake()
        accepted = shop.sandbox.ledger("accepted", "netgsm")[before:]
        row.refresh_from_db()
        tally.runs += 1
        tally.succeeded += len(accepted) == 1
        tally.expect(len(accepted) == 1, f"accepted {len(accepted)} times")
        tally.expect(row.state == expected, f"after it woke: {row.state}")
    return tally


def _queue(shop: Shop, size: int) -> list[OutgoingMessage]:
    """New messages to as many phones, queued and due."""
    first = OutgoingMessage.objects.count()
    return [
        outbox.put(
            account=shop.account,
            purpose=Purpose.QUESTION,
            about=uuid.uuid4(),
            phone=f"+90533{first + number:07d}",
            header="ORNEK",
            text=f"Siparis {first + number}",
            stale_at=timezone.now() + ageing.AGES,
        )[0]
        for number in range(size)
    ]


def _send_spoilt(shop: Shop, fault: dict[str, Any], *, when: str) -> None:
    facts = {name: value for name, value in fault.items() if name != "kind"}
    shop.sandbox.fault("netgsm", str(fault["kind"]), path=SEND, when=when, times=1, **facts)
    ageing.end_waits()
    shops.work_off(outbox.SEND.name)
    shop.sandbox.control("DELETE", "faults")


def _expect_unknown(shop: Shop, tally: Tally, rows: list[OutgoingMessage], name: str, *, accepted: int) -> None:
    states = set(_states(rows))
    tally.expect(states == {OutgoingState.UNKNOWN}, f"{name}: {states} instead of unknown")
    ageing.end_waits()
    shops.work_off(outbox.SEND.name)
    texts = [line["text"] for line in shop.sandbox.ledger("accepted", "netgsm")]
    for row in rows:
        count = texts.count(row.text)
        tally.expect(count == accepted, f"{name}: accepted {count} times: {row.text}")


def _states(rows: list[OutgoingMessage]) -> list[str]:
    found = OutgoingMessage.objects.filter(pk__in=[row.pk for row in rows])
    return list(found.values_list("state", flat=True))
