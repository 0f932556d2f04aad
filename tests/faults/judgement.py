"""What must hold after a random run, checked from the outside's ledgers and by SQL: the invariants by their number.

The three outcomes of anything tried are kept apart: it succeeded, it failed, or nobody can know (`unknown`, shown).
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from integrations.ideasoft.models import ErrandKind as StoreKind
from integrations.ideasoft.models import StoreErrand
from integrations.netgsm.models import AccountErrand
from integrations.netgsm.models import ErrandKind as AccountKind
from messaging.models import IncomingMessage, IncomingState, OutgoingMessage, OutgoingState, Purpose
from orders.confirmation import State
from orders.models import Approval, ApprovalState, Confirmation, Order, Sighting
from tests.faults.plan import SHOPS, Buyer, Manner
from tests.faults.tally import Tally

if TYPE_CHECKING:
    from tests.faults.soak import Play

MOVING_OUT = [OutgoingState.QUEUED, OutgoingState.SENDING, OutgoingState.ACCEPTED]


def moving() -> dict[str, models.QuerySet[Any]]:
    """The rows that are neither terminal nor waiting for a person; polls, which never end, are not among them."""
    return {
        "outgoing": OutgoingMessage.objects.filter(state__in=MOVING_OUT),
        "incoming": IncomingMessage.objects.filter(state=IncomingState.RECEIVED),
        "approval": Approval.objects.filter(state=ApprovalState.DUE),
        "sighting": Sighting.objects.filter(due_at__isnull=False),
        "confirmation": Confirmation.objects.filter(state=State.CONFIRMED),
    }


def unsettled() -> int:
    return sum(rows.count() for rows in moving().values())


def not_polled_since(at: datetime) -> list[AccountErrand | StoreErrand]:
    """The polls that have not been made with success since then: what they would see may not have been seen."""
    stale = Q(done_at__isnull=True) | Q(done_at__lt=at)
    of_accounts = AccountErrand.objects.filter(stale, kind__in=[AccountKind.INBOX, AccountKind.REPORTS])
    of_stores = StoreErrand.objects.filter(stale, kind__in=[StoreKind.NEW_ORDERS, StoreKind.CHANGED_ORDERS])
    return [*of_accounts, *of_stores]


def judge(play: Play) -> Tally:
    """All invariants over one run."""
    tally = Tally(case="2", name=f"random run, seed {play.plan.seed}", runs=len(play.plan.buyers))
    reached = _answers(play, tally)
    _approvals(play, tally, reached)
    _texts(play, tally)
    _orders(play, tally)
    for name, rows in moving().items():
        for row in rows[:5]:
            tally.violations.append(f"I4 {name} still moves: {_told(row)}")
    for errand in not_polled_since(play.quiet_at):
        tally.violations.append(f"I4 not polled again: {errand.kind} {_told(errand)}")
    return tally.judged()


def _answers(play: Play, tally: Tally) -> set[tuple[str, str]]:
    """I3: every text that was pushed with 200 or lay in the inbox is one row. The orders whose buyer was heard."""
    ledger = play.stage.sandbox.ledger
    pushed = {line["id"] for line in ledger("pushed", "netgsm") if line["what"] == "sms" and line["status"] == 200}
    rows = Counter(IncomingMessage.objects.values_list("subscriber__line", "sender", "text"))
    sent: set[tuple[str, str, str]] = set()
    heard: set[tuple[str, str]] = set()
    lost = 0
    for buyer, text, told in play.written:
        key = (SHOPS[buyer.shop], f"+90{buyer.phone}", text)
        sent.add(key)
        if not buyer.poll and told.result()["id"] not in pushed:
            lost += rows[key] == 0
            heard |= {(buyer.shop, buyer.reference)} if rows[key] else set()
            tally.expect(rows[key] <= 1, f"I3 counted {rows[key]} times: {key}")
            continue
        heard.add((buyer.shop, buyer.reference))
        tally.expect(rows[key] == 1, f"I3 acknowledged and kept {rows[key]} times: {key}")
    for key in set(rows) - sent:
        tally.violations.append(f"I3 nobody wrote this: {key}")
    tally.notes.append(f"answers {len(play.written)}, kept {sum(rows.values())}, never acknowledged nor kept {lost}")
    return heard


def _approvals(play: Play, tally: Tally, heard: set[tuple[str, str]]) -> None:
    """I1 and I8: an order is approved exactly once where its own buyer confirmed, and never otherwise."""
    changes = Counter(
        (line["system"].removeprefix("store:"), line["id"])
        for line in play.stage.sandbox.ledger("order_changed")
        if line["field"] == "status" and line["to"] == "approved"
    )
    for key, placed in play.placed.items():
        buyer = play.buyers[key]
        confirmed = buyer.manner in (Manner.CONFIRM, Manner.TWICE) and key in heard
        times = changes.pop((buyer.shop, placed["id"]), 0)
        number = "I8" if times < confirmed else "I1"
        tally.expect(times == confirmed, f"{number} approved {times} times, {_order(buyer)}, heard {key in heard}")
        tally.succeeded += bool(times)
    for key in changes:
        tally.violations.append(f"I1 an order of no buyer was approved: {key}")
    _proofs(play, tally)
    tally.notes.append(f"approvals {tally.succeeded}, {_states(Confirmation.objects.all())}")


def _proofs(play: Play, tally: Tally) -> None:
    """I1: each approval has its answer, from the order's phone and to its subscriber's line, naming its reference."""
    for row in Confirmation.objects.filter(state=State.APPROVED).select_related("order", "answer"):
        answer, order = row.answer, row.order
        facts = answer and (answer.subscriber_id, answer.sender, order.reference in answer.text)
        tally.expect(facts == (order.subscriber_id, order.phone, True), f"I1 no proof for {order.reference}")


def _texts(play: Play, tally: Tally) -> None:
    """I2 and I5: no text twice; what a row says of the operator is what the operator's ledger says."""
    accepted = play.stage.sandbox.ledger("accepted", "netgsm")
    times = Counter((line["usercode"], line["to"], line["text"]) for line in accepted)
    for key, count in times.items():
        tally.expect(count == 1, f"I2 accepted {count} times: {key}")
    of_job = {(line["jobid"], line["to"], line["text"]) for line in accepted}
    unknown: Counter[str] = Counter()
    left = OutgoingMessage.objects.filter(state=OutgoingState.UNKNOWN)
    rivals = Counter(left.values_list("account_id", "phone"))
    for row in OutgoingMessage.objects.select_related("account"):
        phone = row.phone.removeprefix("+90")
        went = (row.account.usercode, phone, row.text) in times
        if row.job_id:
            tally.expect((row.job_id, phone, row.text) in of_job, f"I2 another text's job: {_told(row)}")
        if row.state == OutgoingState.DELIVERED:
            tally.expect(went, f"I2 told delivered, never accepted: {_told(row)}")
        if row.state == OutgoingState.UNKNOWN:
            unknown[f"unknown {row.purpose} {'accepted' if went else 'not accepted'}"] += 1
            tally.expect(not went or rivals[row.account_id, row.phone] > 1, f"3 no report closed this: {_told(row)}")
    known = set(OutgoingMessage.objects.values_list("account__usercode", "phone", "text"))
    for usercode, to, text in times:
        tally.expect((usercode, f"+90{to}", text) in known, f"I2 no row for {text!r} to {to}")
    tally.notes.append(f"texts accepted {len(accepted)}, {_states(OutgoingMessage.objects.all())}, {dict(unknown)}")


