"""What a blocked phone means: rules, look-ups, and that one shop's block is nothing to another (R1, R5, R6)."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from integrations.netgsm.switchboard import Asked
from messaging.models import Purpose
from orders import blocked, blocking, calls, queries, questions
from orders.blocking import Record, Standing
from orders.confirmation import State
from orders.matching import Verdict
from orders.models import Act, BlockedPhone, Confirmation, HandAct, Order, VoiceSettings
from orders.queries import Tab
from orders.voice.telling import Outcome
from subscribers import reach
from subscribers.models import AuditEntry, Subscriber
from tests.factories import (
    AccountFactory,
    BlockedPhoneFactory,
    Cast,
    ConfirmationFactory,
    EventFactory,
    OrderFactory,
    cast,
)

PHONE, OTHER = "+905321234567", "+905339999999"
requirement = pytest.mark.requirement


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


def order_to_ask(shop: Subscriber, **facts: Any) -> Order:
    """An order that is asked unless its phone is blocked."""
    AccountFactory.create(subscriber=shop)
    event = EventFactory.create(subscriber=shop)
    made: Order = OrderFactory.create(**{"subscriber": shop, "store": event.store, "phone": PHONE, **facts})
    return made


@requirement("R6")
@pytest.mark.parametrize(("verdict", "is_blocked"), list(product(Verdict, [True, False])))
def test_sets_every_answer_aside_but_the_wish_for_no_sms(verdict: Verdict, is_blocked: bool) -> None:
    assert blocked.sets_aside(verdict, is_blocked=is_blocked) is (is_blocked and verdict != Verdict.OPT_OUT)


@requirement("R6")
@pytest.mark.parametrize(
    ("is_blocked", "by_person", "stays"),
    [(True, False, True), (True, True, False), (False, False, False), (False, True, False)],
)
def test_keeps_back_what_goes_by_itself_alone(is_blocked: bool, by_person: bool, stays: bool) -> None:
    assert blocked.stays(is_blocked=is_blocked, by_person=by_person) is stays


@requirement("R6")
@given(
    standings=st.lists(
        st.builds(
            Standing,
            state=st.sampled_from([None, *State]),
            is_silent=st.booleans(),
            is_cod=st.booleans(),
            store_status=st.sampled_from(["waiting_for_approval", "approved", "cancelled", "deleted", "strange"]),
            count=st.integers(1, 5),
        ),
        max_size=8,
    )
)
def test_counts_no_order_twice_by_what_was_said_of_it(standings: list[Standing]) -> None:
    record = Record()
    for standing in standings:
        blocking.add(record, standing)

    assert record.placed == sum(standing.count for standing in standings)
    assert record.confirmed + record.declined + record.silent <= record.placed
    assert max(record.cancelled, record.undecided) <= record.placed


@requirement("R5")
def test_does_not_ask_an_order_of_a_blocked_phone(people: Cast) -> None:
    BlockedPhoneFactory.create(subscriber=people.shop, phone=PHONE)
    order = order_to_ask(people.shop)

    assert (questions.consider(order), order.not_asked) == (None, "phone_blocked")
    assert order.store_status == "waiting_for_approval"


@requirement("R5")
def test_does_not_ask_where_another_phone_of_the_order_is_blocked(people: Cast) -> None:
    BlockedPhoneFactory.create(subscriber=people.shop, phone=OTHER)
    order = order_to_ask(people.shop, phones=[PHONE, OTHER])

    assert (questions.consider(order), order.not_asked) == (None, "phone_blocked")


@requirement("R1")
def test_means_nothing_to_another_shop(people: Cast) -> None:
    BlockedPhoneFactory.create(subscriber=people.other_shop, phone=PHONE)
    order = order_to_ask(people.shop)
    with reach.of(people.shop.pk):
        assert blocking.every_phone(people.shop) == frozenset()
        assert questions.consider(order) is not None


@requirement("R1")
@pytest.mark.parametrize("reaches", ["shop", "everybody"])
def test_marks_no_order_for_another_shops_block(people: Cast, reaches: str) -> None:
    BlockedPhoneFactory.create(subscriber=people.other_shop, phone=PHONE)
    order = order_to_ask(people.shop)
    if reaches == "shop":
        with reach.of(people.shop.pk):
            assert not queries.sheet(people.shop, order.code).line.is_blocked
    else:
        assert not queries.sheet(people.shop, order.code).line.is_blocked


@requirement("R5")
def test_costs_an_order_that_is_considered_one_look_up(
    people: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        blocked.is_any(people.shop.pk, [PHONE, OTHER, ""])
    with django_assert_num_queries(0):
        assert not blocked.is_any(people.shop.pk, [""])


@requirement("R6")
def test_makes_the_order_one_that_needs_a_person(people: Cast) -> None:
    BlockedPhoneFactory.create(subscriber=people.shop, phone=PHONE)
    questions.consider(order_to_ask(people.shop))

    (line,) = queries.Orders(people.shop, tab=Tab.NEEDS_YOU)[0:5]
    assert (line.is_blocked, line.not_asked, line.state) == (True, "phone_blocked", queries.UNASKED)


@requirement("R6")
def test_is_written_down_with_who_and_when(people: Cast) -> None:
    order = order_to_ask(people.shop)
    row = blocking.block(people.shop, PHONE, by=people.member, note="Üç kez uydurma")
    entry = AuditEntry.objects.get(action="phone_blocked")

    assert (entry.actor, entry.about_id, entry.detail) == (people.member, row.pk, {"phone": "5XX***XX67"})
    assert list(order.steps.values_list("kind", "by")) == [("phone_blocked", people.member.pk)]


@requirement("R6")
def test_is_blocked_once(people: Cast) -> None:
    blocking.block(people.shop, PHONE, by=people.owner)
    with pytest.raises(blocking.AlreadyBlocked):
        blocking.block(people.shop, PHONE, by=people.member)

    assert BlockedPhone.objects.get().blocked_by == people.owner
    assert AuditEntry.objects.filter(action="phone_blocked").count() == 1


@requirement("R5")
def test_unblocking_asks_at_once_what_was_left_unasked(people: Cast) -> None:
    row = blocking.block(people.shop, PHONE, by=people.owner)
    order = order_to_ask(people.shop)
    questions.consider(order)
    asked = blocking.unblock(row, by=people.member)
    order.refresh_from_db()

    assert (asked, order.not_asked, order.confirmations.get().state) == (1, "", State.WAITING)
    assert AuditEntry.objects.get(action="phone_unblocked").actor == people.member


@requirement("R5")
def test_unblocking_asks_nothing_older_than_a_day(people: Cast) -> None:
    row = blocking.block(people.shop, PHONE, by=people.owner)
    old = order_to_ask(people.shop, created_at=timezone.now() - timedelta(hours=25), not_asked="phone_blocked")

    assert (blocking.unblock(row, by=people.owner), old.confirmations.count()) == (0, 0)


@requirement("R5")
def test_unblocking_leaves_what_another_blocked_phone_keeps(people: Cast) -> None:
    row = blocking.block(people.shop, PHONE, by=people.owner)
    blocking.block(people.shop, OTHER, by=people.owner)
    order = order_to_ask(people.shop, phones=[PHONE, OTHER])
    questions.consider(order)

    assert blocking.unblock(row, by=people.owner) == 0
    order.refresh_from_db()
    assert order.not_asked == "phone_blocked"


@requirement("R6")
def test_is_unblocked_once(people: Cast) -> None:
    row = blocking.block(people.shop, PHONE, by=people.owner)
    again = BlockedPhone.objects.get(pk=row.pk)
    blocking.unblock(row, by=people.owner)
    blocking.unblock(again, by=people.member)

    assert AuditEntry.objects.filter(action="phone_unblocked").count() == 1


@requirement("R5")
def test_the_next_look_asks_what_came_beside_the_unblocking(people: Cast) -> None:
    """An order that saw the block while it was taken back keeps the reason, and nobody presses anything more."""
    blocked_still = order_to_ask(people.shop, not_asked="phone_blocked", phone=OTHER)
    BlockedPhoneFactory.create(subscriber=people.shop, phone=OTHER)
    free = OrderFactory.create(subscriber=people.shop, store=blocked_still.store, not_asked="phone_blocked")

    assert questions.consider_waiting(free.store) == 1
    assert Confirmation.objects.get().order == free


@requirement("R6")
def test_declines_what_waits_with_the_time_to_take_it_back(people: Cast) -> None:
    waiting = ConfirmationFactory.create(order=order_to_ask(people.shop)).order
    unasked = OrderFactory.create(subscriber=people.shop, store=waiting.store)
    done = OrderFactory.create(subscriber=people.shop, store=waiting.store, store_status="approved")
    told = blocking.decline_undecided(people.shop, PHONE, by=people.owner)

    assert told.taken == 2
    acts = HandAct.objects.filter(act=Act.DECLINE, state="due")
    assert set(acts.values_list("order", flat=True)) == {waiting.pk, unasked.pk}
    assert not HandAct.objects.filter(order=done).exists()


@requirement("R6")
def test_tells_what_came_of_the_phones_orders_in_a_year(people: Cast) -> None:
    order = order_to_ask(people.shop)
    facts = {"subscriber": people.shop, "store": order.store}
    ConfirmationFactory.create(order=order, state=State.DECLINED)
    ConfirmationFactory.create(order=OrderFactory.create(**facts, store_status="cancelled"), state=State.EXPIRED)
    OrderFactory.create(**facts, created_at=timezone.now() - timedelta(days=366))
    OrderFactory.create(**facts, phone=OTHER)
    OrderFactory.create(phone=PHONE)  # of another shop

    told = blocking.records(people.shop, [PHONE])
    assert told == {PHONE: Record(placed=2, declined=1, silent=1, cancelled=1)}


@requirement("R8")
def test_a_key_of_a_blocked_phone_confirms_nothing_and_the_state_is_heard(people: Cast) -> None:
    VoiceSettings.objects.create(subscriber=people.shop, confirms_by_key=True)
    opened = ConfirmationFactory.create(order=order_to_ask(people.shop))
    BlockedPhoneFactory.create(subscriber=people.shop, phone=PHONE)
    with reach.of(people.shop.pk):
        told = calls.answer(people.shop, Asked(caller=PHONE, call="1763.42", keys="1"))
        offered = calls.answer(people.shop, Asked(caller=PHONE, call="1763.43", keys=""))
    opened.refresh_from_db()

    assert (opened.state, told.outcome) == (State.WAITING, Outcome.TOLD)
    assert "tuşuna basın" not in offered.said


@requirement("R8")
def test_a_key_counts_where_another_shop_blocked_the_phone(people: Cast) -> None:
    VoiceSettings.objects.create(subscriber=people.shop, confirms_by_key=True)
    ConfirmationFactory.create(order=order_to_ask(people.shop))
    BlockedPhoneFactory.create(subscriber=people.other_shop, phone=PHONE)
    told = calls.answer(people.shop, Asked(caller=PHONE, call="1763.42", keys="1"))

    assert told.outcome == Outcome.CONFIRMED


@requirement("R6")
def test_every_purpose_is_looked_at_before_it_leaves() -> None:
    from messaging import outbox
    from orders import withholding

    (heeded,) = [each for each in outbox._heeded if each.judge is withholding.judge]
    assert heeded.purposes == set(Purpose)
