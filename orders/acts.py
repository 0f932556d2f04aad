"""What a person asks for on a screen, held back for a moment: until it takes effect it can be taken back.

Rows are locked in one order: orders by their keys, then the acts. So an undo and the act it is about never wait for one
another, and whoever comes second finds what the first has done.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from integrations.ideasoft.models import Store
from integrations.netgsm import length
from integrations.netgsm.models import Account
from messaging.models import IncomingMessage, IncomingState, InteractiveEvent, OutgoingMessage, Purpose, Settled
from orders import attention, blocked, changes, hand, questions, story, timeline, unread
from orders.confirmation import Happening, State
from orders.matching import Verdict
from orders.models import Act, Confirmation, HandAct, HandActState, Order
from subscribers import access, audit, suspension
from subscribers.models import ApiKey, Membership, Subscriber, User
from work import queues, wake
from work.claims import Claim

UNDER_WAY, ALREADY_ASKED = "under_way", "already_asked"
ASSIGNED = Settled.ASSIGNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What came of one click: `taken` orders wait for it to take effect; `refused` counts the others by why not."""

    together: uuid.UUID
    taken: int
    refused: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """How many orders stand where they stood, and for how many it was too late."""

    count: int
    too_late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """One click that can still be taken back: what, by whom (and which program), of which orders, until when.

    `until` is None where the act has taken effect and stayed inside the portal: it can be taken back at any time.
    """

    together: uuid.UUID
    act: str
    by: str
    orders: frozenset[uuid.UUID]
    until: datetime | None

    @property
    def count(self) -> int:
        """Of how many orders."""
        return len(self.orders)


def want(
    subscriber: Subscriber,
    orders: Iterable[uuid.UUID],
    act: Act,
    *,
    by: User,
    together: uuid.UUID | None = None,
    round: int | None = None,
    replies: bool = False,
    answer: IncomingMessage | None = None,
    via: ApiKey | None = None,
) -> Wanted:
    """Notes what a person wants for these orders; it takes effect `UNDO_SECONDS` later. `via`: by which API key.

    The same `together` again changes nothing. `round` is the number of the question that is asked for, so that the
    same click twice asks once; None means one more than there are. Orders of another subscriber are none.
    """
    together = together or uuid.uuid4()
    with transaction.atomic():
        rows = list(_locked(subscriber, orders))
        look = _Look(subscriber, rows, together)
        refused: Counter[str] = Counter()
        wanted = []
        for order in rows:
            why = look.why_not(order, act, round)
            if why:
                refused[why] += 1
                continue
            number = (round or look.asked[order.pk] + 1) if act == Act.ASK else 1
            facts = {"round": number, "replies": replies, "answer": answer, "before": look.state_of(order)}
            wanted.append(_row(order, act, by=by, api_key=via, together=together, **facts))
        HandAct.objects.bulk_create(wanted)
        changes.mark(subscriber.pk, [row.order_id for row in wanted])
        wake.after_commit(ACTS.name)
    return Wanted(together=together, taken=len(wanted), refused=dict(refused))


def want_one(
    order: Order,
    act: Act,
    *,
    by: User,
    round: int | None = None,
    replies: bool = False,
    answer: IncomingMessage | None = None,
    together: uuid.UUID | None = None,
    via: ApiKey | None = None,
) -> None:
    """The same for one order. Raises `hand.NotPossible`; a question that was asked already is asked once."""
    facts: dict[str, Any] = {"round": round, "replies": replies, "answer": answer, "together": together, "via": via}
    told = want(order.subscriber, [order.pk], act, by=by, **facts)
    for why in told.refused:
        if why != ALREADY_ASKED:
            raise hand.NotPossible(why)


