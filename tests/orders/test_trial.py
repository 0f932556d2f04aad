"""*Bir cevap dene*: the trial says what the live way would do, and leaves no trace (R6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.ideasoft.models import Connection
from messaging.models import IncomingMessage, IncomingState, InteractiveEvent, OtherPhone
from orders import answers, trial
from orders.confirmation import State
from orders.models import Order
from subscribers.models import Subscriber
from tests import thoroughness
from tests.factories import (
    AccountFactory,
    ConfirmationFactory,
    EventFactory,
    IncomingMessageFactory,
    OrderFactory,
    StoreFactory,
    SubscriberFactory,
)
from tests.orders.matching.test_answer_table import texts
from work import drain, wake

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R6")]

BUYER, STRANGER, TWICE = "+905321234567", "+905559876543", "+905441112233"


@pytest.fixture
def shop() -> Subscriber:
    """Two stores on one line, the second with a word of its own; a buyer with one open order, and one with two."""
    shop = SubscriberFactory.create()
    AccountFactory.create(subscriber=shop)
    first, second = (StoreFactory.create(subscriber=shop, connection=Connection.WAITING) for _ in "12")
    EventFactory.create(subscriber=shop, store=first, priority=1, confirming_words=["gönderin", "Evet"])
    EventFactory.create(subscriber=shop, store=second, priority=2, keyword="siparisonay", other_phone=OtherPhone.ACCEPT)
    _order(first, "12345", BUYER)
    _order(first, "67890", TWICE)
    _order(second, "c88728ce28151", TWICE)
    _order(second, "777001", STRANGER, State.DECLINED)
    return shop


def _order(store: Any, reference: str, phone: str, state: State = State.WAITING) -> Order:
    order = OrderFactory.create(
        subscriber=store.subscriber,
        store=store,
        reference=reference,
        reference_keys=[reference.lower()],
        phone=phone,
        created_at=timezone.now() - timedelta(hours=2),
    )
    ConfirmationFactory.create(order=order, state=state)
    return order


Verdict = tuple[str, str, str, frozenset[tuple[str, str]]]


def _tried(shop: Subscriber, text: str, sender: str) -> Verdict:
    tried = trial.answer(shop, text=text, sender=sender)
    decided = frozenset((str(meant.order), str(meant.decision.verdict)) for meant in tried.meant)
    return str(tried.outcome.verdict), str(tried.outcome.reason), str(tried.event), decided


def _lived(shop: Subscriber, text: str, sender: str) -> Verdict:
    """What the queue makes of the same answer, taken back afterwards."""
    seen: list[answers.Outcome] = []
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        written = answers._write
        patch.setattr(answers, "_write", lambda *given: (seen.append(given[2]), written(*given)))
        # Due since a while: within one transaction the database's clock stands still.
        message = IncomingMessageFactory.create(
            subscriber=shop,
            text=text,
            sender=sender,
            state=IncomingState.RECEIVED,
            due_at=timezone.now() - timedelta(minutes=1),
        )
        drain.drain("sms.answer")
        message = IncomingMessage.objects.select_related("event__store").get(pk=message.pk)
        assert message.state != IncomingState.RECEIVED
        names = {str(order.pk): str(order) for order in Order.objects.filter(subscriber=shop)}
        transaction.set_rollback(True)
    decided = frozenset((names[each.confirmation_id], str(each.verdict)) for each in seen[-1].decisions)
    return message.outcome, message.reason, str(message.event), decided


@thoroughness.sweep
@pytest.mark.parametrize(("sender", "first"), [(BUYER, 0), (TWICE, 12), (STRANGER, 24), ("", 36)])
def test_says_what_the_live_way_does_for_the_answers_of_the_table(shop: Subscriber, sender: str, first: int) -> None:
    answered = thoroughness.some(texts(), every=48, first=first)
    differing = [text for text in answered if _tried(shop, text, sender) != _lived(shop, text, sender)]

    assert differing == []


WORDS = st.sampled_from(
    [
        "onay",
        "Onayla",
        "siparisonay",
        "gonderin",
        "evet",
        "iptal",
        "12345",
        "67890",
        "c88728ce28151",
        "777001",
        "999999",
        "?",
        "değil",
    ]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(WORDS, max_size=4).map(" ".join), sender=st.sampled_from([BUYER, TWICE, STRANGER, ""]))
def test_says_what_the_live_way_does_for_any_answer(shop: Subscriber, text: str, sender: str) -> None:
    assert _tried(shop, text, sender) == _lived(shop, text, sender)


def _counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


@pytest.mark.parametrize("text", ["Onay 12345", "12345 iptal", "onay", "onay 67890", "onay 999999", "kargom nerede?"])
def test_writes_nothing_and_wakes_nobody(
    shop: Subscriber, text: str, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(wake, "ring", rung.append)
    before = _counts()
    with django_capture_on_commit_callbacks(execute=True) as hints, CaptureQueriesContext(connection) as seen:
        trial.answer(shop, text=text, sender=TWICE)

    assert (_counts(), rung, hints) == (before, [], [])
    assert {query["sql"].split()[0] for query in seen} == {"SELECT"}
    assert not any("FOR UPDATE" in query["sql"] for query in seen)


@pytest.mark.parametrize(
    ("text", "sender", "verdict"),
    [
        ("onay", BUYER, "confirm"),
        ("Gönderin", BUYER, "confirm"),
        ("evet ama rengi siyahtı", BUYER, "unmatched"),
        ("12345 istemiyorum", BUYER, "decline"),
        ("onay 12345", STRANGER, "other_phone"),
        ("onay", TWICE, "ask_which"),
        ("onay 777001", STRANGER, "unmatched"),
        ("siparisonay 777001", STRANGER, "late"),
        ("dur", BUYER, "opt_out"),
    ],
)
def test_tells_outcomes_apart(shop: Subscriber, text: str, sender: str, verdict: str) -> None:
    assert trial.answer(shop, text=text, sender=sender).outcome.verdict == verdict


def test_names_the_number_that_stores_would_be_asked_for(shop: Subscriber) -> None:
    tried = trial.answer(shop, text="onay 999999", sender=BUYER)

    assert (tried.asked_for, tried.outcome.reason) == (("999999",), "unknown_reference")


def test_names_the_order_and_the_event_that_takes_the_answer(shop: Subscriber) -> None:
    (meant,) = trial.answer(shop, text="siparisonay c88728ce28151", sender=TWICE).meant

    assert (str(meant.order), str(meant.event)) == ("c88728ce28151", "2. siparisonay")


@pytest.mark.parametrize(
    ("text", "verdict"), [("onay", "confirm"), ("onay 100245", "confirm"), ("onay 12345", "unmatched")]
)
def test_tries_against_a_made_up_order_alone(shop: Subscriber, text: str, verdict: str) -> None:
    event = InteractiveEvent.objects.get(subscriber=shop, priority=1)

    assert trial.sample(shop, event, text=text).outcome.verdict == verdict


def test_offers_no_order_of_another_subscriber(shop: Subscriber) -> None:
    OrderFactory.create(reference="990011")

    assert "990011" not in [str(order) for order in trial.offered(shop)]
