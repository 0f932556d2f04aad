"""Cases 1 and 5: a worker killed at the k-th effect of its work, for k from one on until it ends unkilled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from integrations.netgsm.models import AccountErrand
from messaging.models import IncomingMessage, Purpose
from orders.confirmation import State
from orders.models import Confirmation
from tests import shops
from tests.faults import ageing
from tests.faults.helper import Helper
from tests.faults.tally import Tally
from tests.shops import Shop

PUT = {"method": "PUT", "path": "/admin-api/orders/", "when": "after", "times": 1}


def approving(shop: Shop, helper: Helper, numbers: Iterable[int]) -> Tally:
    """Case 5: killed around the approval; the order ends approved once, and its buyer hears it once."""
    tally = Tally(case="5", name="killed around the approval")
    for number in numbers:
        placed = _answered(shop, number)
        killed = _killed(helper, "drain", kill_at=number, queues=["store.approvals"])
        _recover()
        _expect_approved_once(shop, tally, placed, number)
        if not killed:
            tally.notes.append(f"the approval ended unkilled at k={number}")
            break
    return tally


def approval_answer_lost(shop: Shop) -> Tally:
    """Case 5: the store applied the change, and its answer was lost or spoilt."""
    tally = Tally(case="5", name="approved, its answer spoilt")
    spoilt: tuple[dict[str, Any], ...] = (
        {"kind": "reset"}, {"kind": "cut"}, {"kind": "garbage"}, {"kind": "html"}, {"kind": "status", "status": 502},
    )
    for number, fault in enumerate(spoilt):
        placed = _answered(shop, number)
        facts = {name: value for name, value in fault.items() if name != "kind"}
        shop.sandbox.fault(f"store:{shop.name}", fault["kind"], **PUT, **facts)
        shops.work_off("store.approvals")
        _recover()
        _expect_approved_once(shop, tally, placed, number)
    return tally


def whole_job(shop: Shop, helper: Helper, numbers: Iterable[int]) -> Tally:
    """Case 1: killed at each effect of asking, and at each of hearing, approving and replying."""
    tally = Tally(case="1", name="killed at the k-th effect of the job")
    phases = {"asking", "hearing"}
    for number in numbers:
        placed = shop.place(transactionId=_reference(number), phone=_phone(number))
        if "asking" in phases and not _killed(helper, "poll", kill_at=number):
            tally.notes.append(f"asking ended unkilled at k={number}")
            phases.discard("asking")
        _recover()
        if shop.texts(_phone(number)):
            shop.answer(f"Onay {_reference(number)}", sender=_phone(number))
            if "hearing" in phases and not _killed(helper, "poll", kill_at=number):
                tally.notes.append(f"hearing ended unkilled at k={number}")
                phases.discard("hearing")
            _recover()
            _expect_approved_once(shop, tally, placed, number)
        else:
            _expect_unknown_question(shop, tally, placed, number)
        if not phases:
            break
    return tally


def _answered(shop: Shop, number: int) -> dict[str, Any]:
    """An order whose buyer's answer has been understood and whose approval is due."""
    placed = shop.place(transactionId=_reference(number), phone=_phone(number))
    shops.poll()
    shop.answer(f"Onay {_reference(number)}", sender=_phone(number))
    AccountErrand.objects.update(due_at=shop.store.connected_at)
    shops.work_off("sms.inbox", "sms.answer")
    return placed


def _killed(helper: Helper, task: str, **facts: Any) -> bool:
    helper.ask(task, **facts)
    return bool(helper.end()["killed"])


def _recover() -> None:
    """Time passes, and another worker goes on."""
    for _ in range(2):
        ageing.expire_leases()
        ageing.end_waits()
        shops.poll(breaking=True)


def _expect_approved_once(shop: Shop, tally: Tally, placed: dict[str, Any], number: int) -> None:
    """I1, I2, I3, I5 and I8 of one order; a reply that may have been lost is unknown, and none is sent again."""
    tally.runs += 1
    changes = [line for line in shop.sandbox.ledger("order_changed") if line["id"] == placed["id"]]
    approved = [line for line in changes if line["field"] == "status" and line["to"] == "approved"]
    tally.expect(len(approved) == 1, f"k={number}: approved {len(approved)} times")
    state = Confirmation.objects.get(order__external_id=placed["id"]).state
    tally.expect(state == State.APPROVED, f"k={number}: {state}")
    texts = shop.texts(_phone(number))
    tally.expect(len(texts) == len(set(texts)), f"k={number}: texts {texts}")
    heard = IncomingMessage.objects.filter(sender=f"+90{_phone(number)}").count()
    tally.expect(heard == 1, f"k={number}: {heard} rows of the answer")
    replies = [row for row in shop.outgoing() if row.phone == f"+90{_phone(number)}" and row.purpose == Purpose.REPLY]
    states = [row.state for row in replies]
    told = (len(texts), states) in ((2, ["delivered"]), (1, ["unknown"]))
    tally.expect(told, f"k={number}: replies {states}, texts {texts}")
    tally.succeeded += len(approved) == 1


def _expect_unknown_question(shop: Shop, tally: Tally, placed: dict[str, Any], number: int) -> None:
    tally.runs += 1
    states = [row.state for row in shop.outgoing() if row.phone == f"+90{_phone(number)}"]
    tally.expect(states == ["unknown"], f"k={number}: not asked, and its question is {states}")
    tally.expect(shop.status(placed) == "waiting_for_approval", f"k={number}: approved without an answer")


def _reference(number: int) -> str:
    return str(100_000 + 7 * number)


def _phone(number: int) -> str:
    return f"53455{number:05d}"


