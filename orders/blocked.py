"""Which phones a shop has blocked, and what that means for an order, an answer, a call and an SMS.

Nothing about such a phone happens by itself: its orders are not asked, its answers and keys decide nothing, and no SMS
leaves to it but what a person sent. Nothing is cancelled either: a person decides. `blocking.py` blocks and unblocks.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from orders.matching import Verdict
from orders.models import MOST_PHONES, BlockedPhone

STEPS = ("phone_blocked", "phone_unblocked")  # of the story of each order that a block touches
REASON = "phone_blocked"  # on an order that was not asked, an answer that was set aside, an SMS that did not leave


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


def sets_aside(verdict: Verdict, *, is_blocked: bool) -> bool:
    """Whether an answer of that verdict is only kept, for a person to read: all but the wish to get no SMS."""
    return is_blocked and verdict != Verdict.OPT_OUT


def stays(*, is_blocked: bool, by_person: bool) -> bool:
    """Whether an SMS does not leave: to a blocked phone goes what a person sent, and nothing by itself."""
    return is_blocked and not by_person
