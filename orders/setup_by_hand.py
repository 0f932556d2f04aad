"""*Elle yaptım*: a line of *Kurulum* that nobody but a person can see is done because a person says so, or no more."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from integrations.ideasoft.models import SetupCheck, SetupItem, Store
from orders import checklist, done_by_hand, line_setup
from subscribers import access, audit
from subscribers.models import User

DONE, TAKEN_BACK = "setup_done_by_hand", "setup_by_hand_undone"


class NotByHand(Exception):
    """The line is none that a person's word settles, is no longer as it was shown, or has been marked or taken back."""


def mark(store: Store, item: str, *, by: User, seen: str) -> None:
    """The line is done by hand from now on; `seen` is what was `shown` to whoever says so. Raises `NotByHand`."""
    with transaction.atomic():
        rows = _locked(store, item)
        said = [row for row in rows if _is_open(row) and seen and seen == done_by_hand.shown(row)]
        now = timezone.now()
        audit.record(about=_of(store, said), action=DONE, by=by, item=item)
        for row in said:
            row.by_hand_by, row.by_hand_at, row.by_hand_ended_at = by, now, None
            row.by_hand_for, row.done_at = seen, now
            _save(row)
            audit.end_notice(about=row.store, kind=checklist.DRIFTED, operation=row.item)


def take_back(store: Store, item: str, *, by: User) -> None:
    """The line is open again, as it was. Raises `NotByHand`."""
    with transaction.atomic():
        said = [row for row in _locked(store, item) if done_by_hand.is_done_by_hand(row)]
        audit.record(about=_of(store, said), action=TAKEN_BACK, by=by, item=item)
        for row in said:
            done_by_hand.forget(row)
            row.done_at = None
            _save(row)


def _locked(store: Store, item: str) -> list[SetupCheck]:
    """The store's line; the address is one for all stores of a subscriber, so its line is that of each of them."""
    rows = access.of(SetupCheck, store.subscriber).filter(item=item)
    if item == SetupItem.ADDRESS:
        _look_at_address(store)
    else:
        rows = rows.filter(store=store)
    return list(rows.select_related("store").select_for_update(of=("self",)).order_by("pk"))


def _look_at_address(store: Store) -> None:
    """Our own rows tell at any time how far that line is, so a word for it is of what is so now."""
    found = line_setup.address_line(checklist.account_of(store))
    for each in access.of(Store, store.subscriber).order_by("pk"):
        checklist.keep(each, [found])


def _of(store: Store, rows: list[SetupCheck]) -> SetupCheck:
    mine = next((row for row in rows if row.store_id == store.pk), None)
    if mine is None:
        raise NotByHand
    return mine


def _is_open(row: SetupCheck) -> bool:
    return done_by_hand.is_askable(row) and not done_by_hand.is_done_by_hand(row)


def _save(row: SetupCheck) -> None:
    row.save(update_fields=["by_hand_by", "by_hand_at", "by_hand_ended_at", "by_hand_for", "done_at"])
