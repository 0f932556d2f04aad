"""From an answer to its outcome: opt-out, then refusal, then doubt, then the keyword (rule 5)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from messaging.turkish import fold
from orders.matching import learned, together
from orders.matching.concerned import LATE_REASONS, Answer, decide, decide_mentions
from orders.matching.doubts import doubt_in
from orders.matching.keywords import Fit, claimed_by, fit, other_words
from orders.matching.lexicon import Lexicon, forms_of, keyword_of, lexicon_of
from orders.matching.outcome import (
    WEIGHT,
    Confirmation,
    Decision,
    Event,
    Look,
    Outcome,
    Reason,
    State,
    Step,
    Verdict,
)
from orders.matching.reading import Kind, Known, Mention, Reading, index_references, read
from orders.matching.refusals import Refusal, only_word, opt_out_in, refusal_in
from orders.matching.unknown import SHORTEST_AMONG_WORDS, nearest, unknown_references
from orders.matching.words import DEFAULT_KEYWORD, QUESTION_MARKS

# Why no keyword fitted, the most telling first.
_REFUSED = (
    Reason.SLIP_NEAR_REFUSAL,
    Reason.SLIP_NEAR_OTHER_KEYWORD,
    Reason.SLIP_ALONE,
    Reason.TAUGHT_AMONG_WORDS,
    Reason.NO_KEYWORD,
)


@dataclass(slots=True, kw_only=True)
class _Case:
    """One answer being looked at, with what was seen so far."""

    reading: Reading
    lexicon: Lexicon
    known: Known
    sender: str
    sent_at: datetime
    events: Sequence[Event]
    confirmations: Sequence[Confirmation]
    asked_store: bool
    asked_which: frozenset[str]
    trace: list[Step] = field(default_factory=list)

    def outcome(
        self,
        verdict: Verdict,
        reason: Reason,
        event: Event | None = None,
        decisions: tuple[Decision, ...] = (),
        unknown: tuple[str, ...] = (),
    ) -> Outcome:
        return Outcome(
            verdict=verdict,
            reason=reason,
            event=event,
            decisions=decisions,
            unknown_references=unknown,
            trace=tuple(self.trace),
        )

    def own(self) -> list[Confirmation]:
        return [confirmation for confirmation in self.confirmations if self.sender in confirmation.phones]


def match(
    text: str,
    *,
    sender: str,
    sent_at: datetime,
    events: Sequence[Event],
    confirmations: Sequence[Confirmation],
    asked_store: bool = False,
    asked_which: frozenset[str] = frozenset(),
) -> Outcome:
    """Say what a buyer's answer means. Pure: the same values always give the same outcome, and none raises.

    `sender` is E.164 (or a sender name, which proves nothing), `sent_at` aware; `events` are those of the line
    that are on; `confirmations` all orders of the line that may be concerned: those of the sender's phone, and
    those that `candidate_references(text)` finds, whoever's. On `ask_store` the caller asks the store for
    `unknown_references` and calls again with what was found and `asked_store=True`. `asked_which` are the ids of
    the orders that our newest question *which one* named to the sender, where that was a short while ago.

    A slip in a reference is forgiven only after the store was asked: numbers run in order, and the unknown
    12346 may be the buyer's next order rather than a slip of 12345.
    """
    lexicon, known = lexicon_of(events), index_references(confirmations)
    case = _Case(
        reading=read(text, lexicon=lexicon, known=known, sender=sender),
        lexicon=lexicon,
        known=known,
        sender=sender,
        sent_at=sent_at,
        events=sorted(events, key=_precedence),
        confirmations=confirmations,
        asked_store=asked_store,
        asked_which=asked_which,
        trace=[Step(look=Look.TEXT_FOLDED, word=fold(text))],
    )
    return _decided(_judge(case))


def can_confirm(event: Event) -> bool:
    """Tell whether any answer with the event's keyword could confirm; not one that refuses, such as `iptal`.

    For the warning when an event is saved.
    """
    order = Confirmation(
        id="",
        store=event.store,
        references=("1234567",),
        phones=frozenset({""}),
        created_at=event.created_at,
        state=State.OPEN,
    )
    text = f"{event.keyword.strip() or DEFAULT_KEYWORD} 1234567"
    outcome = match(text, sender="", sent_at=event.created_at, events=[event], confirmations=[order])
    return outcome.verdict is Verdict.CONFIRM


def _precedence(event: Event) -> tuple[int, int, datetime, str]:
    return event.priority, -len(keyword_of(event)), event.created_at, event.id


def _decided(outcome: Outcome) -> Outcome:
    steps = [
        Step(
            look=Look.DECIDED,
            word=decision.reference,
            against=decision.reason,
            event_id=decision.event.id if decision.event else "",
            confirmation_id=decision.confirmation_id,
        )
        for decision in outcome.decisions
    ]
    return replace(outcome, trace=(*outcome.trace, *steps)) if steps else outcome


def _judge(case: _Case) -> Outcome:
    opt_out = opt_out_in(case.reading)
    if opt_out is not None:
        case.trace.append(opt_out[1])
        return case.outcome(Verdict.OPT_OUT, opt_out[0])
    refusal = refusal_in(case.reading, case.lexicon)
    if refusal is not None:
        case.trace.extend(refusal.steps)
        return _decline_all(case, refusal) or _settle(case, Verdict.DECLINE, case.events, refusal=refusal)
    doubt = doubt_in(case.reading, case.lexicon)
    if doubt is not None:
        case.trace.append(doubt[1])
        return case.outcome(Verdict.UNMATCHED, doubt[0], _keeper(case, case.events))
    return _confirm(case)


def _keeper(case: _Case, events: Sequence[Event]) -> Event | None:
    """Give the event that keeps a message nothing came of: the first whose store the sender has an order in."""
    stores = {c.store for c in case.own()} | {
        c.store for mention in case.reading.mentions for _, c in case.known[mention.key]
    }
    return next((event for event in events if event.store in stores), events[0] if events else None)


def _held_mentions(case: _Case, refusal: Refusal) -> frozenset[int]:
    """Find the references that a text confirms beside others it refuses ("12345 onay 67890 iptal").

    Only where confirming or refusing word and reference take turns is it clear which belong together;
    otherwise the refusal holds for every reference.
    """
    marks: list[tuple[str, int]] = []
    starts = {mention.start for mention in case.reading.mentions}
    taught = {found.start for event in case.events for found in learned.taught_in(event, case.reading)}
    for place, piece in enumerate(case.reading.pieces):
        if place in refusal.places:
            marks.append(("refuses", place))
        elif place in starts:
            marks.append(("reference", place))
        elif piece.text in case.lexicon.forms or place in taught:
            marks.append(("confirms", place))
    pairs = [(marks[i], marks[i + 1]) for i in range(0, len(marks) - 1, 2)]
    first = 0 if marks and marks[0][0] == "reference" else 1
    if len(marks) % 2 or any(pair[first][0] != "reference" for pair in pairs):
        return frozenset()
    return frozenset(pair[first][1] for pair in pairs if pair[1 - first][0] == "confirms")


def _confirm(case: _Case) -> Outcome:
    if not case.events:
        return case.outcome(Verdict.UNMATCHED, Reason.NO_EVENT)
    case.reading = learned.reread(
        case.reading, events=case.events, lexicon=case.lexicon, known=case.known, sender=case.sender
    )
    doubt = learned.continued_in(case.events, case.reading)
    if doubt is not None:
        case.trace.append(doubt[1])
        return case.outcome(Verdict.UNMATCHED, doubt[0], _keeper(case, case.events))
    looked = [fit(event, case.reading, case.lexicon) for event in case.events]
    case.trace.extend(found.step for found in looked)
    fitting = [found for found in looked if found.refused is None]
    all_of_them = _confirm_all(case, fitting)
    if all_of_them is not None:
        return all_of_them
    if not fitting:
        return case.outcome(Verdict.UNMATCHED, _why_none(case, looked), _keeper(case, case.events))
    return _settle(case, Verdict.CONFIRM, [found.event for found in fitting], fits=fitting)


def _confirm_all(case: _Case, fits: Sequence[Fit]) -> Outcome | None:
    """Confirm all that our question *which* named; another yes than the keyword counts for the default word alone."""
    plain, count = case.reading.words(), len(case.asked_which)
    # "İkisini de" is more than a taught word may stand beside; here all that is said is looked at again.
    named = {found.event.id for found in fits} | {event.id for event in case.events if _is_told(event, case.reading)}
    fitting = [event for event in case.events if event.id in named]
    if fitting:
        taught = frozenset(each.text for e in fitting for each in learned.taught_in(e, case.reading))
        forms = taught.union(*(forms_of(keyword_of(event)) for event in fitting))
        word = together.confirms_all(plain, count=count, forms=forms)
        if word or any(not found.is_taught for found in fits):
            return _all_asked(case, Verdict.CONFIRM, fitting, word)
    events = [event for event in case.events if keyword_of(event) == DEFAULT_KEYWORD]
    return _all_asked(case, Verdict.CONFIRM, events, together.assents_to_all(plain, count=count))


def _is_told(event: Event, reading: Reading) -> bool:
    return any(not found.is_courtesy for found in learned.taught_in(event, reading))


def _decline_all(case: _Case, refusal: Refusal) -> Outcome | None:
    refused = only_word(refusal, case.lexicon)
    plain = [
        refused if place in refusal.places else piece.text
        for place, piece in enumerate(case.reading.pieces)
        if place not in refusal.places or place - 1 not in refusal.places
    ]
    word = together.refuses_all(plain, refusal=refused, count=len(case.asked_which))
    return _all_asked(case, Verdict.DECLINE, case.events, word)


def _all_asked(case: _Case, intent: Verdict, events: Sequence[Event], word: str) -> Outcome | None:
    """Decide over all orders that our question *which* named, where `word` means them and each is still open (rule 7).

    A further order of the sender that came meanwhile leaves it open which are meant.
    """
    answer = Answer(intent=intent, sender=case.sender, sent_at=case.sent_at, events=events)
    opened = _open(case, answer)
    if not word or len(opened) < 2 or {each.id for each in opened} != case.asked_which:
        return None
    if any(piece.kind is not Kind.WORD for piece in case.reading.pieces):
        return None
    if not QUESTION_MARKS.isdisjoint(case.reading.text):
        return None
    if any(answer.event_of(each) is None for each in opened):
        return None
    case.trace.append(Step(look=Look.ALL_FOUND, word=word))
    decisions = tuple(decide(answer, each, reason=Reason.ALL_ASKED) for each in opened)
    return case.outcome(intent, Reason.ALL_ASKED, decisions[0].event, decisions)


def _why_none(case: _Case, looked: Sequence[Fit]) -> Reason:
    reasons = {found.refused for found in looked}
    reason = next(reason for reason in _REFUSED if reason in reasons)
    if reason is Reason.NO_KEYWORD and case.reading.pieces and not case.reading.words():
        return Reason.REFERENCE_ALONE
    return reason


def _settle(
    case: _Case,
    intent: Verdict,
    events: Sequence[Event],
    *,
    fits: Sequence[Fit] = (),
    refusal: Refusal | None = None,
) -> Outcome:
    """Find the orders that an answer with a clear intent is about, and decide over them."""
    answer = Answer(intent=intent, sender=case.sender, sent_at=case.sent_at, events=events)
    if case.reading.ambiguous:
        return case.outcome(Verdict.UNMATCHED, Reason.REFERENCE_AMBIGUOUS, _keeper(case, events))
    claimed: list[Collection[int]] = [claimed_by(found, case.reading) for found in fits]
    claimed = claimed or [refusal.places if refusal else ()]
    others = min((other_words(case.reading, places) for places in claimed), key=len)
    mentions = _counted_mentions(case, bare=not others)
    if mentions:
        return _by_reference(case, answer, mentions, _held_mentions(case, refusal) if refusal else frozenset())
    unknown = unknown_references(case.reading, sender=case.sender, bare=not others)
    if unknown:
        return _by_unknown(case, answer, unknown)
    return _by_phone(case, answer, () if refusal else others)


def _counted_mentions(case: _Case, *, bare: bool) -> list[Mention]:
    """Leave out short numbers beside other words or numbers that only another buyer's order bears ("2 adet")."""
    mentions = case.reading.mentions
    alone = bare and sum(piece.kind is not Kind.WORD for piece in case.reading.pieces) == 1
    owned = [m for m in mentions if any(case.sender in c.phones for _, c in case.known[m.key])]
    return [m for m in mentions if alone or m in owned or len(m.key) >= SHORTEST_AMONG_WORDS]


