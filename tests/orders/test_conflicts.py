"""Which events would catch the same words: what the list and the form warn of (R4)."""

from __future__ import annotations

import pytest

from messaging.models import InteractiveEvent
from orders import conflicts
from subscribers.models import Subscriber
from tests.factories import EventFactory, OrderFactory, SubscriberFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R4")]


@pytest.fixture
def shop() -> Subscriber:
    return SubscriberFactory.create()


def pair(shop: Subscriber, *keywords: str, **facts: object) -> list[InteractiveEvent]:
    made = zip((1, 2), keywords, strict=True)
    return [EventFactory.create(subscriber=shop, priority=n, keyword=word, **facts) for n, word in made]


@pytest.mark.parametrize(
    ("first", "second", "meet"),
    [
        ("evet", "EVET", True),
        ("Sipariş Onay", "siparis-onay", True),
        ("siparişonay", "SIPARISONAY", True),
        ("sipariş onay", "", True),
        ("onayla", "", True),
        ("siparisonay", "", False),
        ("kuzey", "güney", False),
        ("evet1", "evet2", False),
    ],
)
def test_names_two_events_that_catch_the_same_words(shop: Subscriber, first: str, second: str, meet: bool) -> None:
    one, other = pair(shop, first, second)
    found = conflicts.among(shop, [one, other])

    assert found == ({one.pk: [other], other.pk: [one]} if meet else {})


@pytest.mark.parametrize(
    ("taught", "keyword", "meet"),
    [
        ("Gönderin", "gonderin", True),
        ("yola çıkarın", "çıkarın", True),
        ("yola çıkarın", "yola cikarin", True),
        ("onaydır", "", True),
        ("gönderin", "gönder", False),
    ],
)
def test_names_two_events_of_which_one_was_taught_the_others_word(
    shop: Subscriber, taught: str, keyword: str, meet: bool
) -> None:
    one, other = pair(shop, "kuzey", keyword)
    one.confirming_words = [taught]

    assert bool(conflicts.among(shop, [one, other])) is meet


@pytest.mark.parametrize(
    ("references", "meet"),
    [
        ((["100", "200"], ["150"]), True),
        ((["100", "200"], ["201", "300"]), False),
        ((["c88728ce28151"], ["C88728CE28151"]), True),
        ((["a1"], ["b1"]), False),
        ((["100"], []), False),
    ],
)
def test_names_two_default_words_only_where_order_numbers_may_meet(
    shop: Subscriber, references: tuple[list[str], list[str]], meet: bool
) -> None:
    events = pair(shop, "", "onay")
    for event, named in zip(events, references, strict=True):
        for reference in named:
            OrderFactory.create(subscriber=shop, store=event.store, reference=reference)

    assert bool(conflicts.among(shop, events)) is meet


def test_leaves_out_an_event_that_is_off(shop: Subscriber) -> None:
    assert conflicts.among(shop, pair(shop, "evet", "evet", is_on=False)) == {}


def test_finds_the_rivals_of_an_event_that_is_not_saved(shop: Subscriber) -> None:
    (one, _other) = pair(shop, "evet", "kuzey")
    typed = InteractiveEvent(subscriber=shop, store=one.store, keyword="Kuzey")

    assert [event.keyword for event in conflicts.of(shop, typed, [one, _other])] == ["kuzey"]


def test_an_event_is_no_rival_of_itself(shop: Subscriber) -> None:
    events = pair(shop, "evet", "kuzey")
    typed = InteractiveEvent(pk=events[0].pk, subscriber=shop, store=events[0].store, keyword="evet")

    assert conflicts.of(shop, typed, events) == []