def undo(subscriber: Subscriber, together: uuid.UUID, *, by: User, code: str = "", via: ApiKey | None = None) -> Undone:
    """Takes back one click, for every order where nothing of it has left the portal; `code`: for that order alone.

    `via`: by which API key it is asked for.
    """
    with transaction.atomic():
        mine = access.of(HandAct, subscriber).filter(together=together)
        mine = mine.filter(order__code=code) if code else mine
        orders = {order.pk: order for order in _locked(subscriber, mine.values("order_id"))}
        rows = list(mine.select_related("by").select_for_update(of=("self",)).order_by("pk"))
        open_rows = [row for row in rows if row.state in (HandActState.DUE, HandActState.DONE)]
        done = sum(_undo(row, orders[row.order_id], by=by, via=via) for row in open_rows)
    return Undone(count=done, too_late=len(open_rows) - done)


def read(message: IncomingMessage, order: Order, *, as_act: Act | None, by: User, replies: bool = False) -> None:
    """Says of an answer nobody understood which order it is about, and what it means; `as_act` None means nothing more.

    Raises `hand.NotPossible` where the order cannot be decided so any more, or somebody was quicker; then nothing
    changed.
    """
    with transaction.atomic():
        unread.hold_orders(message, also=order)
        message = IncomingMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
        if message.state != IncomingState.UNMATCHED:
            raise hand.NotPossible("message_handled")
        message.state, message.outcome, message.handled_at = IncomingState.HANDLED, ASSIGNED, timezone.now()
        message.save(update_fields=["state", "outcome", "handled_at"])
        timeline.tell(order, "answer_assigned", incoming=message, by=by)
        audit.record(about=message, action="answer_assigned", by=by, order=str(order.pk))
        attention.answer_read(message)
        if as_act is not None:
            want_one(order, as_act, by=by, answer=message, replies=replies)


def pending(subscriber: Subscriber) -> list[Pending]:
    """The clicks of anybody that have not taken effect yet, the newest first."""
    due = access.of(HandAct, subscriber).filter(state=HandActState.DUE)
    program = Coalesce("api_key__name", "via")
    told = due.values("together", "act", name=F("by__name"), email=F("by__email"), program=program)
    told = told.annotate(orders=ArrayAgg("order_id"), until=Max("due_at"), since=Max("asked_at")).order_by("-since")
    return [
        Pending(
            together=row["together"],
            act=row["act"],
            by=story.by_program(row["name"] or row["email"] or "", row["program"]),
            orders=frozenset(row["orders"]),
            until=row["until"],
        )
        for row in told
    ]


def pending_of(subscriber: Subscriber, order: uuid.UUID, *, state: str) -> Pending | None:
    """The act of this order that can be taken back now: one that has not taken effect, or has not left.

    `state` is where the order's confirmation stands: most acts that took effect are past by that alone.
    """
    newest = access.of(HandAct, subscriber).filter(order=order, state__in=[HandActState.DUE, HandActState.DONE])
    row = newest.select_related("by", "api_key").order_by("-asked_at").first()
    if row is None:
        return None
    if row.state == HandActState.DONE and (_DECIDED.get(Act(row.act)) != state or not _stayed_inside(row)):
        return None
    return Pending(
        together=row.together,
        act=row.act,
        by=story.by_program((row.by.name or row.by.email) if row.by else "", row.program),
        orders=frozenset([order]),
        until=row.due_at if row.state == HandActState.DUE else None,
    )


def take_effect(claim: Claim[HandAct]) -> None:
    """Does what was asked for, order by order; what is not possible any more is said in the order's story."""
    for row in claim.rows:
        _take_effect(claim, row)


