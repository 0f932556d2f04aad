"""What matching takes and what it gives: plain values, fit to be stored and shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """Where the confirmation of an order stands when the answer is looked at."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXPIRED = "expired"
    CLOSED = "closed"


class Verdict(StrEnum):
    """What is to be done with an answer, or with one order in it."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    OTHER_PHONE = "other_phone"
    LATE = "late"
    ASK_WHICH = "ask_which"
    ASK_STORE = "ask_store"
    OPT_OUT = "opt_out"
    UNMATCHED = "unmatched"


class Reason(StrEnum):
    """Why; one value for each cause that a merchant could tell apart."""

    BY_REFERENCE = "by_reference"
    ONLY_OPEN = "only_open"
    ALL_ASKED = "all_asked"
    NEAR_REFERENCE = "near_reference"
    OTHER_PHONE_ACCEPTED = "other_phone_accepted"
    OTHER_PHONE_CONFIRMS = "other_phone_confirms"
    OTHER_PHONE_DECLINES = "other_phone_declines"
    ALREADY_CONFIRMED = "already_confirmed"
    ALREADY_DECLINED = "already_declined"
    REFUSES_CONFIRMED = "refuses_confirmed"
    CONFIRMS_DECLINED = "confirms_declined"
    EXPIRED = "expired"
    CLOSED = "closed"
    SEVERAL_OPEN = "several_open"
    SEVERAL_NEAR = "several_near"
    UNKNOWN_REFERENCE = "unknown_reference"
    OPT_OUT_WORD = "opt_out_word"
    OPT_OUT_WORDING = "opt_out_wording"
    EMPTY = "empty"
    QUESTION = "question"
    CONDITIONAL = "conditional"
    FUTURE = "future"
    NEGATION = "negation"
    CONTAINS_KEYWORD = "contains_keyword"
    MIXED_ANSWER = "mixed_answer"
    REFERENCE_AMBIGUOUS = "reference_ambiguous"
    SENT_BEFORE_ORDER = "sent_before_order"
    OTHER_PHONE_NOT_OPEN = "other_phone_not_open"
    OTHER_KEYWORD = "other_keyword"
    SLIP_NEAR_REFUSAL = "slip_near_refusal"
    SLIP_NEAR_OTHER_KEYWORD = "slip_near_other_keyword"
    SLIP_ALONE = "slip_alone"
    TAUGHT_AMONG_WORDS = "taught_among_words"
    OTHER_WORD = "other_word"
    NO_KEYWORD = "no_keyword"
    REFERENCE_ALONE = "reference_alone"
    NO_ORDER = "no_order"
    NO_EVENT = "no_event"
    # Not by `match`: the shop has blocked the sender's phone, or another phone of the order (`orders/blocked.py`).
    PHONE_BLOCKED = "phone_blocked"
    ORDER_BLOCKED = "order_blocked"


class Look(StrEnum):
    """One thing that was seen on the way; the words for it are the screen's."""

    TEXT_FOLDED = "text_folded"
    OPT_OUT_FOUND = "opt_out_found"
    REFUSAL_FOUND = "refusal_found"
    REFUSAL_SLIP_FOUND = "refusal_slip_found"
    NEGATIVE_FOUND = "negative_found"
    DOUBT_FOUND = "doubt_found"
    REFERENCE_FOUND = "reference_found"
    REFERENCE_NEAR = "reference_near"
    REFERENCE_UNKNOWN = "reference_unknown"
    KEYWORD_FOUND = "keyword_found"
    KEYWORD_FORM_FOUND = "keyword_form_found"
    KEYWORD_SPLIT_FOUND = "keyword_split_found"
    KEYWORD_SLIP_FOUND = "keyword_slip_found"
    KEYWORD_SLIP_REFUSED = "keyword_slip_refused"
    TAUGHT_FOUND = "taught_found"
    TAUGHT_REFUSED = "taught_refused"
    KEYWORD_ABSENT = "keyword_absent"
    OTHER_WORD_FOUND = "other_word_found"
    OPEN_ORDER = "open_order"
    ALL_FOUND = "all_found"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An interactive event of the line. A lower `priority` looks first; an empty `keyword` means `Onay`.

    `confirming_words` are further forms of the keyword that its merchant has taught it; `refusal_words` hold for the
    whole line.
    """

    id: str
    store: str
    priority: int
    keyword: str
    created_at: datetime
    accept_other_phone: bool = False
    refusal_words: tuple[str, ...] = ()
    confirming_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """An order the answer may concern, asked or not.

    `references` holds what a buyer may call it by, the transaction id first, then the store's id; `phones`
    all its numbers (shipping, billing) as E.164; `created_at` is when the order was created in the store.
    """

    id: str
    store: str
    references: tuple[str, ...]
    phones: frozenset[str]
    created_at: datetime
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A thing seen: the word of the text, what it was held against, and the event or order concerned."""

    look: Look
    word: str = ""
    against: str = ""
    event_id: str = ""
    confirmation_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The verdict over one order; `reference` as the buyer typed it, empty where none was typed."""

    confirmation_id: str
    verdict: Verdict
    reason: Reason
    reference: str = ""
    event: Event | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an answer means.

    `decisions` has one entry an order, in the order of the text; for `ask_which` it names the orders to choose
    from. `verdict` and `reason` are those of the weightiest decision. `unknown_references` is filled for
    `ask_store`: as typed, digits in ASCII, best guess first.
    """

    verdict: Verdict
    reason: Reason
    event: Event | None = None
    decisions: tuple[Decision, ...] = ()
    unknown_references: tuple[str, ...] = ()
    trace: tuple[Step, ...] = ()


# The weightiest first: what the whole answer is called when its orders differ.
WEIGHT: Sequence[Verdict] = (
    Verdict.CONFIRM,
    Verdict.DECLINE,
    Verdict.OTHER_PHONE,
    Verdict.LATE,
    Verdict.ASK_WHICH,
    Verdict.ASK_STORE,
    Verdict.UNMATCHED,
)
