"""The scenes that buyers' answers are tried in: who has which orders on a line with which events."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from orders.matching import Confirmation, Event, Outcome, State, match

BUYER, STRANGER = "+905321234567", "+905559876543"
SENT_AT = datetime(2026, 3, 2, 14, 30, tzinfo=ZoneInfo("Europe/Istanbul"))


def order(id: str, *references: str, phone: str = BUYER, store: str = "S1", **changes: Any) -> Confirmation:
    plain = Confirmation(
        id=id,
        store=store,
        references=references,
        phones=frozenset({phone}),
        created_at=SENT_AT - timedelta(hours=2),
        state=State.OPEN,
    )
    return replace(plain, **changes)


def event(id: str = "E1", *, store: str = "S1", priority: int = 1, keyword: str = "", **changes: Any) -> Event:
    created_at = SENT_AT - timedelta(days=30)
    plain = Event(id=id, store=store, priority=priority, keyword=keyword, created_at=created_at)
    return replace(plain, **changes)


A, B = order("A", "12345", "501"), order("B", "67890", "502")
X = order("X", "12345", "601", phone=STRANGER)
ELSEWHERE = order("B", "67890", "502", store="S2")
SECOND = event("E2", store="S2", priority=2)
OWN_WORD = event(keyword="siparisonay")
TAUGHT = ("Tamam", "evet", "gönderin", "yola çıkarın", "gelsin")

SCENES: dict[str, dict[str, Any]] = {
    "one": {"events": [event()], "confirmations": [A]},
    "one, store asked": {"events": [event()], "confirmations": [A], "asked_store": True},
    "none": {"events": [event()], "confirmations": []},
    "no event": {"events": [], "confirmations": [A]},
    "two": {"events": [event()], "confirmations": [A, B]},
    "two, asked": {"events": [event()], "confirmations": [A, B], "asked_which": frozenset("AB")},
    "three, asked": {
        "events": [event()],
        "confirmations": [A, B, order("C", "777001")],
        "asked_which": frozenset("ABC"),
    },
    "two of three asked": {
        "events": [event()],
        "confirmations": [A, B, order("C", "777001")],
        "asked_which": frozenset("AB"),
    },
    "asked, one closed": {
        "events": [event()],
        "confirmations": [A, replace(B, state=State.CLOSED)],
        "asked_which": frozenset("AB"),
    },
    "asked, own word": {"events": [OWN_WORD], "confirmations": [A, B], "asked_which": frozenset("AB")},
    "asked, two stores": {
        "events": [event(), SECOND],
        "confirmations": [A, ELSEWHERE],
        "asked_which": frozenset("AB"),
    },
    "two near, store asked": {
        "events": [event()],
        "confirmations": [A, order("B", "12346")],
        "asked_store": True,
    },
    "stranger's": {"events": [event()], "confirmations": [X]},
    "stranger's accepted": {"events": [event(accept_other_phone=True)], "confirmations": [X]},
    "strangers' small numbers": {
        "events": [event(accept_other_phone=True)],
        "confirmations": [A, order("Y", "555", "2", phone=STRANGER)],
    },
    "stranger's closed": {"events": [event()], "confirmations": [replace(X, state=State.CLOSED)]},
    "own and stranger's": {
        "events": [event()],
        "confirmations": [A, order("X", "67890", phone=STRANGER), order("Y", "2", phone=STRANGER)],
    },
    "own word": {"events": [OWN_WORD], "confirmations": [A]},
    "word evet": {"events": [event(keyword="Evet")], "confirmations": [A]},
    "two stores": {"events": [event(), SECOND], "confirmations": [A, ELSEWHERE]},
    "two stores, own word first": {"events": [OWN_WORD, SECOND], "confirmations": [A, ELSEWHERE]},
    "near words": {
        "events": [event(keyword="onayla1"), replace(SECOND, keyword="onayla2")],
        "confirmations": [A, ELSEWHERE],
    },
    "letters": {"events": [event()], "confirmations": [order("A", "c88728ce28151", "77")]},
    "zeros": {"events": [event()], "confirmations": [order("A", "0012345")]},
    "prefix": {"events": [event()], "confirmations": [order("A", "TR-12345")]},
    "confirmed": {"events": [event()], "confirmations": [replace(A, state=State.CONFIRMED)]},
    "declined": {"events": [event()], "confirmations": [replace(A, state=State.DECLINED)]},
    "expired": {"events": [event()], "confirmations": [replace(A, state=State.EXPIRED)]},
    "closed": {"events": [event()], "confirmations": [replace(A, state=State.CLOSED)]},
    "one confirmed, one open": {"events": [event()], "confirmations": [replace(A, state=State.CONFIRMED), B]},
    "not yet": {
        "events": [event()],
        "confirmations": [replace(A, created_at=SENT_AT + timedelta(minutes=3))],
    },
    "merchant's refusals": {
        "events": [event(refusal_words=("kalsın", "daha sonra", "H"))],
        "confirmations": [A],
    },
    "taught": {"events": [event(confirming_words=TAUGHT)], "confirmations": [A]},
    "taught, two": {"events": [event(confirming_words=TAUGHT)], "confirmations": [A, B]},
    "taught, asked": {
        "events": [event(confirming_words=TAUGHT)],
        "confirmations": [A, B],
        "asked_which": frozenset("AB"),
    },
    "taught, none": {"events": [event(confirming_words=TAUGHT)], "confirmations": []},
    "taught, closed": {
        "events": [event(confirming_words=TAUGHT)],
        "confirmations": [replace(A, state=State.CLOSED)],
    },
    "taught, own word": {"events": [replace(OWN_WORD, confirming_words=TAUGHT)], "confirmations": [A]},
    "taught, stranger's": {"events": [event(confirming_words=TAUGHT)], "confirmations": [X]},
    "taught, two stores": {
        "events": [event(confirming_words=TAUGHT), replace(SECOND, keyword="kuzey")],
        "confirmations": [A, ELSEWHERE],
    },
}


@pytest.fixture
def answer() -> Callable[..., Outcome]:
    """Match a text from the buyer's phone in a scene; keywords replace parts of the scene."""

    def _answer(text: str, scene: str = "one", **changes: Any) -> Outcome:
        given: dict[str, Any] = {"sender": BUYER, "sent_at": SENT_AT} | SCENES[scene] | changes
        return match(text, **given)

    return _answer


@pytest.fixture
def scenes() -> dict[str, dict[str, Any]]:
    return {name: {"sender": BUYER, "sent_at": SENT_AT} | scene for name, scene in SCENES.items()}


@pytest.fixture
def make_order() -> Callable[..., Confirmation]:
    return order


@pytest.fixture
def make_event() -> Callable[..., Event]:
    return event