class _Look:
    """What is known about some orders before an act: everything is read once, however many they are."""

    def __init__(self, subscriber: Subscriber, orders: list[Order], together: uuid.UUID) -> None:
        keys = [order.pk for order in orders]
        self.is_suspended = suspension.is_suspended(subscriber.pk)
        self.account = access.of(Account, subscriber).select_related("subscriber").first()
        self.opened = {
            row.order_id: row
            for row in access.of(Confirmation, subscriber).filter(order__in=keys).select_related("event")
        }
        acts = access.of(HandAct, subscriber).filter(order__in=keys)
        self.due = set(acts.filter(state=HandActState.DUE).values_list("order_id", flat=True))
        self.same = set(acts.filter(together=together).values_list("order_id", flat=True))
        asked = access.of(OutgoingMessage, subscriber).filter(about__in=keys, purpose=Purpose.QUESTION)
        self.asked = Counter(asked.values_list("about", flat=True))
        self.blocked = blocked.among(subscriber.pk, [phone for order in orders for phone in order.phones])
        self.events: dict[uuid.UUID, InteractiveEvent | None] = {}

    def state_of(self, order: Order) -> str:
        """Where its confirmation stands, empty where there is none."""
        opened = self.opened.get(order.pk)
        return opened.state if opened else ""

    def why_not(self, order: Order, act: Act, round: int | None) -> str:
        """Why the act cannot be noted, as a word; empty where it can."""
        if order.pk in self.same or (act == Act.ASK and round is not None and round <= self.asked[order.pk]):
            return ALREADY_ASKED
        if self.is_suspended:
            return suspension.REASON
        if order.pk in self.due:
            return UNDER_WAY
        opened = self.opened.get(order.pk)
        state = State(opened.state) if opened else None
        if act not in hand.possible(state, is_cod=order.is_cod, store_status=order.store_status, phone=order.phone):
            return "moved_on"
        return self._why_not_asked(order, opened) if act == Act.ASK else ""

    def _why_not_asked(self, order: Order, opened: Confirmation | None) -> str:
        if self.blocked.intersection(order.phones):
            return blocked.REASON  # an answer would decide nothing
        event = self._event(order.store)
        if event is None:
            return "no_event"
        if self.account is None:
            return "no_account"
        asked_by = opened.event if opened and opened.event else event
        fits = length.measure(questions.text_of(order, asked_by, self.account)).fits
        return "" if fits else "text_too_long"

    def _event(self, store: Store) -> InteractiveEvent | None:
        if store.pk not in self.events:
            self.events[store.pk] = questions.event_of(store)
        return self.events[store.pk]


def _locked(subscriber: Subscriber, keys: Any) -> QuerySet[Order]:
    rows = access.of(Order, subscriber).filter(pk__in=keys).select_related("store")
    return rows.order_by("pk").select_for_update(of=("self",))


def _row(order: Order, act: Act, **facts: object) -> HandAct:
    now = timezone.now()
    return HandAct(
        subscriber_id=order.subscriber_id,
        order=order,
        store=order.store,
        act=act,
        asked_at=now,
        due_at=now + timedelta(seconds=settings.UNDO_SECONDS),
        work_since=now,
        **facts,
    )


def _undo(row: HandAct, order: Order, *, by: User, via: ApiKey | None) -> bool:
    """Takes one act back where that can be: its row and its order are locked."""
    if row.state == HandActState.DUE:
        timeline.tell(order, "hand_act_wanted", by=row.by, at=row.asked_at, via=row.told_key, act=row.act)
    elif not _take_back(row, order):
        return False
    was_due = row.state == HandActState.DUE
    row.state, row.undone_by, row.done_at = HandActState.UNDONE, by, timezone.now()
    row.due_at, row.claim, row.claimed_until = None, None, None
    row.save(update_fields=["state", "undone_by", "done_at", "due_at", "claim", "claimed_until"])
    _give_answer_back(row)
    timeline.tell(order, "hand_act_undone" if was_due else str(Happening.PERSON_UNDOES), by=by, via=via, act=row.act)
    told: dict[str, Any] = {"act": row.act, "asked_by": str(row.by_id or ""), "was_due": was_due}
    audit.record(about=row, action="hand_act_undone", by=by, via=via, **told)
    return True