def _orders(play: Play, tally: Tally) -> None:
    """Every order came in once, and was asked once: I5."""
    rows = Counter(Order.objects.values_list("store__subscriber__line", "reference"))
    questions = Counter(OutgoingMessage.objects.filter(purpose=Purpose.QUESTION).values_list("about", flat=True))
    for buyer in play.plan.buyers:
        count = rows[SHOPS[buyer.shop], buyer.reference]
        tally.expect(count == 1, f"I5 {count} rows for {_order(buyer)}")
    tally.expect(all(count == 1 for count in questions.values()), "I5 an order was asked twice")
    tally.expect(len(questions) == len(play.plan.buyers), f"I5 {len(questions)} questions")
    silent = {(SHOPS[buyer.shop], buyer.reference) for buyer in play.plan.buyers if buyer.manner == Manner.SILENT}
    moved = Confirmation.objects.exclude(state=State.WAITING)
    for key in silent & set(moved.values_list("order__subscriber__line", "order__reference")):
        tally.violations.append(f"I1 silent, yet moved: {key}")


def _states(rows: models.QuerySet[Any]) -> str:
    counts = Counter(rows.values_list("state", flat=True))
    return ", ".join(f"{state} {count}" for state, count in sorted(counts.items()))


def _order(buyer: Buyer) -> str:
    return f"{buyer.shop} {buyer.reference} ({buyer.manner}, push {buyer.push}, poll {buyer.poll})"


def _told(row: Any) -> str:
    names = ("state", "due_at", "claimed_until", "attempts", "last_failure")
    facts = {name: getattr(row, name, None) for name in names}
    return f"{type(row).__name__} {row.pk} {facts}"
