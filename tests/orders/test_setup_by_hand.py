"""A line of *Kurulum* that the store's API does not show, done because a person says so (R7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from integrations.ideasoft.models import SetupCheck, SetupItem, SetupState, Store
from integrations.ideasoft.setup import Finding, Wanted
from orders import checklist, done_by_hand, setup_by_hand, setup_progress
from orders.setup_by_hand import NotByHand
from subscribers.models import AuditEntry, Notice
from tests.factories import Cast, StoreFactory, cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R7")]

TEXT = SetupItem.QUESTION_TEXT
WANTED = Wanted(store_sends=True, question="Onay (arg1) yazın", username="850", password="x", header="ORNEK")


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def store(people: Cast) -> Store:
    made: Store = StoreFactory.create(subscriber=people.shop)
    checklist.keep(made, [Finding(item=item, state=SetupState.DONE) for item in SetupItem])
    look(made)
    return made


def look(
    store: Store,
    *,
    item: SetupItem = TEXT,
    state: SetupState | None = SetupState.BY_HAND,
    reason: str = "differs",
    wanted: Wanted = WANTED,
    **detail: Any,
) -> SetupCheck:
    """What the next look at the store finds of one line."""
    found = Finding(item=item, state=state, reason=reason, detail=detail)
    checklist.keep(store, done_by_hand.told([found], wanted))
    row: SetupCheck = SetupCheck.objects.get(store=store, item=item)
    return row


def say(people: Cast, store: Store, item: SetupItem = TEXT) -> None:
    """The owner says so of what the page shows now."""
    row = SetupCheck.objects.get(store=store, item=item)
    setup_by_hand.mark(store, item, by=people.owner, seen=done_by_hand.shown(row))


def left(store: Store) -> str:
    """The line that the banner names, empty where there is no banner."""
    found = setup_progress.of(Store.objects.filter(pk=store.pk))
    return found.next_item if found else ""


def test_a_line_done_by_hand_leaves_the_banner_until_it_is_taken_back(people: Cast, store: Store) -> None:
    before = left(store)
    say(people, store)
    during = left(store)
    setup_by_hand.take_back(store, TEXT, by=people.owner)

    assert (before, during, left(store)) == (TEXT, "", TEXT)
    told = AuditEntry.objects.order_by("at").values_list("action", "actor")
    assert list(told) == [("setup_done_by_hand", people.owner.pk), ("setup_by_hand_undone", people.owner.pk)]


@pytest.mark.parametrize("reason", ["differs", "text_not_found", "scope_missing", "unavailable"])
def test_a_look_that_reads_nothing_leaves_it_done(people: Cast, store: Store, reason: str) -> None:
    say(people, store)
    row = look(store, state=None if reason == "unavailable" else SetupState.BY_HAND, reason=reason)

    assert (done_by_hand.is_done_by_hand(row), row.by_hand_by, left(store)) == (True, people.owner, "")


@pytest.mark.parametrize("state", [SetupState.OFFERED, SetupState.BY_HAND])
def test_a_reading_that_shows_otherwise_wins_and_says_so(people: Cast, store: Store, state: SetupState) -> None:
    say(people, store)
    change = {"before": {"value": "Siparişiniz alındı"}, "after": {"value": WANTED.question}}
    row = look(store, state=state, reason="scope_missing" if state == SetupState.BY_HAND else "", **change)
    again = look(store)

    assert (done_by_hand.is_contradicted(row), done_by_hand.is_done_by_hand(again), left(store)) == (True, False, TEXT)


def test_a_reading_that_shows_otherwise_asks_for_the_merchant(people: Cast, store: Store) -> None:
    say(people, store)
    look(store, state=SetupState.OFFERED, reason="", before={"value": "a"}, after={"value": "b"})

    assert Notice.objects.get(ended_at=None).kind.startswith("setup_drifted")


def test_a_reading_that_proves_it_takes_the_word_away(people: Cast, store: Store) -> None:
    say(people, store)
    row = look(store, state=SetupState.DONE, reason="")

    assert (row.by_hand_at, row.by_hand_by, left(store)) == (None, None, "")


@pytest.mark.parametrize(
    ("question", "stands"), [("Onay (arg1) yazın", True), ("Evet (arg1) yazın", False), ("", True)]
)
def test_what_should_be_there_ends_the_word_when_it_changes(
    people: Cast, store: Store, question: str, stands: bool
) -> None:
    say(people, store)
    row = look(store, wanted=replace(WANTED, question=question))

    assert done_by_hand.is_done_by_hand(row) is stands


def test_what_changed_since_the_page_was_shown_is_not_settled_by_it(people: Cast, store: Store) -> None:
    seen = done_by_hand.shown(look(store))
    look(store, wanted=replace(WANTED, question="Evet (arg1) yazın"))

    with pytest.raises(NotByHand):
        setup_by_hand.mark(store, TEXT, by=people.owner, seen=seen)
    assert left(store) == TEXT


def test_nobody_vouches_for_what_is_not_known(people: Cast, store: Store) -> None:
    look(store, wanted=replace(WANTED, question=""))

    with pytest.raises(NotByHand):
        say(people, store)


def test_is_marked_anew_after_it_ended(people: Cast, store: Store) -> None:
    say(people, store)
    look(store, wanted=replace(WANTED, question="Evet (arg1) yazın"))
    say(people, store)

    assert left(store) == ""


@pytest.mark.parametrize(
    ("item", "state", "reason"),
    [
        (TEXT, SetupState.OFFERED, ""),
        (TEXT, SetupState.BY_HAND, "several_texts"),
        (TEXT, SetupState.BY_HAND, "no_event"),
        (TEXT, SetupState.DONE, ""),
        (SetupItem.ADDRESS, SetupState.BY_HAND, "no_account"),
        (SetupItem.PERMISSIONS, SetupState.FAILED, "scope_missing"),
    ],
)
def test_no_line_that_shows_by_itself_is_settled_by_a_word(
    people: Cast, store: Store, item: SetupItem, state: SetupState, reason: str
) -> None:
    look(store, item=item, state=state, reason=reason)
    with pytest.raises(NotByHand):
        say(people, store, item)


def test_keeps_no_password_in_what_stands_for_it(store: Store) -> None:
    row = look(store, item=SetupItem.STORE_ACCOUNT, wanted=replace(WANTED, password="çok-gizli"))

    assert len(row.detail["wanted"]) == 32
    assert "gizli" not in str(row.detail)
