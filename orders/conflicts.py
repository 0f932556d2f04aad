"""Events that would catch the same words: a warning for their merchant, never an error (rule 2 sorts them out).

Two events of one line share a word where either one's keyword, or a word it was taught, is whole or in part a form of
the other's. Two that both listen for the default word are as most shops have them: they are named only where an order
number of one store may be one of the other's too, so that a number alone does not tell whose order is meant.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from messaging.models import InteractiveEvent
from messaging.turkish import tokenise
from orders import matching
from orders.models import Order
from subscribers import access
from subscribers.models import Subscriber

NEWEST = 1000
_LONGEST_NUMBER = 18

Found = dict[uuid.UUID, list[InteractiveEvent]]


@dataclass(slots=True)
class References:
    """What one store's newest orders are called: the numbers from the least to the greatest, other names one by one."""

    least: int | None = None
    greatest: int | None = None
    names: set[str] = field(default_factory=set)

    def add(self, reference: str) -> None:
        """Counts one order's reference."""
        key = matching.reference_key(reference)
        if not key.isdigit() or len(key) > _LONGEST_NUMBER:
            self.names.add(key)
            return
        number = int(key)
        self.least = number if self.least is None else min(self.least, number)
        self.greatest = number if self.greatest is None else max(self.greatest, number)

    def may_meet(self, other: References) -> bool:
        """Whether one of these may be one of the other's too."""
        if self.names & other.names:
            return True
        if self.least is None or self.greatest is None or other.least is None or other.greatest is None:
            return False
        return self.least <= other.greatest and other.least <= self.greatest


def among(subscriber: Subscriber, events: Iterable[InteractiveEvent]) -> Found:
    """For each event that is on, by its key, the others that would catch its words; those without any are left out."""
    listening = [event for event in events if event.is_on]
    pairs = _sharing(listening)
    met = _references(subscriber, _stores_by_default(pairs))
    found: Found = {}
    for one, other in pairs:
        if _is_default(one) and _is_default(other) and not _may_meet(met, one, other):
            continue
        found.setdefault(one.pk, []).append(other)
        found.setdefault(other.pk, []).append(one)
    return found


def of(subscriber: Subscriber, event: InteractiveEvent, events: Iterable[InteractiveEvent]) -> list[InteractiveEvent]:
    """Those of the line's events that would catch the words of this one, saved or not."""
    others = [each for each in events if each.pk != event.pk]
    return among(subscriber, [event, *others]).get(event.pk, [])


def _sharing(events: Sequence[InteractiveEvent]) -> list[tuple[InteractiveEvent, InteractiveEvent]]:
    """Every pair that shares a word, each once."""
    by_form: dict[str, list[int]] = {}
    for place, event in enumerate(events):
        for form in _forms(event):
            by_form.setdefault(form, []).append(place)
    pairs: dict[tuple[int, int], None] = {}
    for place, event in enumerate(events):
        for word in _words(event):
            for other in by_form.get(word, ()):
                if other != place:
                    pairs.setdefault((min(place, other), max(place, other)))
    return [(events[first], events[second]) for first, second in pairs]


def _forms(event: InteractiveEvent) -> set[str]:
    """What the event takes for its keyword: that, and the words it was taught."""
    taught = matching.phrases_of(tuple(event.confirming_words))
    return {*matching.forms_of(_keyword(event)), *map("".join, taught)}


def _words(event: InteractiveEvent) -> set[str]:
    """Its words as a buyer may write them: whole, and each run of their parts ("sipariş onay" holds "onay")."""
    keyword = tuple(token.text for token in tokenise(event.keyword)) or (_keyword(event),)
    return {run for phrase in (keyword, *matching.phrases_of(tuple(event.confirming_words))) for run in _runs(phrase)}


def _runs(parts: Sequence[str]) -> Iterator[str]:
    places = range(len(parts))
    yield from ("".join(parts[start : end + 1]) for start in places for end in places[start:])


def _keyword(event: InteractiveEvent) -> str:
    return matching.folded_keyword(event.keyword)


def _is_default(event: InteractiveEvent) -> bool:
    return _keyword(event) == matching.folded_keyword("")


def _stores_by_default(pairs: Iterable[tuple[InteractiveEvent, InteractiveEvent]]) -> set[uuid.UUID]:
    return {event.store_id for pair in pairs if all(map(_is_default, pair)) for event in pair}


def _references(subscriber: Subscriber, stores: set[uuid.UUID]) -> dict[uuid.UUID, References]:
    if not stores:
        return {}
    newest = access.of(Order, subscriber).filter(store_id__in=stores).order_by("-created_at")
    met: dict[uuid.UUID, References] = {}
    for store, reference in newest.values_list("store_id", "reference")[:NEWEST]:
        met.setdefault(store, References()).add(reference)
    return met


def _may_meet(met: Mapping[uuid.UUID, References], one: InteractiveEvent, other: InteractiveEvent) -> bool:
    first, second = met.get(one.store_id), met.get(other.store_id)
    return first is not None and second is not None and first.may_meet(second)
