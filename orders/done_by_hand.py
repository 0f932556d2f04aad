"""Lines of *Kurulum* that are done by hand: of which a person may say so, and what ends it.

That is so until a look shows otherwise, or until what should be there is something else. `orders/setup_by_hand.py`
marks a line and takes that back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.crypto import salted_hmac

from integrations.ideasoft.models import SETTLED, SetupCheck, SetupItem, SetupState
from integrations.ideasoft.setup import Finding, Wanted
from orders import setup_progress
from orders.setup_progress import Line


def line_of(row: SetupCheck) -> Line:
    """The row in the plain values that decide about it."""
    return Line(
        item=row.item,
        state=row.state,
        reason=row.reason,
        is_read="before" in row.detail,
        said_at=row.by_hand_at,
        ended_at=row.by_hand_ended_at,
    )


def is_askable(row: SetupCheck) -> bool:
    """Whether nothing but a person can tell that the line is done."""
    return setup_progress.is_askable(line_of(row))


def shown(row: SetupCheck) -> str:
    """What stands for how the line should be, empty where that is not known: then nobody can say that it is so."""
    return str(row.detail.get("wanted", ""))


def is_done_by_hand(row: SetupCheck) -> bool:
    """Whether a person has said so, and nothing has shown otherwise since."""
    return setup_progress.is_done_by_hand(line_of(row))


def is_contradicted(row: SetupCheck) -> bool:
    """Whether a person had said so, and the line is open again."""
    return row.by_hand_ended_at is not None and row.state not in SETTLED


def follow(row: SetupCheck, *, at: datetime) -> None:
    """After a look, in the row as it was found: what was said is forgotten where proven, and ended where it is not so.

    Saves nothing.
    """
    if row.by_hand_at is None:
        return
    if row.state in (*SETTLED, SetupState.AT_FIRST_USE):
        forget(row)
    elif row.by_hand_ended_at is None and (_is_shown_otherwise(row) or _is_wanted_otherwise(row)):
        row.by_hand_ended_at = at


def forget(row: SetupCheck) -> None:
    """As if nobody had said anything. Saves nothing."""
    row.by_hand_by, row.by_hand_at, row.by_hand_for, row.by_hand_ended_at = None, None, "", None


def told(findings: Iterable[Finding], wanted: Wanted) -> list[Finding]:
    """The findings, those of the store's settings with what stands for how they should be."""
    return [_told(each, _stands_for(each.item, wanted)) for each in findings]


def stand_in(item: SetupItem, *wanted: Any) -> str:
    """What stands for how a line should be: tells that it changed, and keeps no secret."""
    return salted_hmac("setup by hand", repr((item, *wanted))).hexdigest()[:32]


def _told(finding: Finding, wanted: str) -> Finding:
    return replace(finding, detail={**finding.detail, "wanted": wanted}) if wanted else finding


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
    return stand_in(item, *said) if said else ""
