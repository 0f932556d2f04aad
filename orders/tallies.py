"""How many COD orders came, and how they stand now: by the parts of a span, or by what they have in common.

The overview and the reports count here, so that their figures agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum, auto
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from messaging import turkish
from messaging.models import InteractiveEvent, OutgoingMessage, Purpose, QuestionMode
from orders import savings, silence
from orders.confirmation import State
from orders.models import Order
from orders.queries import TAB_OF, Tab, tab_of
from subscribers import access, spans
from subscribers.models import Subscriber
from subscribers.spans import Grain, Span

CLOCKS_APART = timedelta(days=1)
COUNTED = (Tab.WAITING, Tab.CONFIRMED, Tab.DECLINED, Tab.SILENT)


class Common(StrEnum):
    """What orders are put together by."""

    EVENT = "event"
    CITY = "city"
    PAYMENT = "payment"


_COLUMN = {Common.EVENT: "confirmations__event", Common.CITY: "city", Common.PAYMENT: "payment_type_name"}


class Unnamed(Enum):
    """What orders have in common where that has no name."""

    NOT_KNOWN = auto()
    EVENT_REMOVED = auto()
    NO_EVENT = auto()  # decided by a person while the store had none


@dataclass(slots=True, kw_only=True)
class Tally:
    """How orders that came together stand now, by the tabs of `COUNTED`, or `closed`: the store moved on.

    `asked` of those that `came` had their buyer asked, and `agreed` of these were confirmed: a person may decide an
    order that nobody asked about. `expired` of the silent ones had their time run out; `spared` of their parcels never
    left (`orders/savings.py`).
    """

    came: int = 0
    asked: int = 0
    agreed: int = 0
    standing: dict[Tab, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    closed: int = 0
    expired: int = 0
    spared: int = 0

    def add(self, state: State | None, count: int, *, is_silent: bool, is_asked: bool, is_spared: bool = False) -> None:
        """So many orders more that stand alike."""
        self.came += count
        self.asked += count if is_asked else 0
        self.agreed += count if is_asked and TAB_OF[state] == Tab.CONFIRMED else 0
        self.closed += count if state == State.CLOSED else 0
        self.expired += count if state == State.EXPIRED else 0
        self.spared += count if is_spared else 0
        tab = tab_of(state, is_silent=is_silent)
        if tab in self.standing:
            self.standing[tab] += count

    def put_together(self, other: Tally) -> None:
        """The other's orders too."""
        self.came, self.asked = self.came + other.came, self.asked + other.asked
        self.agreed, self.closed = self.agreed + other.agreed, self.closed + other.closed
        self.expired, self.spared = self.expired + other.expired, self.spared + other.spared
        for tab in self.standing:
            self.standing[tab] += other.standing[tab]


@dataclass(slots=True, kw_only=True)
class PartTally(Tally):
    """Those that came in one part of a span, which begins `at`."""

    at: datetime

    @property
    def on(self) -> date:
        """The day on which the part begins, where the shop is."""
        return timezone.localtime(self.at).date()


def total(tallies: Sequence[Tally]) -> Tally:
    """All of them as one."""
    found = Tally()
    for tally in tallies:
        found.put_together(tally)
    return found


def by_grain(subscriber: Subscriber, wanted: Sequence[Span], grain: Grain, *, store: str = "") -> list[list[PartTally]]:
    """For each span its parts, the oldest first; none is left out. `store` is a public code, empty for all."""
    told = [{at: PartTally(at=at) for at in spans.starts(span, grain)} for span in wanted]
    orders = _came(subscriber, wanted, store).annotate(
        number=spans.number_of("created_at", wanted),
        at=spans.start_of("created_at", grain),
        is_spared=savings.is_spared(subscriber, since=_since(wanted)),
    )
    states = orders.values_list("number", "at", "confirmations__state", "is_silent", "is_asked", "is_spared")
    for number, at, state, is_silent, is_asked, is_spared, count in states.annotate(Count("pk")).order_by():
        told[number][at].add(state, count, is_silent=is_silent, is_asked=is_asked, is_spared=is_spared)
    return [list(parts.values()) for parts in told]


def by_common(
    subscriber: Subscriber, span: Span, common: Common, *, store: str = ""
) -> list[tuple[str | Unnamed, Tally]]:
    """(what they have in common, how they stand), the most orders first; by event only what was asked or decided.

    Nobody looks here at which parcels were spared, so that is not counted.

    Spelling sets no cities apart: İZMİR and izmir are one, written as most orders write it.
    """
    told: dict[str | Unnamed, Tally] = {}
    spellings: dict[str | Unnamed, dict[str, int]] = {}
    states = _came(subscriber, [span], store).values_list(
        _COLUMN[common], "confirmations__state", "is_silent", "is_asked"
    )
    for value, state, is_silent, is_asked, count in states.annotate(Count("pk")).order_by():
        if common == Common.EVENT and state is None:
            continue
        word = str(value or "").strip()
        key = _key(word, common, is_asked=is_asked)
        told.setdefault(key, Tally()).add(state, count, is_silent=is_silent, is_asked=is_asked)
        written = spellings.setdefault(key, {})
        written[word] = written.get(word, 0) + count
    named = _events(subscriber) if common == Common.EVENT else {}
    found = [(key if isinstance(key, Unnamed) else _name(spellings[key], named), tally) for key, tally in told.items()]
    return sorted(found, key=lambda each: (-each[1].came, str(each[0])))


def _key(word: str, common: Common, *, is_asked: bool) -> str | Unnamed:
    """What is one and the same. Nobody is asked without an event: where an asked order has none, it was removed."""
    if word:
        return word if common == Common.EVENT else turkish.fold(word)
    if common != Common.EVENT:
        return Unnamed.NOT_KNOWN
    return Unnamed.EVENT_REMOVED if is_asked else Unnamed.NO_EVENT


def _came(subscriber: Subscriber, wanted: Sequence[Span], store: str) -> QuerySet[Any]:
    orders = access.of(Order, subscriber).filter(spans.within("created_at", wanted), is_cod=True)
    if store:
        orders = orders.filter(store__code=store)
    since = _since(wanted)
    return orders.annotate(is_silent=silence.is_silent(subscriber, since=since), is_asked=_is_asked(subscriber, since))


def _since(wanted: Sequence[Span]) -> datetime:
    """Nothing about an order of these spans was written earlier, however far apart the store's clock and ours are."""
    return min(span.since for span in wanted) - CLOCKS_APART


def _is_asked(subscriber: Subscriber, since: datetime) -> ExpressionWrapper[Coalesce]:
    """Of an order of that subscriber: whether its buyer was asked, by an SMS of ours or by the store itself.

    Where the store asks, an order that kept a reason not to be asked was decided by a person alone.
    """
    ours = OutgoingMessage.objects.filter(
        subscriber=subscriber, about=OuterRef("pk"), purpose=Purpose.QUESTION, created_at__gte=since
    )
    by_store = Q(confirmations__event__question_mode=QuestionMode.STORE, not_asked="")
    return ExpressionWrapper(Coalesce(by_store | Exists(ours), False), output_field=BooleanField())


def _events(subscriber: Subscriber) -> dict[str, str]:
    events = access.of(InteractiveEvent, subscriber).select_related("store")
    return {str(event.pk): f"{event.keyword or 'Onay'} · {event.store}" for event in events}


def _name(spellings: dict[str, int], named: dict[str, str]) -> str:
    most = max(spellings, key=lambda word: (spellings[word], word))
    return named.get(most, most)
