"""How far the set-up of a subscriber's stores is, in the one count that every screen shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from integrations.ideasoft.models import SETTLED, SetupItem, SetupState, Store
from messaging.models import IncomingMessage

# Nobody can do anything about these, and nothing waits for them: the portal itself tries again.
SETTLED_BY_ITSELF = frozenset({"webhooks_missing", "webhooks_refused"})
# What an API does not show: a person alone can say that it is done, of these lines for these reasons.
_UNSHOWN = frozenset({"differs", "text_not_found", "scope_missing"})
UNREADABLE: dict[str, frozenset[str]] = {
    SetupItem.ADDRESS: frozenset({"no_push_yet"}),
    SetupItem.ORDER_RECEIVED: _UNSHOWN,
    SetupItem.STORE_ACCOUNT: _UNSHOWN,
    SetupItem.QUESTION_TEXT: _UNSHOWN,
}

# The line of the incoming address is looked at now and then; the first push proves it at once.
_IN_QUESTION = Q(setup_checks__item=SetupItem.ADDRESS) & ~Q(setup_checks__state__in=SETTLED)
# What came by it before another usercode took the place of the first proves nothing of the one there is now.
_ENTERED_AT = Coalesce("account__usercode_since", "account__created_at")
PUSHES = IncomingMessage.objects.filter(came_by="push", received_at__gte=_ENTERED_AT)
_PUSHED = Case(
    When(_IN_QUESTION, then=Exists(PUSHES.filter(subscriber_id=OuterRef("subscriber_id")))), default=Value(False)
)
_READ = Case(When(setup_checks__detail__has_key="before", then=Value(True)), default=Value(False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What decides about a line of the set-up.

    `is_read`: the store showed how the line is. `said_at`: when a person said that it was done by hand; `ended_at`:
    when a look showed that it is not so.
    """

    item: str
    state: str = ""
    reason: str = ""
    is_read: bool = False
    said_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many lines of a store are done, and the first that asks a person; no code without a store.

    `is_unread`: none asks a person, and that one could not be read yet.
    """

    code: str
    done: int
    next_item: str
    is_unread: bool = False


def is_done(line: Line) -> bool:
    """Whether nothing waits for a line any more; use alone may still prove it."""
    return is_proven(line) or line.state == SetupState.AT_FIRST_USE or line.reason in SETTLED_BY_ITSELF


def is_proven(line: Line) -> bool:
    """Whether a look or a person says that a line is as it should be."""
    return line.state in SETTLED or is_done_by_hand(line)


def is_unread(line: Line) -> bool:
    """Whether the store gave no answer about a line yet; the portal asks it again."""
    return line.state == SetupState.UNCHECKED and line.reason == "unavailable"


def is_askable(line: Line) -> bool:
    """Whether nothing but a person can tell that a line is done."""
    reasons = UNREADABLE.get(line.item, frozenset())
    return line.state == SetupState.BY_HAND and line.reason in reasons and not line.is_read


def is_done_by_hand(line: Line) -> bool:
    """Whether a person has said so, and nothing has shown otherwise since."""
    return is_askable(line) and line.said_at is not None and line.ended_at is None


def of(stores: QuerySet[Store]) -> Progress | None:
    """The one of the stores whose set-up is least far, by one query; None where all is done."""
    by_store: dict[str, dict[str, Line]] = {}
    rows = stores.annotate(is_pushed=_PUSHED, is_read=_READ).order_by("created_at")
    columns = [f"setup_checks__{name}" for name in ("item", "state", "reason", "by_hand_at", "by_hand_ended_at")]
    for code, is_pushed, is_read, *told in rows.values_list("code", "is_pushed", "is_read", *columns):
        item, state, reason, said_at, ended_at = told
        known = SetupState.DONE if is_pushed else state
        line = Line(item=item, state=known, reason=reason, is_read=is_read, said_at=said_at, ended_at=ended_at)
        by_store.setdefault(code, {})[item] = line
    found = [_of(code, lines) for code, lines in by_store.items()]
    if not found:
        return Progress(code="", done=0, next_item="")
    return min((each for each in found if each.next_item), key=_order, default=None)


def _order(progress: Progress) -> tuple[bool, int]:
    """A store that waits for a person goes before one that waits for an answer."""
    return progress.is_unread, progress.done


def _of(code: str, known: dict[str, Line]) -> Progress:
    lines = [known.get(item, Line(item=item)) for item in SetupItem.values]
    left = [line for line in lines if not is_done(line)]
    asking = [line.item for line in left if not is_unread(line)]
    return Progress(
        code=code,
        done=len(SetupItem) - len(left),
        next_item=next(iter([*asking, *(line.item for line in left)]), ""),
        is_unread=bool(left) and not asking,
    )
