"""Siparişler: which orders a merchant sees, under which tab, by which words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from orders import queries
from orders.confirmation import State
from orders.models import Order
from orders.narrowing import Narrow
from orders.queries import Tab
from subscribers.models import Notice, Subscriber, User
from tests import scenes
from tests.factories import (
    AccountFactory,
    Cast,
    ConfirmationFactory,
    HandActFactory,
    IncomingMessageFactory,
    NoticeFactory,
    OrderFactory,
    OutgoingMessageFactory,
    StepFactory,
    StoreFactory,
)

AddOrder = Callable[..., Order]


@pytest.fixture
def add_order(cast: Cast) -> AddOrder:
    def add(state: State | None = None, **facts: object) -> Order:
        order = OrderFactory.create(subscriber=cast.shop, **facts)
        decided_by = cast.owner if state in (State.CONFIRMED, State.APPROVED) else None
        if state is not None:
            ConfirmationFactory.create(order=order, state=state, decided_by=decided_by)
        return order

    return add


def references(cast: Cast, *, tab: Tab = Tab.ALL, **asked: Any) -> list[str]:
    return [line.reference for line in queries.Orders(cast.shop, tab=tab, narrow=Narrow(**asked))[0:25]]


@pytest.mark.parametrize(
    ("tab", "state"),
    [
        (Tab.WAITING, State.WAITING),
        (Tab.CONFIRMED, State.CONFIRMED),
        (Tab.CONFIRMED, State.APPROVED),
        (Tab.DECLINED, State.DECLINED),
        (Tab.SILENT, State.EXPIRED),
        (Tab.CLOSED, State.CLOSED),
        (Tab.UNASKED, None),
    ],
)
def test_stands_under_the_tab_of_its_state(tab: Tab, state: State | None, cast: Cast, add_order: AddOrder) -> None:
    add_order(state, reference="1001")
    add_order(State.WAITING if state != State.WAITING else State.DECLINED, reference="1002")
    assert references(cast, tab=tab) == ["1001"]


@pytest.mark.parametrize(
    ("state", "by_hand", "word"),
    [
        (State.CONFIRMED, True, "Elle onaylandı, mağazaya yazılıyor"),
        (State.APPROVED, True, "Elle onaylandı"),
        (State.DECLINED, True, "Elle reddedildi"),
        (State.DECLINED, False, "Reddetti"),
        (State.APPROVED, False, "Onaylandı"),
    ],
)
@pytest.mark.parametrize("place", ["list", "order"])
def test_says_of_a_decision_by_hand_that_it_was_one(
    place: str, state: State, by_hand: bool, word: str, owner: Client, cast: Cast, add_order: AddOrder
) -> None:
    order = add_order()
    proof = {"decided_by": cast.owner} if by_hand else {"answer": IncomingMessageFactory.create(subscriber=cast.shop)}
    ConfirmationFactory.create(order=order, state=state, **proof)
    page = owner.get("/siparisler/" if place == "list" else f"/siparisler/{order.code}/").content.decode()

    assert re.findall(r'class="state state-(?:good|bad)">.*?<span>([^<]+)<', page) == [word]


@pytest.mark.parametrize(
    ("state", "kind"),
    [(State.APPROVED, "approved_in_store"), (State.EXPIRED, "expired"), (State.CLOSED, "closed_by_store")],
)
@pytest.mark.parametrize("place", ["list", "file", "order"])
def test_counts_a_state_s_age_from_its_change_whatever_came_later(
    place: str, state: State, kind: str, cast: Cast, add_order: AddOrder
) -> None:
    order, now = add_order(state), timezone.now()
    StepFactory.create(order=order, kind="order_came", at=now - timedelta(days=3))
    StepFactory.create(order=order, kind=kind, at=now - timedelta(hours=5))
    StepFactory.create(order=order, kind="answer_late", at=now)
    found = queries.Orders(cast.shop)
    with transaction.atomic():
        lines = {
            "list": found[0:1],
            "file": next(found.chunks(5)),
            "order": [queries.sheet(cast.shop, order.code).line],
        }
    (line,) = lines[place]

    assert (line.state_at, line.last_step and line.last_step.kind) == (now - timedelta(hours=5), "answer_late")


@pytest.mark.parametrize("first", ["approved_in_store", "store_status"])
def test_names_a_change_that_was_seen_in_two_ways_by_what_it_means(first: str, cast: Cast, add_order: AddOrder) -> None:
    order, now = add_order(State.APPROVED), timezone.now()
    seen = {"approved_in_store": {"status": "approved"}, "store_status": {"before": "x", "after": "approved"}}
    StepFactory.create(order=order, kind=first, at=now - timedelta(seconds=1), detail=seen.pop(first))
    ((kind, detail),) = seen.items()
    StepFactory.create(order=order, kind=kind, at=now, detail=detail)
    (line,) = queries.Orders(cast.shop)[0:1]

    assert line.last_step is not None
    assert line.last_step.kind == "approved_in_store"


def test_names_a_status_that_came_again_as_a_change(cast: Cast, add_order: AddOrder) -> None:
    order, now = add_order(State.APPROVED), timezone.now()
    StepFactory.create(
        order=order, kind="approved_in_store", at=now - timedelta(hours=3), detail={"status": "approved"}
    )
    for hours, before, after in ((2, "approved", "fulfilled"), (1, "fulfilled", "approved")):
        detail = {"before": before, "after": after}
        StepFactory.create(order=order, kind="store_status", at=now - timedelta(hours=hours), detail=detail)
    (line,) = queries.Orders(cast.shop)[0:1]

    assert line.last_step is not None
    assert line.last_step.at == now - timedelta(hours=1)


def test_counts_each_tab(cast: Cast, add_order: AddOrder) -> None:
    for state in (State.WAITING, State.WAITING, State.CONFIRMED, State.APPROVED, None):
        add_order(state)
    counts = queries.counts(cast.shop)
    assert (counts[Tab.ALL], counts[Tab.WAITING], counts[Tab.CONFIRMED], counts[Tab.UNASKED]) == (5, 2, 2, 1)


def test_counts_without_looking_who_decided(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2) as asked:
        queries.counts(cast.shop)
        assert len(queries.Orders(cast.shop)) == 0
    assert [User._meta.db_table in query["sql"] for query in asked.captured_queries] == [False, False]


def test_counts_nothing_of_another_subscriber(cast: Cast, add_order: AddOrder) -> None:
    add_order(State.WAITING)
    assert queries.counts(cast.other_shop)[Tab.ALL] == 0


def test_an_open_notice_about_an_order_needs_the_merchant(cast: Cast, add_order: AddOrder) -> None:
    order = add_order(State.WAITING, reference="1001")
    NoticeFactory.create(subscriber=cast.shop, kind="answer_from_other_phone", about_id=order.id)
    assert references(cast, tab=Tab.NEEDS_YOU) == ["1001"]


def test_a_notice_about_its_confirmation_does_too(cast: Cast, add_order: AddOrder) -> None:
    order = add_order(State.CONFIRMED, reference="1001")
    NoticeFactory.create(subscriber=cast.shop, kind="approval_failed", about_id=order.confirmations.get().id)
    assert references(cast, tab=Tab.NEEDS_YOU) == ["1001"]


@pytest.mark.parametrize(
    "typed", ["şahin", "SAHIN", "fatma  ş", "1001", "#1001", "0532 123 45 67", "+90 532 123", "532", "Şahin Fatma"]
)
def test_is_found_by_name_phone_or_reference(typed: str, cast: Cast, add_order: AddOrder) -> None:
    add_order(reference="1001")
    add_order(reference="2002", buyer_name="Ali Kaya", phone="+905559998877")
    assert references(cast, typed=typed) == ["1001"]


@pytest.mark.parametrize("typed", ["0212 555 44 33", "212"])
def test_is_found_by_its_landline(typed: str, cast: Cast, add_order: AddOrder) -> None:
    add_order(reference="1001", phone="", phones=["+902125554433"])
    add_order(reference="2002", phones=["+905559998877"])
    assert references(cast, typed=typed) == ["1001"]


@pytest.mark.parametrize(("status", "found"), [("waiting_for_approval", ["1001"]), ("approved", [])])
def test_an_order_without_a_mobile_needs_the_merchant_while_it_waits(
    status: str, found: list[str], cast: Cast, add_order: AddOrder
) -> None:
    add_order(reference="1001", phone="", not_asked="no_mobile", store_status=status)
    assert references(cast, tab=Tab.NEEDS_YOU) == found


@pytest.mark.parametrize("typed", ["(", "[", "\\", "%", "' OR 1=1", "a{9999}"])
def test_what_means_something_to_a_database_is_only_text(typed: str, owner: Client) -> None:
    assert owner.get("/siparisler/", {"q": typed}).status_code == 200


def test_a_search_survives_a_nul(owner: Client) -> None:
    assert owner.get("/siparisler/", {"q": "a\0b"}).status_code == 200


def test_shows_25_to_a_page(owner: Client, add_order: AddOrder) -> None:
    for _ in range(26):
        add_order()
    assert owner.get("/siparisler/", {"sayfa": "2"}).content.decode().count('class="row-link"') == 1


@pytest.mark.parametrize("page", ["0", "-1", "999", "abc", "", "1e9"])
def test_a_page_that_is_not_there_is_the_nearest(page: str, owner: Client, add_order: AddOrder) -> None:
    add_order()
    assert owner.get("/siparisler/", {"sayfa": page}).status_code == 200


def test_asks_the_database_alike_for_one_order_and_for_twenty(
    owner: Client, cast: Cast, add_order: AddOrder, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def with_story() -> None:
        sms = OutgoingMessageFactory.create(subscriber=cast.shop)
        StepFactory.create(order=add_order(State.WAITING), kind="question_queued", outgoing=sms)

    with_story()
    with django_assert_num_queries(10):
        owner.get("/siparisler/")
    for _ in range(19):
        with_story()
    with django_assert_num_queries(10):
        owner.get("/siparisler/")


def test_gives_htmx_the_list_alone(owner: Client) -> None:
    text = owner.get("/siparisler/", headers={"HX-Request": "true"}).content.decode()
    assert text.lstrip().startswith('<div id="list"')


def test_sends_nothing_again_that_is_unchanged(owner: Client, add_order: AddOrder) -> None:
    add_order()
    etag = owner.get("/siparisler/", headers={"HX-Request": "true"})["ETag"]
    assert owner.get("/siparisler/", headers={"HX-Request": "true", "If-None-Match": etag}).status_code == 304


def test_sends_the_list_again_when_an_order_came(owner: Client, add_order: AddOrder) -> None:
    etag = owner.get("/siparisler/", headers={"HX-Request": "true"})["ETag"]
    add_order()
    assert owner.get("/siparisler/", headers={"HX-Request": "true", "If-None-Match": etag}).status_code == 200


def test_the_empty_list_of_a_firm_without_a_store_leads_to_connecting_one(owner: Client) -> None:
    assert (
        '<a class="btn btn-primary" href="/entegrasyonlar/">Mağaza bağla</a>'
        in owner.get("/siparisler/").content.decode()
    )


def test_the_empty_list_says_what_will_come(owner: Client, cast: Cast) -> None:
    StoreFactory.create(subscriber=cast.shop)
    assert "Mağazanıza kapıda ödemeli bir sipariş geldiğinde" in owner.get("/siparisler/").content.decode()


def test_says_why_an_order_was_not_asked(owner: Client, add_order: AddOrder) -> None:
    add_order(phone="", not_asked="no_mobile")
    assert "Siparişte cep telefonu yok" in owner.get("/siparisler/").content.decode()


@pytest.mark.requirement("R9")
@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {"store_status": "delivered", "not_asked": "not_waiting"},
            "Mağazada: Teslim edildi. Mağaza bağlanmadan önce gelmiş.</span>",
        ),
        (
            {"store_status": "fulfilled", "not_asked": "not_cod", "is_cod": False},
            "Mağazada: Kargoya verildi. Kapıda ödeme değil, onay gerekmiyor.</span>",
        ),
        ({"not_asked": "before_connection"}, '<span class="quiet">Mağaza bağlanmadan önce gelmiş.</span>'),
    ],
)
def test_says_where_an_order_from_before_the_connection_stands(
    values: dict[str, Any], words: str, owner: Client, add_order: AddOrder
) -> None:
    add_order(seen_by="past", **values)
    assert words in owner.get("/siparisler/").content.decode()


@pytest.mark.requirement("R9")
@pytest.mark.parametrize(
    ("state", "query", "is_told"),
    [(None, "", True), (None, "?q=ayşe", False), (State.WAITING, "", False)],
)
def test_says_that_nobody_is_asked_about_what_was_read_until_somebody_is(
    state: State | None, query: str, is_told: bool, owner: Client, add_order: AddOrder
) -> None:
    for reference in ("1001", "1002"):
        add_order(seen_by="past", reference=reference)
    add_order(state, seen_by="webhook")
    text = owner.get(f"/siparisler/{query}").content.decode()
    assert ("Son 60 günün 2 siparişi okundu; alıcılarına onay sorusu gitmez." in text) == is_told


def test_says_of_an_order_of_today_only_where_it_stands(owner: Client, add_order: AddOrder) -> None:
    add_order(seen_by="poll", store_status="fulfilled", not_asked="not_waiting")
    assert '<span class="quiet">Mağazada: Kargoya verildi.</span>' in owner.get("/siparisler/").content.decode()


@pytest.mark.parametrize("path", ["/siparisler/", "order"])
@pytest.mark.parametrize(
    ("state", "status", "words"),
    [
        (State.APPROVED, "cancelled", ["İptal edildi"]),
        (State.CONFIRMED, "deleted", ["Silindi"]),
        (State.DECLINED, "fulfilled", ["Kargoya verildi"]),
        (State.APPROVED, "delivered", []),
        (State.DECLINED, "cancelled", []),
        (State.CLOSED, "cancelled", []),
    ],
)
def test_says_beside_a_state_what_the_store_says_otherwise(
    state: State, status: str, words: list[str], path: str, owner: Client, add_order: AddOrder
) -> None:
    order = add_order(state, store_status=status)
    text = owner.get(f"/siparisler/{order.code}/" if path == "order" else path).content.decode()
    assert re.findall(r'<span class="quiet">Mağazada: ([^<]+)</span>', text) == words


def test_shows_liras_as_a_turk_writes_them(owner: Client, add_order: AddOrder) -> None:
    add_order()
    assert "1.234,50 TL" in owner.get("/siparisler/").content.decode()


def test_speaks_english_where_asked(owner: Client, add_order: AddOrder) -> None:
    add_order(State.WAITING)
    owner.post("/i18n/setlang/", {"language": "en"})
    assert ">Waiting<" in owner.get("/siparisler/").content.decode()


@pytest.mark.parametrize("path", ["/siparisler/", "order"])
def test_needs_at_most_twelve_queries_where_much_is_going_on(
    path: str, owner: Client, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    scenes.busy_shop(cast.shop)
    order = Order.objects.get(reference="100239")
    HandActFactory.create(order=order, by=cast.owner, state="done")
    with django_assert_max_num_queries(12):
        owner.get(f"/siparisler/{order.code}/" if path == "order" else path)


@pytest.mark.parametrize("path", ["/", "/siparisler/", "/olaylar/"])
@pytest.mark.parametrize(("is_told", "count"), [(True, "8"), (False, "7")])
def test_the_count_of_what_needs_the_merchant_is_the_same_everywhere(
    is_told: bool, count: str, path: str, owner: Client, cast: Cast
) -> None:
    account = AccountFactory.create(subscriber=cast.shop, credit="120")
    Subscriber.objects.filter(pk=cast.shop.pk).update(credit_least=500)
    if is_told:
        NoticeFactory.create(
            subscriber=cast.shop, kind="credit_low", about_id=account.pk, raised_at=timezone.now() - timedelta(days=9)
        )
    for _ in range(7):
        NoticeFactory.create(subscriber=cast.shop, kind="header_not_defined", detail={"header": "X"})
    page = owner.get(reverse("overview") if path == "/" else path).content.decode()

    assert re.findall(r'Sizi bekleyenler <span class="count">(\d+)<', page) == [count]


def test_an_order_s_page_tells_what_it_needs_without_another_count(owner: Client, cast: Cast) -> None:
    scenes.busy_shop(cast.shop)
    order = Order.objects.get(reference="100239")
    page = owner.get(f"/siparisler/{order.code}/").content.decode()

    assert ("Bu siparişte sizden beklenen" in page, "Sizi bekleyenler" in page) == (True, False)
    assert page.count('class="asks-what"') == 1


def test_what_an_order_needs_is_renewed_with_the_order(owner: Client, cast: Cast) -> None:
    scenes.busy_shop(cast.shop)
    order = Order.objects.get(reference="100239")
    renew = partial(owner.get, f"/siparisler/{order.code}/", headers={"HX-Request": "true"})
    before = renew().content.decode()
    Notice.objects.update(ended_at=timezone.now())
    after = renew().content.decode()

    box = '<div id="asks" hx-swap-oob="true">'
    assert (box in before, "Bu siparişte sizden beklenen" in before) == (True, True)
    assert (box in after, "Bu siparişte sizden beklenen" in after) == (True, False)
