"""Orders by the API: listed by a cursor, filtered as on the screen, and read whole."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders import queries
from orders.models import Order
from orders.narrowing import Narrow
from tests import scenes
from tests.api.conftest import Program
from tests.factories import Cast, ConfirmationFactory, OrderFactory, StepFactory, StoreFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 9, tzinfo=UTC)


def _codes(answer: Any) -> list[str]:
    return [each["code"] for each in answer.json()["items"]]


def _many(cast: Cast, count: int, **facts: Any) -> list[Order]:
    """The newest first."""
    store = StoreFactory.create(subscriber=cast.shop)
    made = [
        OrderFactory.create(subscriber=cast.shop, store=store, created_at=NOON - timedelta(minutes=number), **facts)
        for number in range(count)
    ]
    for order in made:
        ConfirmationFactory.create(order=order)
        StepFactory.create(order=order, at=order.created_at)
    return made


def test_tells_an_order_in_plain_values(api: Program, cast: Cast) -> None:
    (order,) = _many(cast, 1)
    (told,) = api.get("/orders").json()["items"]

    assert told["total"] == {"amount": "1234.50", "currency": "TRY"}
    assert (told["created_at"], told["phone"], told["cod"]) == ("2026-11-24T09:00:00.000Z", "+905321234567", True)
    assert (told["store"], told["reference"], told["not_asked"]) == (order.store.code, order.reference, None)
    assert str(order.pk) not in str(told)


def test_tells_what_is_not_known_as_null(api: Program, cast: Cast) -> None:
    _many(cast, 1, phone="", amount=None)
    (told,) = api.get("/orders").json()["items"]

    assert (told["phone"], told["total"]) == (None, None)


def test_gives_every_order_once_while_new_ones_come(api: Program, cast: Cast) -> None:
    made = _many(cast, 7)
    seen, cursor = [], ""
    while cursor is not None:
        page = api.get("/orders", limit=3, **({"cursor": cursor} if cursor else {}))
        seen += _codes(page)
        cursor = page.json()["next"]
        OrderFactory.create(subscriber=cast.shop, created_at=timezone.now())

    assert seen == [order.code for order in made]


def test_parts_orders_of_the_same_moment(api: Program, cast: Cast) -> None:
    made = {OrderFactory.create(subscriber=cast.shop, created_at=NOON).code for _ in range(5)}
    first = api.get("/orders", limit=2)
    second = api.get("/orders", limit=3, cursor=first.json()["next"])

    assert set(_codes(first)) | set(_codes(second)) == made
    assert second.json()["next"] is None


def test_says_the_next_page_in_a_header_too(api: Program, cast: Cast) -> None:
    _many(cast, 2)
    page = api.get("/orders", limit=1, state="waiting")
    link = page.headers["Link"]

    assert link.endswith('>; rel="next"')
    path = link[1 : link.index(">")].partition("/api/v1")[2]
    assert _codes(api.get(path)) == [Order.objects.order_by("created_at")[0].code]
    assert "Link" not in api.get(path).headers


@pytest.mark.parametrize("cursor", ["x", "%00", "WzEsMl0", "bnVsbA", "WyIyMDI2LTAxLTAxIiwiYWIiXQ", "ş", "[" * 200])
def test_takes_no_cursor_of_others(api: Program, cursor: str) -> None:
    answer = api.get("/orders", cursor=cursor)

    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_invalid")


@pytest.mark.parametrize("tab", list(queries.Tab))
def test_filters_by_the_words_of_the_tabs(api: Program, cast: Cast, tab: queries.Tab) -> None:
    scenes.busy_shop(cast.shop)
    wanted = [line.code for line in queries.Orders(cast.shop, tab=tab)[0:100]]

    assert sorted(_codes(api.get("/orders", state=tab.value))) == sorted(wanted)


def test_filters_by_store_reference_phone_and_payment(api: Program, cast: Cast) -> None:
    order, other = _many(cast, 2)
    Order.objects.filter(pk=other.pk).update(
        is_cod=False, phones=["+905559998877"], phone="+905559998877", reference="X-77", reference_keys=["x77"]
    )
    Order.objects.filter(pk=order.pk).update(reference_keys=[order.reference])
    elsewhere = OrderFactory.create(subscriber=cast.shop, created_at=NOON - timedelta(days=1), phone="", phones=[])

    assert _codes(api.get("/orders", store=elsewhere.store.code)) == [elsewhere.code]
    assert _codes(api.get("/orders", phone="0555 999 88 77")) == [other.code]
    assert _codes(api.get("/orders", reference=f"#{order.reference}")) == [order.code]
    assert _codes(api.get("/orders", cod="false")) == [other.code]
    assert _codes(api.get("/orders", store="yok")) == []


def test_filters_by_time(api: Program, cast: Cast) -> None:
    newest, _middle, oldest = _many(cast, 3)
    StepFactory.create(order=oldest, kind="expired", at=NOON + timedelta(hours=1))

    assert _codes(api.get("/orders", created_since="2026-11-24T12:00:00+03:00")) == [newest.code]
    assert _codes(api.get("/orders", updated_since="2026-11-24T09:00:01Z")) == [oldest.code]


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"limit": "0"}, "limit", "greater_than_equal"),
        ({"limit": "1" * 5000}, "limit", None),
        ({"limit": "x"}, "limit", "int_parsing"),
        ({"state": "yok"}, "state", "enum"),
        ({"phone": "yok"}, "phone", "phone"),
        ({"created_since": "2026-11-24T12:00:00"}, "created_since", "value_error"),
        ({"reference": "\0"}, "reference", "string_pattern_mismatch"),
        ({"yok": "1"}, "yok", "unknown_field"),
    ],
)
def test_names_the_field_that_it_cannot_take(api: Program, query: dict[str, str], field: str, code: str | None) -> None:
    answer = api.get("/orders", **query)
    (told,) = answer.json()["errors"]

    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert (told["field"], told["in"]) == (field, "query")
    assert code in (None, told["code"])


@pytest.mark.parametrize("at", ["2026-01-01T00:00:00+16:00", "2026-01-01T00:00:00-23:59", "2026-01-01T00:00+15:59"])
def test_takes_a_time_by_any_offset(api: Program, cast: Cast, at: str) -> None:
    (order,) = _many(cast, 1)

    assert _codes(api.get("/orders", created_since=at)) == [order.code]
    assert _codes(api.get("/orders", updated_since=at)) == [order.code]


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-00:01"])
@pytest.mark.parametrize("name", ["created_since", "updated_since"])
def test_takes_no_time_outside_the_years(api: Program, at: str, name: str) -> None:
    answer = api.get("/orders", **{name: at})

    assert (answer.status_code, answer.json()["code"], answer.json()["errors"][0]["field"]) == (422, "invalid", name)


@pytest.mark.parametrize("path", ["/orders", "/messages"])
def test_takes_a_cursor_by_any_offset_within_the_years(api: Program, path: str) -> None:
    def cursor(at: str) -> str:
        told = json.dumps([at, "0d0cbdc22f0c4d5e8f3c2b4f5c8f1a11"])
        return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")

    inside = [api.get(path, cursor=cursor(f"2026-01-01T00:00:00{offset}")) for offset in ("+16:00", "-23:59:59.5")]
    outside = [api.get(path, cursor=cursor(at)) for at in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-00:01")]
    assert [answer.status_code for answer in inside] == [200, 200]
    assert [(answer.status_code, answer.json()["code"]) for answer in outside] == [(422, "cursor_invalid")] * 2


@pytest.mark.parametrize("limit", ["1.0", "+1", " 1", "1_0", "1e1", "\u0661"])
def test_takes_a_limit_of_digits_alone(api: Program, limit: str) -> None:
    answer = api.get("/orders", limit=limit)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "limit")
    assert api.get("/orders", limit="10").status_code == 200


def test_asks_the_database_as_often_for_3_as_for_100(api: Program, cast: Cast) -> None:
    _many(cast, 100)
    api.get("/orders")
    counts = []
    for limit in (3, 100):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert len(_codes(api.get("/orders", limit=limit))) == limit
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 12


def test_tells_one_order_whole(api: Program, cast: Cast) -> None:
    order = scenes.busy_shop(cast.shop)
    told = api.get(f"/orders/{order.code}").json()

    assert (told["code"], told["confirmation"], told["state"]) == (order.code, "approved", "confirmed")
    assert told["timeline"][0]["kind"] == "order_came"
    assert told["timeline"] == sorted(told["timeline"], key=lambda step: step["at"])
    assert told["possible_acts"] == []
    assert all(Decimal(item["price"]) > 0 for item in told["items"])
    (waiting,) = queries.Orders(cast.shop, tab=queries.Tab.WAITING, narrow=Narrow())[0:1]
    assert api.get(f"/orders/{waiting.code}").json()["possible_acts"] == ["approve", "ask", "decline"]


@pytest.mark.parametrize("code", ["yok", "%00", "%ed%a0%80", "a" * 3000, "%F0%9F%92%A9"])
def test_knows_no_other_order(api: Program, code: str) -> None:
    answer = api.get(f"/orders/{code}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_lists_the_stores(api: Program, cast: Cast) -> None:
    (order,) = _many(cast, 1)
    (told,) = api.get("/stores").json()["items"]

    assert (told["code"], told["url"], told["status"]) == (order.store.code, order.store.url, "connected")
    assert told["last_order_at"] == "2026-11-24T09:00:00.000Z"
