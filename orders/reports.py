"""A report: what came of the COD orders of a span, beside those of the span before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

import messaging.tallies
from messaging.tallies import Traffic
from orders import call_tallies, speed, tallies, terms
from orders.call_tallies import Calls
from orders.models import News, Order
from orders.tallies import PartTally, Tally
from subscribers import access
from subscribers.models import Subscriber
from subscribers.spans import Grain, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One span in figures: `saved` in TL, None where the freight is not known; `median` None where nobody answered.

    `calls` is None where they are not kept that long.
    """

    tally: Tally
    traffic: Traffic
    median: timedelta | None
    saved: Decimal | None
    calls: Calls | None

    @property
    def share(self) -> Decimal | None:
        """How much of what was asked was confirmed, from 0 to 1."""
        return share(self.tally)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the span: its orders, and the SMS of that time."""

    tally: PartTally
    traffic: Traffic

    @property
    def share(self) -> Decimal | None:
        """How much of what was asked was confirmed, from 0 to 1."""
        return share(self.tally)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`parts` are those of `now`, the oldest first."""

    now: Figures
    before: Figures
    parts: list[Part]


def share(tally: Tally) -> Decimal | None:
    """How much of what was asked was confirmed, from 0 to 1; None where nothing was asked."""
    return Decimal(tally.agreed) / tally.asked if tally.asked else None


def of(subscriber: Subscriber, *, span: Span, before: Span, grain: Grain, store: str = "") -> Report:
    """The report of `span`, cut by `grain`. Orders count where they came, SMS where they were written.

    `store` is a public code, empty for all; of one store alone SMS are those about its orders.
    """
    wanted = [span, before]
    orders = tallies.by_grain(subscriber, wanted, grain, store=store)
    about = _of_store(subscriber, store) if store else None
    traffic = messaging.tallies.by_grain(subscriber, wanted, grain, about=about)
    medians = speed.medians(subscriber, wanted, store=store)
    freight = terms.of(subscriber).both_ways
    calls = call_tallies.counts(subscriber, wanted, store=store)
    now, earlier = (
        _figures(orders[number], list(traffic[number].values()), medians[number], freight, calls[number])
        for number in (0, 1)
    )
    parts = [Part(tally=tally, traffic=traffic[0][tally.at]) for tally in orders[0]]
    return Report(now=now, before=earlier, parts=parts)


def _figures(
    orders: list[PartTally],
    traffic: list[Traffic],
    median: timedelta | None,
    freight: Decimal | None,
    calls: Calls | None,
) -> Figures:
    tally = tallies.total(orders)
    saved = None if freight is None else tally.spared * freight
    return Figures(tally=tally, traffic=messaging.tallies.total(traffic), median=median, saved=saved, calls=calls)


def _of_store(subscriber: Subscriber, store: str) -> QuerySet[Any]:
    """What an SMS of the store is about: one of its orders, or a news of one."""
    orders = access.of(Order, subscriber).filter(store__code=store).values("pk")
    return orders.union(access.of(News, subscriber).filter(store__code=store).values("pk"), all=True)
