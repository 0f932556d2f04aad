"""Which news an order gives, when it waits and why it does not go: rules over plain values, no I/O and no clock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import groupby, pairwise

from integrations.ideasoft.payloads import ISTANBUL, Status, fold
from messaging import texts
from orders.models import When
from orders.news.occasions import of_status

LATEST = timedelta(hours=24)  # what is older is news no longer
SOONEST_LOOK, LATEST_LOOK = timedelta(seconds=2), timedelta(minutes=5)
ENDS = frozenset({Status.DELIVERED, Status.CANCELLED, Status.REFUNDED})
# From here on "we have your order" tells a buyer nothing, or the wrong thing.
_BEYOND_RECEIVED = ENDS | {Status.FULFILLED, Status.DELETED}
OF_THE_CODE = frozenset({"takipno", "takiplinki"})


class Why(StrEnum):
    """Why a news waits, or does not go: the words that rows and stories keep."""

    WAITS_FOR_QUESTION = "waits_for_question"
    WAITS_FOR_REPLY = "waits_for_reply"
    WAITS_FOR_CODE = "waits_for_code"
    QUIET_HOURS = "quiet_hours"

    OVERTAKEN = "overtaken"
    TOO_LATE = "too_late"
    TURNED_OFF = "turned_off"
    NOT_COD = "not_cod"
    BELOW_AMOUNT = "below_amount"
    OTHER_PAYMENT = "other_payment"
    NO_MOBILE = "no_mobile"
    PHONE_BLOCKED = "phone_blocked"
    NO_ACCOUNT = "no_account"
    TOO_LONG = "too_long"
    QUESTION_STANDS_FOR_IT = "question_stands_for_it"
    REPLY_STANDS_FOR_IT = "reply_stands_for_it"
    DECLINE_ANSWERED = "decline_answered"
    BROKE = "broke"


WAITS = (Why.WAITS_FOR_QUESTION, Why.WAITS_FOR_REPLY, Why.WAITS_FOR_CODE, Why.QUIET_HOURS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of which orders a news tells; `min_amount` in the order's own currency, no `payment_types` for all of them."""

    only_cod: bool = False
    min_amount: Decimal | None = None
    payment_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the question and its answer tell the buyer of an order anyway: what went out, and what is on its way."""

    is_asked: bool = False
    is_being_asked: bool = False
    is_replied: bool = False
    is_being_replied: bool = False
    is_decline_answered: bool = False


def occasion(
    *, before: str | None, status: str, on: Collection[When], telling: Collection[When] | None = None
) -> When | None:
    """The news that an order gives at this status, of those that are `on`; `before` is None for a new order.

    A new order gives the news of its first status, and where there is none, that it was received: first of those
    `telling`, whose limits let this order through (None: all that are on), then of the others, so that its story says
    why it is told nothing.
    """
    if before == status:
        return None
    is_received = before is None and status not in _BEYOND_RECEIVED
    given = [of_status(status), When.RECEIVED if is_received else None]
    for known in (on if telling is None else telling, on):
        for when in given:
            if when in known:
                return when
    return None


def may_begin(when: When, *, before: str | None) -> bool:
    """Whether a news begins, or begins anew, with this change.

    An order is received when it comes, or once it is paid: not again where somebody sets it back.
    """
    return when != When.RECEIVED or before in (None, Status.WAITING_FOR_PAYMENT)


def holds(when: When, *, status: str, telling: Collection[When]) -> bool:
    """Whether the order still stands where the news says; `telling` are the news that are on and tell this order.

    `received` holds from the first status on, whatever that is, as long as no status came after whose own news is
    `telling`, and the order is neither on its way nor ended: a store that approves by itself within seconds must not
    take the first word from its buyers.
    """
    told = of_status(status)
    if when != When.RECEIVED or told == when:
        return told == when
    return status not in _BEYOND_RECEIVED and told not in telling


def is_back(story: Sequence[tuple[datetime, str]], *, settle: timedelta) -> bool:
    """Whether the order had left its present status for less than `settle`: what lay between was a slip.

    `story` as in `has_ended`.
    """
    runs = _runs(story)
    left = [until for (_, status), (until, _) in pairwise(runs) if status == runs[-1][1]]
    return bool(left) and runs[-1][0] - left[-1] < settle


def has_ended(story: Sequence[tuple[datetime, str]], *, settle: timedelta) -> bool:
    """Whether the following had ended before the order's present status.

    It ends with delivered, cancelled or refunded, if that held for `settle`: a slip that was put right sooner never
    was. `story` are the statuses by the time they were seen, the oldest first, the present one last.
    """
    return any(status in ENDS and until - since >= settle for (since, status), (until, _) in pairwise(_runs(story)))


def _runs(story: Sequence[tuple[datetime, str]]) -> list[tuple[datetime, str]]:
    """Each status once for as long as it lasted, by its beginning."""
    return [next(run) for _, run in groupby(story, key=lambda step: step[1])]


def outside(limits: Limits, *, is_cod: bool, amount: Decimal | None, payment_type: str) -> Why | None:
    """Why a news does not tell of such an order; None where it does. Names of payments are compared folded."""
    if limits.only_cod and not is_cod:
        return Why.NOT_COD
    if limits.min_amount is not None and (amount is None or amount < limits.min_amount):
        return Why.BELOW_AMOUNT
    if limits.payment_types and fold(payment_type) not in map(fold, limits.payment_types):
        return Why.OTHER_PAYMENT
    return None


def echo(when: When, heard: Heard) -> Why | None:
    """What tells the buyer the same, or may be about to (one of `WAITS`); None where the news is the only word."""
    if when == When.RECEIVED:
        waits, stands = heard.is_being_asked, heard.is_asked
        return Why.QUESTION_STANDS_FOR_IT if stands else Why.WAITS_FOR_QUESTION if waits else None
    if when == When.APPROVED:
        waits, stands = heard.is_being_replied, heard.is_replied
        return Why.REPLY_STANDS_FOR_IT if stands else Why.WAITS_FOR_REPLY if waits else None
    if when == When.CANCELLED and heard.is_decline_answered:
        return Why.DECLINE_ANSWERED
    return None


def code_until(when: When, *, text: str, code: str, since: datetime, hours: int) -> datetime | None:
    """Until when a news waits for the tracking code, `hours` from `since`; None where it needs none, or has one.

    A text that names neither the code nor its link has nothing to wait for.
    """
    if when != When.SHIPPED or code or not OF_THE_CODE & set(texts.placeholders(text)):
        return None
    return since + timedelta(hours=hours)


def quiet_until(at: datetime, *, begins: time | None, ends: time | None) -> datetime | None:
    """The end of the quiet time that `at` (aware) lies in; None where it lies in none.

    The hours are those of the clock on the shop's wall, past midnight where they end earlier than they begin. On a day
    that has the end twice it is the later one, on a day that leaves it out as much after the leap.
    """
    if begins is None or ends is None or begins == ends:
        return None
    local = at.astimezone(ISTANBUL)
    clock, on = local.time(), local.date()
    is_late = clock >= begins
    if not (begins <= clock < ends if begins < ends else is_late or clock < ends):
        return None
    day = on + timedelta(days=1) if is_late and ends < begins else on
    both = (datetime.combine(day, ends.replace(fold=fold), tzinfo=ISTANBUL) for fold in (0, 1))
    return max(end.astimezone(UTC) for end in both)


def quiet_span(*, begins: time | None, ends: time | None) -> timedelta:
    """How much of a day is quiet by the clock on the wall; nothing where there is no quiet time."""
    if begins is None or ends is None:
        return timedelta()
    minutes = (ends.hour * 60 + ends.minute) - (begins.hour * 60 + begins.minute)
    return timedelta(minutes=minutes % (24 * 60))


def look_again(since: datetime, *, now: datetime) -> datetime:
    """When to look again at what waits for somebody else: soon at first, the longer it lasts the more seldom."""
    return now + min(max((now - since) / 4, SOONEST_LOOK), LATEST_LOOK)