def _take_back(row: HandAct, order: Order) -> bool:
    """Takes back an act that took effect, where nothing of it has left: its decision holds and is in no store."""
    found = Confirmation.objects.select_for_update(of=("self",)).filter(subscriber_id=row.subscriber_id, order=order)
    opened = found.first()
    if opened is None or not _holds(row, opened):
        return False
    opened.order = order
    return hand.take_back(opened, before=row.before)


def _stayed_inside(row: HandAct) -> bool:
    opened = Confirmation.objects.filter(subscriber_id=row.subscriber_id, order_id=row.order_id).first()
    return opened is not None and _holds(row, opened) and hand.stayed_inside(opened)


_DECIDED = {Act.APPROVE: State.CONFIRMED, Act.DECLINE: State.DECLINED}


def _holds(row: HandAct, opened: Confirmation) -> bool:
    """Whether this very act decided the confirmation as it stands, and what it decided over can be restored."""
    decided = opened.decided_by_id == row.by_id and opened.state == _DECIDED.get(Act(row.act))
    return decided and row.before != State.DECLINED


@transaction.atomic
def _take_effect(claim: Claim[HandAct], row: HandAct) -> None:
    order = Order.objects.select_for_update(of=("self",)).select_related("store").get(pk=row.order_id)
    if not claim.holds(row):
        return
    opened = Confirmation.objects.filter(subscriber_id=row.subscriber_id, order=order).first()
    before = opened.state if opened else ""
    try:
        _refuse_surprise(row, before)
        _do(row, order)
    except hand.NotPossible as problem:
        claim.close(row, state=HandActState.OVERTAKEN, reason=str(problem), done_at=timezone.now())
        _give_answer_back(row)
        timeline.tell(order, "hand_act_overtaken", by=row.by, via=row.told_key, act=row.act, reason=str(problem))
    else:
        claim.close(row, state=HandActState.DONE, before=before, done_at=timezone.now())


def _refuse_surprise(row: HandAct, now: str) -> None:
    """Whoever clicked saw no decision, and there is one by now: the buyer was quicker. Raises `hand.NotPossible`."""
    if row.act != Act.ASK and now not in (row.before, "", State.WAITING, State.EXPIRED):
        raise hand.NotPossible("moved_on")


def _give_answer_back(row: HandAct) -> None:
    """The answer that the act was to take its meaning from is nobody's again, and asks to be read."""
    if row.answer_id is not None:
        IncomingMessage.objects.filter(pk=row.answer_id, outcome=ASSIGNED).update(
            state=IncomingState.UNMATCHED, outcome=Verdict.UNMATCHED, handled_at=None
        )


def _do(row: HandAct, order: Order) -> None:
    """Raises `hand.NotPossible`; then nothing has changed.

    Who was removed from the team meanwhile decides nothing, nor does a key that was ended.
    """
    if row.by is None or not Membership.objects.filter(subscriber_id=row.subscriber_id, user=row.by_id).exists():
        raise hand.NotPossible("person_gone")
    if row.has_ended_key:
        raise hand.NotPossible("key_ended")
    with transaction.atomic():
        if row.act == Act.ASK:
            hand.ask(order, by=row.by, round=row.round, via=row.told_key)
        else:
            hand.decide(order, Act(row.act), by=row.by, answer=row.answer, replies=row.replies, via=row.told_key)


def _give_up(row: HandAct, reason: str) -> None:
    HandAct.objects.filter(pk=row.pk).update(state=HandActState.OVERTAKEN, reason="broke", done_at=timezone.now())
    timeline.tell(row.order, "hand_act_overtaken", by=row.by, via=row.told_key, act=row.act, reason="broke")
    _give_answer_back(row)


ACTS = queues.register(
    queues.Queue(
        name="orders.hand",
        model=HandAct,
        lane="store",
        perform=take_effect,
        give_up=_give_up,
        batch=20,
        heeds_pause=False,
        heeds_refusal=False,
        heeds_suspension=True,
    )
)
