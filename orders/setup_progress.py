"""How far the set-up of a subscriber's stores is, in the one count that every screen shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from integrations.ideasoft.models import SETTLED, SetupItem, SetupState, Store
from messaging.models import IncomingMessage

# Nobody can do anything about these, and nothing waits for them: the portal itself tries again.
SETTLED_BY_ITSELF = frozenset({"webhooks_missing", "webhooks_refused"})
# The store's API does not show these lines: a person alone can say that they are done.
UNREADABLE = frozenset({"differs", "text_not_found", "scope_missing"})

# The line of the incoming address is looked at now and then; the first push proves it at once.
_IN_QUESTION = Q(setup_checks__item=SetupItem.ADDRESS) & ~Q(setup_checks__state__in=SETTLED)
_PUSHES = IncomingMessage.objects.filter(subscriber_id=OuterRef("subscriber_id"), came_by="push")
_PUSHED = Case(When(_IN_QUESTION, then=Exists(_PUSHES)), default=Value(False))


_Found = tuple[str, str]  # state and reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many lines of a store are done, and the first that asks a person; no code without a store.

    `is_unread`: none asks a person, and that one could not be read yet.
    """

    code: str
    done: int
    next_item: str
    is_unread: bool = False


def is_done(state: str | None, reason: str | None) -> bool:
    """Whether nothing waits for a line any more; use alone may still prove it."""
    return state == SetupState.AT_FIRST_USE or state in SETTLED or reason in SETTLED_BY_ITSELF


def is_unread(state: str | None, reason: str | None) -> bool:
    """Whether the store gave no answer about a line yet; the portal asks it again."""
    return state == SetupState.UNCHECKED and reason == "unavailable"


def of(stores: QuerySet[Store]) -> Progress | None:
    """The one of the stores whose set-up is least far, by one query; None where all is done."""
    by_store: dict[str, dict[str, _Found]] = {}
    rows = stores.annotate(is_pushed=_PUSHED).order_by("created_at")
    told = ("item", "state", "reason", "by_hand_at", "by_hand_ended_at")
    columns = [f"setup_checks__{name}" for name in told]
    for code, is_pushed, item, state, reason, said_at, ended_at in rows.values_list("code", "is_pushed", *columns):
        by_hand = state == SetupState.BY_HAND and reason in UNREADABLE and said_at is not None and ended_at is None
        by_store.setdefault(code, {})[item] = (SetupState.DONE if is_pushed or by_hand else state, reason)
    found = [_of(code, lines) for code, lines in by_store.items()]
    if not found:
        return Progress(code="", done=0, next_item="")
    return min((each for each in found if each.next_item), key=_order, default=None)


def _order(progress: Progress) -> tuple[bool, int]:
    """A store that waits for a person goes before one that waits for an answer."""
    return progress.is_unread, progress.done


def _of(code: str, lines: Mapping[str, _Found]) -> Progress:
    found = {item: lines.get(item, ("", "")) for item in SetupItem.values}
    left = [item for item, line in found.items() if not is_done(*line)]
    asking = [item for item in left if not is_unread(*found[item])]
    return Progress(
        code=code,
        done=len(SetupItem) - len(left),
        next_item=next(iter([*asking, *left]), ""),
        is_unread=bool(left) and not asking,
    )
