"""How far the set-up of a subscriber's stores is, in the one count that every screen shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from integrations.ideasoft.models import SETTLED, SetupItem, SetupState, Store

# Nobody can do anything about these: use will prove them, or the portal itself tries again.
SETTLED_BY_ITSELF = frozenset({"webhooks_missing", "webhooks_refused", "unavailable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many lines of a store ask nobody any more, and the first that asks a person; no code without a store."""

    code: str
    done: int
    next_item: str


def asks(state: str | None, reason: str | None) -> bool:
    """Whether a line waits for something that a person can do."""
    if state == SetupState.AT_FIRST_USE or state in SETTLED:
        return False
    return reason not in SETTLED_BY_ITSELF


def of(stores: QuerySet[Store]) -> Progress | None:
    """The one of the stores whose set-up is least far, by one query; None where nothing is left for a person to do."""
    by_store: dict[str, dict[str, bool]] = {}
    for code, item, state, reason in stores.order_by("created_at").values_list(
        "code", "setup_checks__item", "setup_checks__state", "setup_checks__reason"
    ):
        by_store.setdefault(code, {})[item] = asks(state, reason)
    found = [_of(code, lines) for code, lines in by_store.items()]
    if not found:
        return Progress(code="", done=0, next_item="")
    return min((each for each in found if each.next_item), key=lambda each: each.done, default=None)


def _of(code: str, lines: Mapping[str, bool]) -> Progress:
    asking = [item for item in SetupItem.values if lines.get(item, True)]
    return Progress(code=code, done=len(SetupItem) - len(asking), next_item=asking[0] if asking else "")
