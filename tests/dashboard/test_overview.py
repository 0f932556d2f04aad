"""Genel bakış: today's numbers, how fast buyers answer, the newest steps, and what set-up still lacks."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from integrations.ideasoft.models import SetupCheck, SetupItem
from messaging.models import Purpose
from orders import overview
from orders.confirmation import State
from orders.models import Order
from orders.queries import Tab
from portal.templatetags.figures import start_of_today
from subscribers.models import User
from tests import scenes
from tests.factories import (
    AccountFactory,
    Cast,
    ConfirmationFactory,
    EventFactory,
    IncomingMessageFactory,
    OrderFactory,
    OutgoingMessageFactory,
    StepFactory,
    StoreFactory,
)

pytestmark = pytest.mark.requirement("R1")


def order_in(state: State | None, cast: Cast, **facts: object) -> Order:
    order = OrderFactory.create(**{"subscriber": cast.shop, "is_cod": True, **facts})
    if state is not None:
        ConfirmationFactory.create(
            order=order, state=state, decided_by=cast.owner if state in (State.CONFIRMED, State.APPROVED) else None
        )
    return order


def test_tells_what_waits_for_the_shop_since_its_phone_is_blocked(owner: Client, cast: Cast) -> None:
    for reason, status in (
        ("phone_blocked", "waiting_for_approval"),
        ("phone_blocked", "waiting_for_approval"),
        ("phone_blocked", "approved"),
        ("too_old", "waiting_for_approval"),
    ):
        order_in(None, cast, not_asked=reason, store_status=status)
    order_in(State.DECLINED, cast, not_asked="phone_blocked", store_status="waiting_for_approval")
    page = " ".join(owner.get("/").content.decode().split())

    assert "Engellenen numaralardan gelen 2 sipariş sorulmadan bekliyor." in page
    assert 'Sizi bekleyenler <span class="count">1</span>' in page
    assert 'href="/siparisler/?durum=needs_you&amp;telefon=engellenen">Siparişleri aç</a>' in page


def test_says_nothing_of_blocked_phones_where_none_holds_an_order_back(owner: Client, cast: Cast) -> None:
    order_in(None, cast, not_asked="too_old", store_status="waiting_for_approval")

    assert "sorulmadan bekliyor" not in owner.get("/").content.decode()


def answered(cast: Cast, minutes: int) -> None:
    """Asked an hour after the order came, answered `minutes` later, decided anew by hand long after."""
    opened_at = timezone.now() - timedelta(hours=5)
    asked_at = opened_at + timedelta(hours=1)
    order = OrderFactory.create(subscriber=cast.shop)
    OutgoingMessageFactory.create(subscriber=cast.shop, about=order.pk, purpose=Purpose.QUESTION, sent_at=asked_at)
    answer = IncomingMessageFactory.create(subscriber=cast.shop, received_at=asked_at + timedelta(minutes=minutes))
    ConfirmationFactory.create(
        order=order, state=State.APPROVED, answer=answer, opened_at=opened_at, decided_at=timezone.now()
    )


def standing(cast: Cast) -> dict[Tab, int]:
    return overview.standing(cast.shop, since=start_of_today())


def test_counts_todays_orders_by_where_they_stand(cast: Cast) -> None:
    for state in (State.WAITING, State.CONFIRMED, State.APPROVED, State.DECLINED, State.EXPIRED, State.CLOSED, None):
        order_in(state, cast, created_at=timezone.now())
    assert standing(cast) == {Tab.WAITING: 1, Tab.CONFIRMED: 2, Tab.DECLINED: 1, Tab.SILENT: 1}


def test_counts_no_order_of_yesterday(cast: Cast) -> None:
    order_in(State.WAITING, cast, created_at=start_of_today() - timedelta(seconds=1))
    assert sum(standing(cast).values()) == 0


def test_counts_no_order_that_was_paid(cast: Cast) -> None:
    order_in(State.WAITING, cast, is_cod=False, created_at=timezone.now())
    assert sum(standing(cast).values()) == 0


def test_counts_nothing_of_another_subscriber(cast: Cast) -> None:
    order_in(State.WAITING, cast, subscriber=cast.other_shop, created_at=timezone.now())
    assert sum(standing(cast).values()) == 0


def test_knows_how_long_half_of_the_buyers_took(cast: Cast) -> None:
    for minutes in (1, 5, 300):
        answered(cast, minutes)
    assert overview.median_answer(cast.shop, days=30) == timedelta(minutes=5)


def test_knows_no_time_where_nobody_answered(cast: Cast) -> None:
    assert overview.median_answer(cast.shop, days=30) is None


def test_tells_the_newest_steps_first(cast: Cast) -> None:
    for minutes, reference in ((9, "1001"), (3, "1002")):
        order = OrderFactory.create(subscriber=cast.shop, reference=reference)
        StepFactory.create(order=order, kind="expired", at=timezone.now() - timedelta(minutes=minutes))
    StepFactory.create(order=OrderFactory.create(subscriber=cast.other_shop), kind="expired")
    assert [each.reference for each in overview.newest(cast.shop)] == ["1002", "1001"]


def test_tells_a_change_in_the_store_once(cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    for ago, kind, detail in (
        (2, "store_status", {"before": "waiting_for_approval", "after": "approved"}),
        (1, "approved_in_store", {"status": "approved"}),
    ):
        StepFactory.create(order=order, kind=kind, detail=detail, at=timezone.now() - timedelta(seconds=ago))
    assert [each.step.kind for each in overview.newest(cast.shop)] == ["approved_in_store"]


@pytest.mark.requirement("R9")
def test_tells_which_news_did_not_go_and_why(cast: Cast, owner: Client) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    StepFactory.create(order=order, kind="news_dropped", detail={"when": "shipped", "reason": "no_mobile"})
    words = "Sipariş haberi gönderilmedi · Kargoya verildi: Siparişte cep telefonu yok."
    assert words in owner.get("/").content.decode()


@pytest.mark.requirement("R9")
def test_tells_of_an_order_from_before_the_connection_only_what_happened_to_it_since(cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop, seen_by="past")
    for kind in ("order_came", "store_status"):
        StepFactory.create(order=order, kind=kind)
    assert [each.step.kind for each in overview.newest(cast.shop)] == ["store_status"]


def test_a_tile_leads_to_todays_orders_in_that_state(cast: Cast, owner: Client) -> None:
    tile = re.search(r'id="tile-waiting" class="tile" href="([^"]+)"', owner.get("/").content.decode())
    assert tile is not None
    order_in(State.WAITING, cast, reference="1001", created_at=timezone.now())
    order_in(State.WAITING, cast, reference="1002", created_at=start_of_today() - timedelta(hours=1))
    text = owner.get(html.unescape(tile[1])).content.decode()
    assert ("1001" in text, "1002" in text) == (True, False)


@pytest.mark.parametrize("path", ["/", "/siparisler/", "/mesajlar/", "/olaylar/", "/entegrasyonlar/", "/raporlar/"])
def test_counts_the_set_up_alike_on_every_page(path: str, cast: Cast, owner: Client) -> None:
    store = StoreFactory.create(subscriber=cast.shop)
    SetupCheck.objects.create(subscriber=cast.shop, store=store, item="permissions", state="done")
    page = owner.get(path).content.decode()
    counted = re.findall(r"(\d/\d), sıradaki: ([^<]+)<", page)
    assert counted == [("1/8", "SMS hesabı, başlık ve kredi")]


def test_tells_a_member_in_a_sentence_that_nobody_is_asked_yet(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    StoreFactory.create(subscriber=cast.shop)
    page = signed_in(cast.member).get("/").content.decode()
    assert ("alıcılara henüz sorulmuyor" in page, 'class="set-up"' in page) == (True, False)


def test_tells_a_member_nothing_of_the_set_up_once_buyers_are_asked(
    cast: Cast, signed_in: Callable[[User], Client]
) -> None:
    store = EventFactory.create(subscriber=cast.shop).store
    AccountFactory.create(subscriber=cast.shop)
    SetupCheck.objects.create(subscriber=cast.shop, store=store, item="permissions", state="failed")
    SetupCheck.objects.create(subscriber=cast.shop, store=store, item="test", state="by_hand", reason="no_test_yet")
    page = signed_in(cast.member).get("/").content.decode()
    assert ("alıcılara henüz sorulmuyor" in page, 'class="set-up"' in page) == (False, False)


def test_is_silent_about_set_up_once_it_is_done(cast: Cast, owner: Client) -> None:
    AccountFactory.create(subscriber=cast.shop)
    event = EventFactory.create(subscriber=cast.shop)
    IncomingMessageFactory.create(subscriber=cast.shop)
    for item in SetupItem:
        SetupCheck.objects.create(subscriber=cast.shop, store=event.store, item=item, state="done")
    assert "Kurulum" not in owner.get("/").content.decode()


def test_asks_the_database_alike_for_few_orders_and_for_many(
    cast: Cast, owner: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scenes.busy_shop(cast.shop)
    with CaptureQueriesContext(connection) as few:
        owner.get("/")
    for _ in range(20):
        StepFactory.create(order=order_in(State.WAITING, cast), kind="order_came")
    with django_assert_num_queries(len(few)):
        owner.get("/")


def test_renews_itself_without_asking_what_changes_by_the_day(cast: Cast, owner: Client) -> None:
    scenes.busy_shop(cast.shop)
    owner.get("/")
    with CaptureQueriesContext(connection) as asked:
        text = owner.get("/", headers={"HX-Request": "true"}).content.decode()
    assert "PERCENTILE_CONT" not in "".join(query["sql"] for query in asked)
    assert ("tile-waiting" in text, "yanıt verdi" in text) == (True, False)
