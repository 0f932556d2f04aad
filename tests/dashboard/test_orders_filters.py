"""Siparişler: what a merchant filters by, sorts by, and in which order the columns stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from orders.confirmation import State
from subscribers.models import User
from tests.factories import Cast, ConfirmationFactory, OrderFactory, StoreFactory


def _at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


@pytest.fixture(autouse=True)
def _orders(cast: Cast) -> None:
    """Three orders of two stores, on three days, of three amounts."""
    first, second = (StoreFactory.create(subscriber=cast.shop, name=name) for name in ("Bir", "İki"))
    facts: list[dict[str, Any]] = [
        {"reference": "1", "store": first, "amount": Decimal("100"), "created_at": _at("2026-11-01T10:00")},
        {"reference": "2", "store": first, "amount": Decimal("1250.50"), "created_at": _at("2026-11-02T00:00")},
        {"reference": "3", "store": second, "amount": None, "created_at": _at("2026-11-03T23:59"), "is_cod": False},
    ]
    for fact in facts:
        OrderFactory.create(subscriber=cast.shop, **fact)


def _listed(client: Client, **query: str) -> list[str]:
    page = client.get("/siparisler/", query).content.decode()
    return re.findall(r'class="row-link"[^>]*>(\d)<', page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"ilk": "2026-11-02"}, ["3", "2"]),
        ({"son": "2026-11-02"}, ["2", "1"]),
        ({"ilk": "02.11.2026", "son": "2026-11-02"}, ["2"]),
        ({"enaz": "1.250,50"}, ["2"]),
        ({"enaz": "1.250"}, ["2"]),
        ({"encok": "1250.49"}, ["1"]),
        ({"odeme": "kapida"}, ["2", "1"]),
        ({"odeme": "diger"}, ["3"]),
        ({"sira": "amount"}, ["1", "2", "3"]),
        ({"sira": "-amount"}, ["2", "1", "3"]),
        ({"sira": "came"}, ["1", "2", "3"]),
        ({"sira": "-reference"}, ["3", "2", "1"]),
        ({"sira": "; DROP TABLE"}, ["3", "2", "1"]),
    ],
)
def test_shows_what_is_asked_for(query: dict[str, str], found: list[str], owner: Client) -> None:
    assert _listed(owner, **query) == found


def test_shows_one_store(owner: Client) -> None:
    assert _listed(owner, magaza=_code(owner, "İki")) == ["3"]


def _code(owner: Client, name: str) -> str:
    found = re.search(rf'<option value="(\w+)">{name}</option>', owner.get("/siparisler/").content.decode())
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    "query", [{"ilk": "dün"}, {"enaz": "çok"}, {"encok": "NaN"}, {"odeme": "x"}, {"magaza": "yok"}]
)
def test_what_cannot_be_read_filters_nothing_and_says_so(query: dict[str, str], owner: Client) -> None:
    assert _listed(owner, **query) == ["3", "2", "1"]
    assert 'class="field-error"' in owner.get("/siparisler/", query).content.decode()


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_the_first_and_the_last_day_there_is_are_days(day: str, owner: Client) -> None:
    assert owner.get("/siparisler/", {"ilk": day, "son": day}).status_code == 200


def test_counts_the_tabs_of_what_is_asked_for(owner: Client) -> None:
    page = owner.get("/siparisler/", {"enaz": "1000"}).content.decode()
    assert 'Hepsi <span class="count">1</span>' in page


def test_the_next_page_keeps_filter_and_order(owner: Client, cast: Cast) -> None:
    for number in range(26):
        OrderFactory.create(subscriber=cast.shop, amount=Decimal(2000 + number))
    page = owner.get("/siparisler/", {"enaz": "1500", "sira": "amount"}).content.decode()
    assert 'href="/siparisler/?enaz=1500&amp;sira=amount&amp;sayfa=2"' in page


def test_a_header_turns_its_order_round(owner: Client) -> None:
    page = owner.get("/siparisler/", {"sira": "-amount"}).content.decode()
    assert ('aria-sort="descending"' in page, 'href="/siparisler/?sira=amount"' in page) == (True, True)


def _columns(client: Client) -> list[str]:
    page = client.get("/siparisler/").content.decode()
    return re.findall(r'class="(?:number )?cell-(\w+)', page.partition("<tbody")[2].partition("</tr>")[0])[1:]


def test_columns_stand_as_the_person_put_them(owner: Client) -> None:
    owner.post("/siparisler/sutunlar/", {"left": "state"})
    owner.post("/siparisler/sutunlar/", {"right": "reference"})
    assert _columns(owner) == ["buyer", "reference", "amount", "state", "came", "last"]


def test_another_persons_columns_stay(owner: Client, cast: Cast, signed_in: Callable[[User], Client]) -> None:
    owner.post("/siparisler/sutunlar/", {"left": "state"})
    assert _columns(signed_in(cast.member)) == ["reference", "buyer", "amount", "came", "state", "last"]


def test_hides_what_is_not_ticked_for_the_member_whatever_the_session(
    owner: Client, cast: Cast, signed_in: Callable[[User], Client]
) -> None:
    owner.post("/siparisler/sutunlar/", {"chosen": "1", "show": ["amount", "x"]})
    assert _columns(signed_in(cast.owner)) == ["reference", "amount", "state"]
    assert _columns(signed_in(cast.member)) == ["reference", "buyer", "amount", "came", "state", "last"]


def test_shows_a_hidden_column_again_where_it_stood(owner: Client) -> None:
    owner.post("/siparisler/sutunlar/", {"chosen": "1", "show": ["amount"], "left": "state"})
    owner.post("/siparisler/sutunlar/", {"chosen": "1", "show": ["buyer", "amount", "came", "last"]})
    assert _columns(owner) == ["reference", "buyer", "amount", "state", "came", "last"]


def test_offers_to_hide_all_but_reference_and_state(owner: Client) -> None:
    page = owner.get("/siparisler/").content.decode()
    ticks = re.findall(r'name="show" value="(\w+)" (checked)? (disabled)?', page)
    assert [name for name, *_ in ticks] == ["reference", "buyer", "amount", "came", "state", "last"]
    assert [name for name, _checked, disabled in ticks if disabled] == ["reference", "state"]


def test_the_form_of_columns_stays_open_with_the_focus_where_it_was(owner: Client) -> None:
    page = owner.post("/siparisler/sutunlar/", {"left": "state"}, follow=True).content.decode()
    assert re.search(r'id="columns" open', page)
    assert re.search(r'name="left" value="state" autofocus', page)
    assert 'id="columns" open' not in owner.get("/siparisler/").content.decode()


def test_a_strange_column_moves_nothing(owner: Client) -> None:
    owner.post("/siparisler/sutunlar/", {"left": "x", "right": "y"})
    assert _columns(owner) == ["reference", "buyer", "amount", "came", "state", "last"]


def test_goes_back_to_the_list_as_it_was_filtered(owner: Client) -> None:
    answer = owner.post("/siparisler/sutunlar/", {"left": "state", "back": "enaz=5&q=a"})
    assert answer["Location"] == "/siparisler/?enaz=5&q=a"


def test_an_order_page_that_is_unchanged_is_not_sent_again(owner: Client, cast: Cast) -> None:
    order = OrderFactory.create(subscriber=cast.shop)
    ConfirmationFactory.create(order=order, state=State.WAITING)
    address = f"/siparisler/{order.code}/"
    etag = owner.get(address, headers={"HX-Request": "true"})["ETag"]
    assert owner.get(address, headers={"HX-Request": "true", "If-None-Match": etag}).status_code == 304
