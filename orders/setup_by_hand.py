"""*Elle yaptım*: a line of *Kurulum* that the store's API does not let us read is done because a person says so.

That holds until a reading shows otherwise, or what should be there is something else: the event was changed since.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from integrations.ideasoft.models import SETTLED, SetupCheck, SetupItem, SetupState, Store
from integrations.ideasoft.setup import WRITES, Finding, Wanted
from orders import setup_progress
from subscribers import access, audit
from subscribers.models import User

DONE, TAKEN_BACK = "setup_done_by_hand", "setup_by_hand_undone"
NOTICE = "setup_drifted"


class NotByHand(Exception):
    """The line is none that a person's word settles, is no longer as it was shown, or has been marked or taken back."""


def is_askable(row: SetupCheck) -> bool:
    """Whether nothing but a person can tell that the line is done."""
    is_unread = row.state == SetupState.BY_HAND and row.reason in setup_progress.UNREADABLE
    return is_unread and row.item in WRITES and "before" not in row.detail


def shown(row: SetupCheck) -> str:
    """What stands for how the line should be, empty where that is not known: then nobody can say that it is so."""
    return str(row.detail.get("wanted", ""))


def is_done(row: SetupCheck) -> bool:
    """Whether a person has said so, and nothing has shown otherwise since."""
    return is_askable(row) and row.by_hand_at is not None and row.by_hand_ended_at is None


def is_contradicted(row: SetupCheck) -> bool:
    """Whether a person had said so, and the line is open again."""
    return row.by_hand_ended_at is not None and row.state not in SETTLED


def mark(store: Store, item: str, *, by: User, seen: str) -> None:
    """The line is done by hand from now on; `seen` is what was `shown` to whoever says so. Raises `NotByHand`."""
    with transaction.atomic():
        row = _locked(store, item)
        if not is_askable(row) or is_done(row) or not seen or seen != shown(row):
            raise NotByHand
        row.by_hand_by, row.by_hand_at, row.by_hand_ended_at = by, timezone.now(), None
        row.by_hand_for, row.done_at = seen, row.by_hand_at
        row.save(update_fields=["by_hand_by", "by_hand_at", "by_hand_ended_at", "by_hand_for", "done_at"])
        audit.end_notice(about=store, kind=NOTICE, operation=row.item)
        audit.record(about=row, action=DONE, by=by, item=row.item)


def take_back(store: Store, item: str, *, by: User) -> None:
    """The line is open again, as it was. Raises `NotByHand`."""
    with transaction.atomic():
        row = _locked(store, item)
        if not is_done(row):
            raise NotByHand
        _clear(row)
        row.done_at = None
        row.save(update_fields=["by_hand_by", "by_hand_at", "by_hand_for", "by_hand_ended_at", "done_at"])
        audit.record(about=row, action=TAKEN_BACK, by=by, item=row.item)


def follow(row: SetupCheck, *, at: datetime) -> None:
    """After a look, in the row as it was found: what was said is forgotten where proven, and ended where it is not so.

    Saves nothing.
    """
    if row.by_hand_at is None:
        return
    if row.state in (*SETTLED, SetupState.AT_FIRST_USE):
        _clear(row)
    elif row.by_hand_ended_at is None and (_is_shown_otherwise(row) or _is_wanted_otherwise(row)):
        row.by_hand_ended_at = at


def told(findings: Iterable[Finding], wanted: Wanted) -> list[Finding]:
    """The findings, those of the store's settings with what stands for how they should be."""
    return [_told(each, _stands_for(each.item, wanted)) for each in findings]


def _told(finding: Finding, wanted: str) -> Finding:
    return replace(finding, detail={**finding.detail, "wanted": wanted}) if wanted else finding


def _locked(store: Store, item: str) -> SetupCheck:
    rows = access.of(SetupCheck, store.subscriber).filter(store=store, item=item)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise NotByHand
    return row


def _clear(row: SetupCheck) -> None:
    row.by_hand_by, row.by_hand_at, row.by_hand_for, row.by_hand_ended_at = None, None, "", None


def _is_shown_otherwise(row: SetupCheck) -> bool:
    return row.state in (SetupState.OFFERED, SetupState.FAILED) or "before" in row.detail


def _is_wanted_otherwise(row: SetupCheck) -> bool:
    now = shown(row)
    return bool(now) and now != row.by_hand_for


def _stands_for(item: SetupItem, wanted: Wanted) -> str:
    """Empty where it is not known now: while the operator refuses the account, say."""
    parts: dict[str, tuple[Any, ...]] = {
        SetupItem.ORDER_RECEIVED: (wanted.store_sends,),
        SetupItem.STORE_ACCOUNT: (wanted.username, wanted.header, wanted.password) if wanted.username else (),
        SetupItem.QUESTION_TEXT: (wanted.question,) if wanted.question else (),
    }
    said = parts.get(item, ())
    return salted_hmac("setup by hand", repr((item, *said))).hexdigest()[:32] if said else ""