def _by_reference(case: _Case, answer: Answer, mentions: Sequence[Mention], held: frozenset[int]) -> Outcome:
    for mention in mentions:
        case.trace.append(Step(look=Look.REFERENCE_FOUND, word=mention.typed, against=mention.key))
    decisions = decide_mentions(answer, mentions, held, case.known)
    top = min(decisions, key=lambda decision: WEIGHT.index(decision.verdict))
    event = top.event or _keeper(case, answer.events)
    return case.outcome(top.verdict, top.reason, event, decisions)


def _by_unknown(case: _Case, answer: Answer, unknown: tuple[str, ...]) -> Outcome:
    """Ask the store for an unknown reference first (rule 10); then forgive a slip in it (rule 6)."""
    keeper = _keeper(case, answer.events)
    case.trace.extend(Step(look=Look.REFERENCE_UNKNOWN, word=reference) for reference in unknown)
    if not case.asked_store and answer.events:
        return case.outcome(Verdict.ASK_STORE, Reason.UNKNOWN_REFERENCE, keeper, unknown=unknown)
    near = [(c, typed) for c, typed in nearest(unknown, _open(case, answer)) if answer.event_of(c)]
    for confirmation, typed in near:
        step = Step(look=Look.REFERENCE_NEAR, word=typed, against=confirmation.references[0])
        case.trace.append(replace(step, confirmation_id=confirmation.id))
    if not near:
        return case.outcome(Verdict.UNMATCHED, Reason.UNKNOWN_REFERENCE, keeper)
    if len(near) > 1:
        return _ask_which(case, answer, [c for c, _ in near], Reason.SEVERAL_NEAR)
    decision = decide(answer, near[0][0], reason=Reason.NEAR_REFERENCE, typed=near[0][1])
    return case.outcome(decision.verdict, decision.reason, decision.event, (decision,))


