"""Raporlar: what came of the orders of a period beside the period before, as the overview counts it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from messaging.models import IncomingState, OutgoingState, Purpose, QuestionMode
from orders import overview, tallies
from orders.call_tallies import Calls
from orders.confirmation import State
from orders.queries import Tab
from orders.tallies import Common, Unnamed
from portal.dashboard import periods
from portal.templatetags.figures import start_of_today
from subscribers.models import Subscriber
from tests import scenes
from tests.dashboard.reported import order, report, sms, text_of
from tests.factories import (
    AccountFactory,
    CallFactory,
    Cast,
    ConfirmationFactory,
    EventFactory,
    IncomingMessageFactory,
    OutgoingMessageFactory,
    StoreFactory,
)

pytestmark = pytest.mark.requirement("R1")


def test_agrees_with_the_overview(cast: Cast) -> None:
    scenes.busy_shop(cast.shop)
    for days_ago in (0, 1, 29, 30, 31):
        order(cast, State.DECLINED, days_ago=days_ago, store_status="cancelled")
    days, found = overview.daily(cast.shop, days=30), report(cast.shop)

    assert [part.tally for part in reversed(found.parts)] == days
    assert found.now.median == overview.median_answer(cast.shop, days=30) != None  # noqa: E711
    assert found.now.tally.spared == sum(day.spared for day in days) == 4


def test_counts_beside_the_period_before(cast: Cast) -> None:
    for state, days_ago in [
        (State.APPROVED, 0), (State.CONFIRMED, 6), (State.DECLINED, 3), (State.EXPIRED, 5), (State.WAITING, 0),
        (State.CLOSED, 1), (None, 0), (State.APPROVED, 7), (State.DECLINED, 13), (State.DECLINED, 14),
    ]:  # fmt: skip
        order(cast, state, days_ago=days_ago)
    found = report(cast.shop, "son-7-gun")
    now, before = found.now.tally, found.before.tally

    assert (now.came, now.asked, now.expired, before.came, before.asked) == (7, 6, 1, 2, 2)
    assert now.standing == {Tab.WAITING: 1, Tab.CONFIRMED: 2, Tab.DECLINED: 1, Tab.SILENT: 1}
    assert before.standing == {Tab.WAITING: 0, Tab.CONFIRMED: 1, Tab.DECLINED: 1, Tab.SILENT: 0}
    assert (found.now.share, found.before.share) == (Decimal(2) / 6, Decimal("0.5"))


def test_counts_sms_by_what_became_of_them(cast: Cast) -> None:
    AccountFactory.create(subscriber=cast.shop)
    sms(cast, segments=2)
    sms(cast, state=OutgoingState.UNDELIVERED)
    sms(cast, state=OutgoingState.REFUSED, segments=5)
    sms(cast, state=OutgoingState.QUEUED, segments=5)
    sms(cast, days_ago=7, segments=3)
    for days_ago in (0, 0, 9):
        at = timezone.now() - timedelta(days=days_ago)
        IncomingMessageFactory.create(subscriber=cast.shop, state=IncomingState.UNMATCHED, received_at=at)
    IncomingMessageFactory.create(subscriber=cast.shop)
    found = report(cast.shop, "son-7-gun")
    now, before = found.now.traffic, found.before.traffic

    assert (now.sent, now.segments, now.failed, now.unmatched) == (2, 3, 2, 2)
    assert (before.sent, before.segments, before.failed, before.unmatched) == (1, 3, 0, 1)


def test_counts_answers_not_understood_where_they_came_whoever_handled_them_since(cast: Cast, owner: Client) -> None:
    for outcome in ("assigned", "decided_by_hand", "put_aside", "decided_since", "confirm", "setup_test"):
        IncomingMessageFactory.create(subscriber=cast.shop, outcome=outcome)
    IncomingMessageFactory.create(subscriber=cast.shop, state=IncomingState.UNMATCHED, outcome="unmatched")
    traffic = report(cast.shop, "son-7-gun").now.traffic

    assert (traffic.unmatched, traffic.read) == (5, 3)
    sms(cast)
    assert "sonradan elle çözülen: 3" in owner.get("/raporlar/?donem=son-7-gun").content.decode()


def test_compares_with_yesterday_only_until_the_same_time(cast: Cast, time_machine: Any) -> None:
    noon = datetime(2026, 11, 29, 12, tzinfo=timezone.get_default_timezone())
    time_machine.move_to(noon, tick=False)
    order(cast, State.DECLINED, created_at=noon - timedelta(hours=25))
    order(cast, State.DECLINED, created_at=noon - timedelta(hours=23))
    order(cast, State.DECLINED, created_at=noon - timedelta(hours=1))
    found = report(cast.shop, "bugun")

    assert (found.now.tally.came, found.before.tally.came) == (1, 1)


def test_an_order_belongs_to_the_day_of_the_shops_own_calendar(cast: Cast) -> None:
    order(cast, State.DECLINED, created_at=start_of_today())
    order(cast, State.DECLINED, created_at=start_of_today() - timedelta(seconds=1))
    (today,) = [part.tally for part in report(cast.shop, "bugun").parts if part.tally.came]

    assert (today.at, today.came) == (start_of_today(), 1)
    assert report(cast.shop, "dun").parts[-1].tally.came == 1


@pytest.mark.parametrize(("name", "parts"), [("bugun", 24), ("son-7-gun", 7), ("son-30-gun", 30)])
def test_leaves_no_part_out(name: str, parts: int, cast: Cast) -> None:
    assert len(report(cast.shop, name).parts) == parts


def test_knows_what_was_saved_where_the_freight_is_known(cast: Cast) -> None:
    Subscriber.objects.filter(pk=cast.shop.pk).update(freight_out="80.25", freight_back="60")
    for days_ago in (0, 1, 35):
        order(cast, State.DECLINED, days_ago=days_ago, store_status="cancelled")
    found = report(Subscriber.objects.get(pk=cast.shop.pk))

    assert (found.now.saved, found.before.saved) == (Decimal("280.50"), Decimal("140.25"))
    assert report(cast.shop).now.saved is None


def test_counts_one_store_alone(cast: Cast) -> None:
    mine = order(cast, State.DECLINED, is_asked=False)
    order(cast, State.DECLINED)
    sms(cast, about=mine.pk, segments=2, purpose=Purpose.QUESTION)
    sms(cast, segments=7)
    IncomingMessageFactory.create(subscriber=cast.shop, state=IncomingState.UNMATCHED)
    found = report(cast.shop, store=mine.store.code)

    assert (found.now.tally.came, found.now.traffic.segments, found.now.traffic.unmatched) == (1, 2, 0)
    assert report(cast.shop).now.traffic.segments == 2 + 1 + 7


def test_counts_order_news_among_the_sms(cast: Cast) -> None:
    sms(cast, purpose=Purpose.NEWS)
    sms(cast, purpose=Purpose.REPLY)
    sms(cast, purpose=Purpose.NEWS, state=OutgoingState.EXPIRED)
    traffic = report(cast.shop).now.traffic

    assert (traffic.sent, traffic.news) == (2, 1)


def test_counts_calls_and_those_that_were_told_of_an_order(cast: Cast) -> None:
    told_of = order(cast)
    CallFactory.create(subscriber=cast.shop, order=told_of)
    CallFactory.create(subscriber=cast.shop, order=None)
    CallFactory.create(subscriber=cast.shop, order=told_of, at=timezone.now() - timedelta(days=7))

    found = report(cast.shop, "son-7-gun")
    assert (found.now.calls, found.before.calls) == (Calls(2, 1), Calls(1, 1))
    assert report(cast.shop, "son-7-gun", store=told_of.store.code).now.calls == Calls(1, 1)


def test_says_no_number_of_calls_for_times_whose_calls_are_forgotten(cast: Cast) -> None:
    found = report(cast.shop, "bu-yil")
    assert (found.now.calls, found.before.calls) == (None, None)


def test_counts_nothing_of_another_subscriber(cast: Cast) -> None:
    order(cast, State.DECLINED, subscriber=cast.other_shop)
    OutgoingMessageFactory.create(subscriber=cast.other_shop)
    found = report(cast.shop)

    assert (found.now.tally.came, found.now.traffic.sent) == (0, 0)


def test_counts_no_order_that_was_paid(cast: Cast) -> None:
    order(cast, State.DECLINED, is_cod=False)
    assert report(cast.shop).now.tally.came == 0


def shares(cast: Cast, common: Common) -> list[tuple[str | Unnamed, int, int]]:
    span = periods.named(periods.USUAL, now=timezone.now()).span
    found = tallies.by_common(cast.shop, span, common)
    return [(name, tally.came, tally.standing[Tab.DECLINED]) for name, tally in found]


def test_puts_cities_together_however_they_are_spelt(cast: Cast) -> None:
    for city in ("İzmir", "İzmir", "IZMIR", " izmir", "Ankara", ""):
        order(cast, State.DECLINED, city=city)
    assert shares(cast, Common.CITY) == [("İzmir", 4, 4), ("Ankara", 1, 1), (Unnamed.NOT_KNOWN, 1, 1)]


def test_puts_payments_together(cast: Cast) -> None:
    for payment, state in [("Nakit", State.DECLINED), ("Kart", None), ("Nakit", State.WAITING)]:
        order(cast, state, payment_type_name=payment)
    assert shares(cast, Common.PAYMENT) == [("Nakit", 2, 1), ("Kart", 1, 0)]


def test_puts_asked_orders_together_by_their_event(cast: Cast) -> None:
    store = StoreFactory.create(subscriber=cast.shop, name="Kuzey")
    event = EventFactory.create(subscriber=cast.shop, store=store, keyword="evet")
    for state in (State.DECLINED, State.WAITING):
        ConfirmationFactory.create(order=order(cast, store=store), state=state, event=event)
    order(cast, State.DECLINED)
    order(cast)
    assert shares(cast, Common.EVENT) == [("evet · Kuzey", 2, 1), (Unnamed.EVENT_REMOVED, 1, 1)]


def test_tells_a_removed_event_from_none(cast: Cast, owner: Client) -> None:
    order(cast, State.DECLINED)
    for _ in range(2):
        order(cast, State.DECLINED, is_asked=False)
    assert shares(cast, Common.EVENT) == [(Unnamed.NO_EVENT, 2, 2), (Unnamed.EVENT_REMOVED, 1, 1)]
    text = text_of(owner)
    assert ("Olay yokken elle karar verilen" in text, "Silinmiş olay" in text) == (True, True)


def test_counts_none_as_asked_that_a_person_decided_alone(cast: Cast) -> None:
    order(cast, State.CONFIRMED, is_asked=False)
    order(cast, State.CONFIRMED)
    order(cast, State.DECLINED)
    now = report(cast.shop).now

    assert (now.tally.came, now.tally.asked, now.tally.standing[Tab.CONFIRMED]) == (3, 2, 2)
    assert now.share == Decimal("0.5")


@pytest.mark.parametrize(
    ("mode", "not_asked", "asked"),
    [(QuestionMode.STORE, "", 1), (QuestionMode.STORE, "too_old", 0), (QuestionMode.PORTAL, "", 0)],
)
def test_counts_as_asked_whom_the_store_asked(mode: str, not_asked: str, asked: int, cast: Cast) -> None:
    event = EventFactory.create(subscriber=cast.shop, question_mode=mode)
    made = order(cast, store=event.store, not_asked=not_asked)
    ConfirmationFactory.create(order=made, state=State.WAITING, event=event)
    assert report(cast.shop).now.tally.asked == asked


def test_its_columns_add_up_where_the_store_moved_on(cast: Cast) -> None:
    for state in State:
        order(cast, state)
    now = report(cast.shop).now.tally

    assert (now.asked, now.closed, sum(now.standing.values())) == (len(State), 1, len(State) - 1)
