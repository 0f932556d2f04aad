"""Genel bakış, what the portal saved: which parcels count, the credit and its days, the last thirty days."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.netgsm.models import Account
from messaging import credit, credit_watch
from messaging.models import OutgoingState, Purpose
from orders import overview
from orders.confirmation import State
from orders.models import Order
from orders.queries import Tab
from portal.templatetags.figures import start_of_month, start_of_today
from subscribers.models import Subscriber
from tests import scenes
from tests.factories import (
    AccountFactory,
    Cast,
    ConfirmationFactory,
    OrderFactory,
    OutgoingMessageFactory,
    StepFactory,
)

pytestmark = pytest.mark.requirement("R1")

ISTANBUL = ZoneInfo("Europe/Istanbul")


def order_in(
    cast: Cast, state: State, status: str, *, hours: int = 0, question: str = "delivered", **facts: object
) -> Order:
    """Its confirmation was opened that many hours ago."""
    order = OrderFactory.create(**{"subscriber": cast.shop, "store_status": status, **facts})
    by = cast.owner if state in (State.CONFIRMED, State.APPROVED) else None
    ConfirmationFactory.create(
        order=order, state=state, decided_by=by, opened_at=timezone.now() - timedelta(hours=hours)
    )
    OutgoingMessageFactory.create(
        subscriber=order.subscriber,
        about=order.pk,
        purpose=Purpose.QUESTION,
        state=question,
        sent_at=timezone.now() - timedelta(hours=hours),
    )
    return order


def parcels(cast: Cast) -> int:
    return sum(day.spared for day in overview.daily(cast.shop, days=2))


def account(cast: Cast, *, days: int = 30, **facts: object) -> None:
    AccountFactory.create(subscriber=cast.shop, created_at=timezone.now() - timedelta(days=days), **facts)


def sent(cast: Cast, *, segments: int, days_ago: int = 1, state: str = OutgoingState.DELIVERED) -> None:
    account = Account.objects.get(subscriber=cast.shop)
    sent_at = timezone.now() - timedelta(days=days_ago)
    OutgoingMessageFactory.create(
        subscriber=cast.shop, account=account, segments=segments, sent_at=sent_at, state=state
    )


@pytest.mark.parametrize(
    ("state", "status", "saved"),
    [
        (State.DECLINED, "waiting_for_approval", 1),
        (State.DECLINED, "cancelled", 1),
        (State.DECLINED, "approved", 0),
        (State.DECLINED, "fulfilled", 0),
        (State.EXPIRED, "cancelled", 1),
        (State.EXPIRED, "waiting_for_approval", 0),
        (State.EXPIRED, "delivered", 0),
        (State.APPROVED, "cancelled", 0),
        (State.WAITING, "waiting_for_approval", 0),
    ],
)
def test_a_parcel_counts_that_nobody_wanted_and_nobody_sent(state: State, status: str, saved: int, cast: Cast) -> None:
    order_in(cast, state, status)
    assert parcels(cast) == saved


@pytest.mark.parametrize("question", ["refused", "undelivered", "queued"])
def test_nobody_is_silent_whose_question_never_arrived(question: str, cast: Cast) -> None:
    order_in(cast, State.EXPIRED, "cancelled", question=question)
    assert parcels(cast) == 0


def test_no_parcel_counts_that_was_once_sent(cast: Cast) -> None:
    order = order_in(cast, State.EXPIRED, "cancelled")
    StepFactory.create(order=order, kind="store_status", detail={"before": "approved", "after": "fulfilled"})
    assert parcels(cast) == 0


@pytest.mark.parametrize(("hours", "saved"), [(25, 1), (23, 0)])
def test_an_order_cancelled_counts_once_its_buyer_was_silent(hours: int, saved: int, cast: Cast) -> None:
    order = order_in(cast, State.CLOSED, "cancelled", hours=hours)
    StepFactory.create(order=order, kind="closed_by_store")
    assert parcels(cast) == saved


def test_a_buyer_asked_again_has_the_hours_anew(cast: Cast) -> None:
    order = order_in(cast, State.CLOSED, "cancelled", hours=48)
    StepFactory.create(order=order, kind="closed_by_store")
    sent_at = timezone.now() - timedelta(hours=1)
    OutgoingMessageFactory.create(
        subscriber=cast.shop, about=order.pk, purpose=Purpose.QUESTION, sent_at=sent_at, round=2, by=cast.owner
    )
    assert parcels(cast) == 0


@pytest.mark.parametrize("facts", [{"is_cod": False}, {"created_at": timezone.now() - timedelta(days=3)}])
def test_no_paid_and_no_older_order_counts(facts: dict[str, object], cast: Cast) -> None:
    order_in(cast, State.DECLINED, "cancelled", **facts)
    assert parcels(cast) == 0


def test_nothing_of_another_subscriber_counts(cast: Cast) -> None:
    order_in(cast, State.DECLINED, "cancelled", subscriber=cast.other_shop)
    assert parcels(cast) == 0


def test_knows_for_how_many_days_the_credit_will_do(cast: Cast) -> None:
    account(cast, credit="57,86")
    sent(cast, segments=20)
    sent(cast, segments=8, days_ago=10)
    sent(cast, segments=50, days_ago=15)
    sent(cast, segments=50, state=OutgoingState.REFUSED)
    found = credit.of(cast.shop)
    assert found is not None
    assert (found.left, found.a_day, found.days) == (Decimal("57.86"), Decimal(2), 28)


def test_measures_a_young_account_by_its_own_days(cast: Cast) -> None:
    account(cast, days=4, credit="100")
    sent(cast, segments=40)
    assert credit.of(cast.shop) == credit.Credit(left=Decimal(100), a_day=Decimal(10))


@pytest.mark.parametrize(("days", "segments"), [(2, 5), (30, 0)])
def test_knows_no_days_where_nobody_can(days: int, segments: int, cast: Cast) -> None:
    account(cast, days=days, credit="100")
    if segments:
        sent(cast, segments=segments)
    found = credit.of(cast.shop)
    assert found is not None
    assert found.days is None


@pytest.mark.parametrize(("left", "asks"), [("39", True), ("41", False)])
def test_a_credit_for_three_days_needs_the_merchant(left: str, asks: bool, cast: Cast, owner: Client) -> None:
    account(cast, credit=left)
    sent(cast, segments=140)
    credit_watch.judge(Account.objects.get().pk, cast.shop.pk)
    assert ("SMS krediniz yaklaşık 3 gün yeter." in owner.get("/").content.decode()) == asks


def test_knows_no_credit_that_the_operator_did_not_name(cast: Cast) -> None:
    account(cast, credit="")
    assert (credit.of(cast.shop), credit.of(cast.other_shop)) == (None, None)


def test_an_order_belongs_to_the_day_of_the_shops_own_calendar(cast: Cast) -> None:
    just_after_midnight = start_of_today().astimezone(ISTANBUL) + timedelta(minutes=5)
    order_in(cast, State.DECLINED, "cancelled", created_at=just_after_midnight.astimezone(ZoneInfo("UTC")))
    order_in(cast, State.DECLINED, "cancelled", created_at=just_after_midnight - timedelta(minutes=10))
    days = overview.daily(cast.shop, days=30)
    today = datetime.now(ISTANBUL).date()
    assert [(day.on, day.standing[Tab.DECLINED]) for day in days[:2]] == [(today, 1), (today - timedelta(days=1), 1)]


def test_leaves_no_day_out(cast: Cast) -> None:
    order_in(cast, State.DECLINED, "cancelled", created_at=timezone.now() - timedelta(days=31))
    days = overview.daily(cast.shop, days=30)
    assert (len(days), sum(sum(day.standing.values()) for day in days)) == (30, 0)


def test_a_month_begins_at_midnight_of_the_first() -> None:
    assert (start_of_month().day, start_of_month().hour) == (1, 0)


def test_asks_for_the_freight_where_it_is_not_known(cast: Cast, owner: Client) -> None:
    order_in(cast, State.DECLINED, "cancelled")
    text = owner.get("/").content.decode()
    assert ("1 koli" in text, 'href="/ayarlar/siparisler/#kargo"' in text) == (True, True)


def test_tells_what_the_parcels_would_have_cost(cast: Cast, owner: Client) -> None:
    Subscriber.objects.filter(pk=cast.shop.pk).update(freight_out="80.25", freight_back="60")
    for _ in range(2):
        order_in(cast, State.DECLINED, "cancelled")
    text = owner.get("/").content.decode()
    assert ("280,50 TL" in text, "#kargo" in text) == (True, False)


def test_shows_the_last_thirty_days_as_a_table_to_draw_from(cast: Cast, owner: Client) -> None:
    order_in(cast, State.DECLINED, "cancelled")
    text = owner.get("/").content.decode()
    days, states = text.count('<th scope="row"'), text.count("data-tone=")
    assert (days, states, "chart.umd.min" in text) == (30, 4, True)


def test_draws_nothing_where_no_order_came(cast: Cast, owner: Client) -> None:
    text = owner.get("/").content.decode()
    assert ("data-history" in text, "chart.umd.min" in text) == (False, False)


def test_loads_the_chart_on_this_page_alone(cast: Cast, owner: Client) -> None:
    order_in(cast, State.DECLINED, "cancelled")
    assert "chart.umd.min" not in owner.get("/siparisler/").content.decode()


@pytest.mark.parametrize("orders", [3, 300])
def test_needs_at_most_twelve_queries(orders: int, cast: Cast, owner: Client) -> None:
    scenes.busy_shop(cast.shop)
    store = Order.objects.filter(subscriber=cast.shop).first().store  # type: ignore[union-attr]
    rows = OrderFactory.build_batch(orders, subscriber=cast.shop, store=store)
    Order.objects.bulk_create(rows)
    with CaptureQueriesContext(connection) as asked:
        owner.get("/")
    assert len(asked) <= 12, [query["sql"][:150] for query in asked]
