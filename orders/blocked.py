"""Which phones a shop has blocked, and what that means for an order, an answer, a call and an SMS.

Nothing about such a phone happens by itself: its orders are not asked, its answers and keys decide nothing, and no SMS
leaves to it but what a person sent. Nothing is cancelled either: a person decides. What was decided before the block
stays: an approval on its way into the store is written. `blocking.py` blocks and unblocks.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace

from django.db.models import Exists, OuterRef, QuerySet

from integrations.ideasoft.payloads import Status
from orders.matching import Outcome, Reason, Verdict
from orders.matching.outcome import WEIGHT
from orders.models import MOST_PHONES, BlockedPhone, Order
from subscribers import access
from subscribers.models import Subscriber

STEPS = ("phone_blocked", "phone_unblocked")  # of the story of each order that a block touches
REASON = "phone_blocked"  # on an order that was not asked, an answer that was set aside, an SMS that did not leave

_UNNAMED = frozenset({Reason.ONLY_OPEN, Reason.SEVERAL_OPEN})
_DECIDING = frozenset({Verdict.CONFIRM, Verdict.DECLINE})


def among(subscriber_id: uuid.UUID, phones: Iterable[str]) -> frozenset[str]:
    """Those of these phones (E.164) that the subscriber has blocked, by one indexed look-up; none for no phone."""
    wanted = {phone for phone in phones if phone}
    if not wanted:
        return frozenset()
    rows = BlockedPhone.objects.filter(subscriber_id=subscriber_id, phone__in=wanted)
    return frozenset(rows.values_list("phone", flat=True))


def is_any(subscriber_id: uuid.UUID, phones: Iterable[str]) -> bool:
    """Whether the subscriber has blocked one of these phones (E.164)."""
    return bool(among(subscriber_id, phones))


def of_order() -> Exists:
    """Of rows of orders: whether any of the order's own phones is blocked."""
    places = [OuterRef(f"phones__{place}") for place in range(MOST_PHONES)]
    return Exists(BlockedPhone.objects.filter(subscriber_id=OuterRef("subscriber_id"), phone__in=places))


def held_back(subscriber: Subscriber) -> QuerySet[Order]:
    """The orders that wait for the shop's own decision since a phone of theirs is blocked."""
    rows = access.of(Order, subscriber).filter(not_asked=REASON, store_status=Status.WAITING_FOR_APPROVAL)
    return rows.filter(confirmations__isnull=True)


def sets_aside(verdict: Verdict, *, is_blocked: bool) -> bool:
    """Whether an answer of that verdict is only kept, for a person to read: all but the wish to get no SMS."""
    return is_blocked and verdict != Verdict.OPT_OUT


def spare(whole: Outcome, *, held: frozenset[str], asked: frozenset[str], without: Callable[[], Outcome]) -> Outcome:
    """What stands of the answer of a phone that is not blocked, where some orders (`held`) have one that is.

    What it would decide about these is set aside, and nothing else. Where it names no order it means what it means
    `without` these; but where its sender was `asked` about one of them, too, that is not known, and a person looks.
    """
    kept_back = [each for each in whole.decisions if each.confirmation_id in held and each.verdict != Verdict.LATE]
    if not kept_back:
        return whole
    aside = tuple(replace(each, verdict=Verdict.UNMATCHED, reason=Reason.ORDER_BLOCKED) for each in kept_back)
    free = tuple(each for each in whole.decisions if each not in kept_back)
    if free and whole.verdict != Verdict.ASK_WHICH:
        top = min(free, key=lambda each: WEIGHT.index(each.verdict))
        event = top.event or whole.event
        return replace(whole, verdict=top.verdict, reason=top.reason, event=event, decisions=(*free, *aside))
    if whole.verdict == Verdict.ASK_WHICH and whole.reason not in _UNNAMED:
        return replace(whole, verdict=Verdict.UNMATCHED, decisions=())  # it names a number that may be either's
    rest = without() if whole.reason in _UNNAMED else None
    if rest is not None and rest.verdict == Verdict.ASK_WHICH:
        return rest
    if rest is not None and rest.verdict in _DECIDING:
        is_doubtful = any(each.confirmation_id in asked for each in kept_back)
        return replace(whole, verdict=Verdict.UNMATCHED, decisions=()) if is_doubtful else rest
    return replace(whole, verdict=Verdict.UNMATCHED, reason=Reason.ORDER_BLOCKED, decisions=aside)


def stays(*, is_blocked: bool, by_person: bool) -> bool:
    """Whether an SMS does not leave: to a blocked phone goes what a person sent, and nothing by itself."""
    return is_blocked and not by_person
