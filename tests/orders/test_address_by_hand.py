"""*Gelen SMS adresi*: nobody but a person can tell that it was entered, until the first SMS comes by it (R7)."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from integrations.ideasoft.models import SetupCheck, SetupItem, SetupState, Store
from integrations.ideasoft.setup import Finding
from integrations.netgsm.models import Account
from integrations.netgsm.registration import keep_account
from orders import checklist, done_by_hand, line_setup, setup_by_hand, setup_progress
from orders.setup_by_hand import NotByHand
from subscribers.models import AuditEntry, Notice
from tests.factories import AccountFactory, Cast, IncomingMessageFactory, StoreFactory, cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R7")]

ADDRESS = SetupItem.ADDRESS


@pytest.fixture
def people() -> Cast:
    people = cast()
    AccountFactory.create(subscriber=people.shop)
    return people


@pytest.fixture
def store(people: Cast) -> Store:
    return open_store(people)


def open_store(people: Cast) -> Store:
    """One of which all is in order but the address."""
    made: Store = StoreFactory.create(subscriber=people.shop)
    others = [item for item in SetupItem if item != ADDRESS]
    checklist.keep(made, [Finding(item=item, state=SetupState.DONE) for item in others])
    return made


def look(store: Store) -> SetupCheck:
    """The next look at the line."""
    checklist.keep(store, [line_setup.address_line(checklist.account_of(store))])
    return SetupCheck.objects.get(store=store, item=ADDRESS)


def seen(store: Store) -> str:
    """What the page shows now, though the line may never have been looked at."""
    return next(done_by_hand.shown(row) for row in checklist.of(store) if row.item == ADDRESS)


def say(people: Cast, store: Store) -> None:
    setup_by_hand.mark(store, ADDRESS, by=people.owner, seen=seen(store))


def left(*stores: Store) -> str:
    """The line that the banner names, empty where there is no banner."""
    found = setup_progress.of(Store.objects.filter(pk__in=[store.pk for store in stores]))
    return found.next_item if found else ""


def test_stands_while_nothing_comes_by_it(people: Cast, store: Store) -> None:
    say(people, store)
    row = look(store)

    assert (done_by_hand.is_done_by_hand(row), row.by_hand_by, left(store)) == (True, people.owner, "")


def test_the_first_push_proves_it_for_good(people: Cast, store: Store) -> None:
    say(people, store)
    IncomingMessageFactory.create(subscriber=people.shop, came_by="push")
    row = look(store)

    assert (row.state, row.by_hand_at, left(store)) == (SetupState.DONE, None, "")
    with pytest.raises(NotByHand):
        setup_by_hand.take_back(store, ADDRESS, by=people.owner)


def test_ends_and_asks_for_the_merchant_when_the_address_changes(
    people: Cast, store: Store, settings: Settings
) -> None:
    say(people, store)
    settings.SITE_URL = "https://yeni.example.com"
    row = look(store)

    assert (done_by_hand.is_contradicted(row), left(store)) == (True, ADDRESS)
    assert Notice.objects.get(ended_at=None).kind == "setup_drifted:address"


def test_takes_no_word_for_an_address_that_changed_since_the_page_was_shown(
    people: Cast, store: Store, settings: Settings
) -> None:
    shown = seen(store)
    settings.SITE_URL = "https://yeni.example.com"

    with pytest.raises(NotByHand):
        setup_by_hand.mark(store, ADDRESS, by=people.owner, seen=shown)
    assert left(store) == ADDRESS


@pytest.mark.parametrize("facts", [{"came_by": "push"}, None])
def test_takes_no_word_where_it_shows_by_itself_or_no_account_is_there(
    facts: dict[str, Any] | None, people: Cast, store: Store
) -> None:
    shown = seen(store)
    if facts:
        IncomingMessageFactory.create(subscriber=people.shop, **facts)
    else:
        Account.objects.filter(subscriber=people.shop).delete()

    with pytest.raises(NotByHand):
        setup_by_hand.mark(store, ADDRESS, by=people.owner, seen=shown)


def test_is_said_and_taken_back_once_for_all_stores_of_a_subscriber(people: Cast, store: Store) -> None:
    branch, neighbours = open_store(people), open_store(cast())
    before = left(store, branch)
    say(people, store)
    during = left(store, branch)
    setup_by_hand.take_back(branch, ADDRESS, by=people.owner)

    assert (before, during) == (ADDRESS, "")
    assert (left(store), left(branch), left(neighbours)) == (ADDRESS, ADDRESS, ADDRESS)
    told = AuditEntry.objects.order_by("at").values_list("action", "actor")
    assert list(told) == [("setup_done_by_hand", people.owner.pk), ("setup_by_hand_undone", people.owner.pk)]
    assert not SetupCheck.objects.filter(store=neighbours, item=ADDRESS).exists()


def test_ends_when_another_account_takes_the_place_of_the_one_it_was_entered_in(people: Cast, store: Store) -> None:
    say(people, store)
    keep_account(people.shop, usercode="8509999999", password="new")
    row = look(store)

    assert (done_by_hand.is_contradicted(row), left(store)) == (True, ADDRESS)


@pytest.mark.parametrize(("again", "then"), [(False, ADDRESS), (True, "")])
def test_is_proven_for_another_account_only_by_what_came_after_it(
    again: bool, then: str, people: Cast, store: Store
) -> None:
    IncomingMessageFactory.create(subscriber=people.shop, came_by="push")
    keep_account(people.shop, usercode="8509999999", password="new")
    look(store)
    if again:
        IncomingMessageFactory.create(subscriber=people.shop, came_by="push")

    by_banner = left(store)
    assert (by_banner, look(store).state == SetupState.DONE) == (then, again)
