"""Which orders an answer is about, once it is known to confirm or to refuse (rules 2 and 6 to 11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from orders.matching.outcome import Confirmation, Decision, Event, Reason, State, Verdict
from orders.matching.reading import Known, Mention

_TOLERANCE = timedelta(minutes=2)

LATE_REASONS = {
    State.CONFIRMED: Reason.ALREADY_CONFIRMED,
    State.DECLINED: Reason.ALREADY_DECLINED,
    State.EXPIRED: Reason.EXPIRED,
    State.CLOSED: Reason.CLOSED,
}
# The buyer says the contrary of what was said before.
CHANGED_MIND = {
    (Verdict.DECLINE, State.CONFIRMED): Reason.REFUSES_CONFIRMED,
    (Verdict.CONFIRM, State.DECLINED): Reason.CONFIRMS_DECLINED,
}
_ANSWERED_OR_OPEN = frozenset({State.OPEN, State.CONFIRMED, State.DECLINED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that confirms or declines: who sent it, when, and the events that it fits, by priority."""

    intent: Verdict
    sender: str
    sent_at: datetime
    events: Sequence[Event]

    def owns(self, confirmation: Confirmation) -> bool:
        """Tell whether the sender's phone is one of the order's own."""
        return self.sender in confirmation.phones

    def precedes(self, confirmation: Confirmation) -> bool:
        """Tell whether the answer was sent before the order was created, two minutes tolerated."""
        return self.sent_at + _TOLERANCE < confirmation.created_at

    def event_of(self, confirmation: Confirmation) -> Event | None:
        """Give the first fitting event of the order's store."""
        return next((event for event in self.events if event.store == confirmation.store), None)


def decide(
    answer: Answer, confirmation: Confirmation, *, reason: Reason, typed: str = "", event: Event | None = None
) -> Decision:
    """Decide over one order whose phone is proven; `reason` is how it was found."""
    verdict = answer.intent
    if answer.precedes(confirmation):
        verdict, reason = Verdict.UNMATCHED, Reason.SENT_BEFORE_ORDER
    elif confirmation.state is not State.OPEN:
        late = LATE_REASONS[confirmation.state]
        verdict, reason = Verdict.LATE, CHANGED_MIND.get((answer.intent, confirmation.state), late)
    return Decision(
        confirmation_id=confirmation.id,
        verdict=verdict,
        reason=reason,
        reference=typed,
        event=event or answer.event_of(confirmation),
    )


def decide_mention(answer: Answer, mention: Mention, known: Known) -> Decision:
    """Decide over one known reference: the sender's own order first, then another phone's."""
    ranked = sorted(known[mention.key], key=lambda entry: entry[0])
    own = [confirmation for _, confirmation in ranked if answer.owns(confirmation)]
    others = [confirmation for _, confirmation in ranked if not answer.owns(confirmation)]
    best = _first(answer, [c for c in own if c.state in _ANSWERED_OR_OPEN]) or _first(answer, own)
    if best is not None:
        return _decide_own(answer, mention, best, own, known)
    other = _first(answer, others)
    if other is not None:
        return _decide_other(answer, mention, other)
    return _unmatched((own or others)[0], Reason.OTHER_KEYWORD, mention, None)


def _first(answer: Answer, confirmations: Sequence[Confirmation]) -> Confirmation | None:
    """Give the confirmation of the first event whose store has one (rule 2)."""
    for event in answer.events:
        for confirmation in confirmations:
            if confirmation.store == event.store:
                return confirmation
    return None


def _decide_own(
    answer: Answer, mention: Mention, best: Confirmation, own: Sequence[Confirmation], known: Known
) -> Decision:
    ranks = {confirmation.id: rank for rank, confirmation in reversed(known[mention.key])}
    twins = [c for c in own if c.store == best.store and c.id != best.id and ranks[c.id] == ranks[best.id]]
    if any(c.state is State.OPEN for c in twins):
        return _unmatched(best, Reason.REFERENCE_AMBIGUOUS, mention, answer.event_of(best))
    return decide(answer, best, reason=Reason.BY_REFERENCE, typed=mention.typed)


def _decide_other(answer: Answer, mention: Mention, other: Confirmation) -> Decision:
    """Keep another phone's order for the merchant (rule 8), unless the event accepts it."""
    event = answer.event_of(other)
    if event is not None and event.accept_other_phone:
        return decide(answer, other, reason=Reason.OTHER_PHONE_ACCEPTED, typed=mention.typed, event=event)
    if other.state is not State.OPEN:
        return _unmatched(other, Reason.OTHER_PHONE_NOT_OPEN, mention, event)
    if answer.precedes(other):
        return _unmatched(other, Reason.SENT_BEFORE_ORDER, mention, event)
    confirms = answer.intent is Verdict.CONFIRM
    return Decision(
        confirmation_id=other.id,
        verdict=Verdict.OTHER_PHONE,
        reason=Reason.OTHER_PHONE_CONFIRMS if confirms else Reason.OTHER_PHONE_DECLINES,
        reference=mention.typed,
        event=event,
    )


def _unmatched(confirmation: Confirmation, reason: Reason, mention: Mention, event: Event | None) -> Decision:
    return Decision(
        confirmation_id=confirmation.id,
        verdict=Verdict.UNMATCHED,
        reason=reason,
        reference=mention.typed,
        event=event,
    )


def decide_mentions(
    answer: Answer, mentions: Sequence[Mention], held: frozenset[int], known: Known
) -> tuple[Decision, ...]:
    """Decide over each known reference by itself (rule 9), once an order.

    `held` are the mentions (by place) that the same text both confirms and refuses around: they are left to a
    person. Beside the sender's own orders, another buyer's counts only where it is open.
    """
    decisions: dict[str, Decision] = {}
    own: set[str] = set()
    for mention in mentions:
        decision = decide_mention(answer, mention, known)
        if mention.start in held and decision.verdict is answer.intent:
            decision = _held(decision)
        decisions.setdefault(decision.confirmation_id, decision)
        if any(answer.owns(c) for _, c in known[mention.key] if c.id == decision.confirmation_id):
            own.add(decision.confirmation_id)
    return tuple(
        d for d in decisions.values() if not own or d.confirmation_id in own or d.verdict is not Verdict.UNMATCHED
    )


def _held(decision: Decision) -> Decision:
    return Decision(
        confirmation_id=decision.confirmation_id,
        verdict=Verdict.UNMATCHED,
        reason=Reason.MIXED_ANSWER,
        reference=decision.reference,
        event=decision.event,
    )