def _open(case: _Case, answer: Answer) -> list[Confirmation]:
    return [c for c in case.own() if c.state is State.OPEN and not answer.precedes(c)]


def _ask_which(case: _Case, answer: Answer, among: Sequence[Confirmation], reason: Reason) -> Outcome:
    decisions = tuple(
        Decision(confirmation_id=c.id, verdict=Verdict.ASK_WHICH, reason=reason, event=answer.event_of(c))
        for c in among
    )
    event = next((e for e in answer.events if any(e.store == c.store for c in among)), None)
    return case.outcome(Verdict.ASK_WHICH, reason, event or _keeper(case, answer.events), decisions)


def _by_phone(case: _Case, answer: Answer, others: Sequence[str]) -> Outcome:
    """Without a reference, mean the sender's only open order, where nothing else is said (rule 7)."""
    opened = _open(case, answer)
    case.trace.extend(Step(look=Look.OPEN_ORDER, confirmation_id=c.id) for c in opened)
    if len(opened) > 1:
        return _ask_which(case, answer, opened, Reason.SEVERAL_OPEN)
    if others:
        case.trace.extend(Step(look=Look.OTHER_WORD_FOUND, word=word) for word in others)
        return case.outcome(Verdict.UNMATCHED, Reason.OTHER_WORD, _keeper(case, answer.events))
    if not opened:
        return _without_open(case, answer)
    event = answer.event_of(opened[0])
    if event is None:
        return case.outcome(Verdict.UNMATCHED, Reason.OTHER_KEYWORD, _keeper(case, answer.events))
    decision = decide(answer, opened[0], reason=Reason.ONLY_OPEN)
    return case.outcome(decision.verdict, decision.reason, event, (decision,))


def _without_open(case: _Case, answer: Answer) -> Outcome:
    """Answer late for the sender's latest order that is no longer open; else there is no order to mean."""
    own = [c for c in case.own() if answer.event_of(c) is not None]
    past = [c for c in own if c.state in LATE_REASONS and not answer.precedes(c)]
    if past:
        decision = decide(answer, max(past, key=lambda c: c.created_at), reason=Reason.ONLY_OPEN)
        return case.outcome(decision.verdict, decision.reason, decision.event, (decision,))
    reason = Reason.SENT_BEFORE_ORDER if own else Reason.NO_ORDER
    return case.outcome(Verdict.UNMATCHED, reason, _keeper(case, answer.events))
