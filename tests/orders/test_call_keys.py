"""Keys that a caller presses: a reference keyed in, and an order confirmed (R8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import RestrictedError
from django.utils import timezone

from integrations.netgsm.switchboard import Asked
from orders import calls
from orders.models import Approval, Call, Confirmation, VoiceSettings
from orders.voice.telling import Outcome
from subscribers import reach
from subscribers.models import AuditEntry, Subscriber
from tests.factories import ConfirmationFactory, OrderFactory, SubscriberFactory

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R8")]

CALLER, STRANGER = "+905321234567", "+905339999999"


@pytest.fixture
def shop() -> Subscriber:
    made: Subscriber = SubscriberFactory.create(name="Örnek Ticaret", line="8501234567")
    VoiceSettings.objects.create(subscriber=made, confirms_by_key=True, says_name=True)
    return made


def call(shop: Subscriber, keys: str, *, caller: str = CALLER, number: str = "1763.42") -> calls.Answer:
    with reach.of(shop.pk):
        return calls.answer(shop, Asked(caller=caller, call=number, keys=keys))


def waiting(shop: Subscriber, **values: Any) -> Any:
    """An order whose buyer was asked."""
    made = OrderFactory.create(subscriber=shop, **{"phone": CALLER, **values})
    return ConfirmationFactory.create(order=made)


def known(shop: Subscriber, reference: str = "100245") -> Any:
    return OrderFactory.create(
        subscriber=shop, reference=reference, reference_keys=[reference], store_status="approved"
    )


def test_confirms_the_only_order_that_waits_by_the_key(shop: Subscriber) -> None:
    opened = waiting(shop, reference="100245")
    told = call(shop, "1")
    opened.refresh_from_db()
    assert (told.outcome, told.said) == (
        Outcome.CONFIRMED,
        "Numarasının sonu 02, 45 olan siparişinizi onayladınız. Teşekkür ederiz.",
    )
    assert (opened.state, opened.call, opened.answer, opened.decided_by) == (
        "confirmed",
        Call.objects.get(),
        None,
        None,
    )


def test_leaves_the_same_record_as_an_answer_by_sms(shop: Subscriber) -> None:
    opened = waiting(shop)
    call(shop, "1")
    key = str(Call.objects.get().pk)
    assert [(step.kind, step.detail) for step in opened.order.steps.all()] == [("buyer_confirms", {"call": key})]
    assert AuditEntry.objects.get(action="buyer_confirms").detail == {"answer": "", "call": key}
    assert [(row.action, row.state, row.replies) for row in Approval.objects.all()] == [("approve", "due", True)]


def test_confirms_nothing_where_the_merchant_has_not_turned_it_on(shop: Subscriber) -> None:
    VoiceSettings.objects.update(confirms_by_key=False)
    opened = waiting(shop)
    assert call(shop, "1").outcome == Outcome.TOLD
    opened.refresh_from_db()
    assert opened.state == "waiting"


def test_confirms_nothing_where_it_is_not_clear_which(shop: Subscriber) -> None:
    waiting(shop)
    waiting(shop)
    assert call(shop, "1").outcome == Outcome.WHICH
    assert set(Confirmation.objects.values_list("state", flat=True)) == {"waiting"}


@pytest.mark.parametrize("caller", [STRANGER, ""])
def test_confirms_no_order_of_another_phone(caller: str, shop: Subscriber) -> None:
    opened = waiting(shop)
    call(shop, "1", caller=caller)
    opened.refresh_from_db()
    assert opened.state == "waiting"


@pytest.mark.parametrize("values", [{"is_cod": False}, {"store_status": "cancelled"}])
def test_confirms_only_what_waits_in_the_store_too(values: dict[str, Any], shop: Subscriber) -> None:
    waiting(shop, **values)
    assert call(shop, "1").outcome == Outcome.TOLD


@pytest.mark.parametrize("keys", ["2", "11", "*1", "#"])
def test_takes_no_other_key_for_a_yes(keys: str, shop: Subscriber) -> None:
    waiting(shop)
    assert call(shop, keys).outcome == Outcome.TOLD


def test_confirms_once_however_often_the_key_comes(shop: Subscriber) -> None:
    waiting(shop)
    assert [call(shop, "1").outcome for _ in range(2)] == [Outcome.CONFIRMED, Outcome.TOLD]
    assert Approval.objects.count() == 1


def test_keeps_the_call_that_decided_as_long_as_what_it_decided(shop: Subscriber) -> None:
    waiting(shop)
    call(shop, "1")
    Call.objects.update(at=timezone.now() - timedelta(days=400))
    with reach.nothing():
        assert calls.forget() == 0
    with pytest.raises(RestrictedError):
        Call.objects.get().delete()


@pytest.mark.parametrize("caller", [STRANGER, ""])
@pytest.mark.parametrize("keys", ["100245", "100245#", "*00100245"])
def test_tells_state_and_day_of_the_order_that_is_keyed_in(keys: str, caller: str, shop: Subscriber) -> None:
    known(shop)
    told = call(shop, keys, caller=caller)
    assert told.outcome == Outcome.KEYED
    assert told.said.endswith(" tarihli, numarasının sonu 02, 45 olan siparişiniz onaylandı.")
    assert "Fatma" not in told.said


def test_finds_no_keyed_order_of_another_subscriber(shop: Subscriber) -> None:
    known(SubscriberFactory.create())
    told = call(shop, "100245")
    assert (told.outcome, told.said) == (Outcome.UNKNOWN, "Bu numarayla bir sipariş bulamadık.")


def test_allows_five_tries_a_call(shop: Subscriber) -> None:
    known(shop)
    callers = [f"+90532000000{n}" for n in range(6)]
    tried = [call(shop, "100245" if n % 2 else "999999", caller=callers[n]).outcome for n in range(6)]
    assert tried == [Outcome.UNKNOWN, Outcome.KEYED] * 2 + [Outcome.UNKNOWN, Outcome.TRIES]


def test_allows_five_tries_a_caller_within_an_hour(shop: Subscriber) -> None:
    known(shop)
    tried = [call(shop, "100245", caller=STRANGER, number=f"call {n}").outcome for n in range(6)]
    Call.objects.update(at=timezone.now() - timedelta(minutes=61))
    later = call(shop, "100245", caller=STRANGER, number="later").outcome
    assert (tried, later) == ([Outcome.KEYED] * 5 + [Outcome.TRIES], Outcome.KEYED)


def test_tells_a_caller_who_tried_too_often_still_of_their_own_orders(shop: Subscriber) -> None:
    waiting(shop)
    for _ in range(6):
        call(shop, "999999")
    assert call(shop, "").outcome == Outcome.TOLD
