"""The admin's pages: for staff alone, to read alone, quick however long the lists are (R10)."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from integrations.ideasoft.models import Store, StoreErrand
from orders.models import Order
from subscribers.models import AuditEntry, User
from tests.factories import Cast, IncomingMessageFactory, OrderFactory, OutgoingMessageFactory, StoreFactory
from tests.support import places
from tests.support.conftest import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R10")]


def test_opens_every_page(client: Client, order: Order) -> None:
    answers = {page: client.get(page).status_code for page in places.pages()}

    assert {page: status for page, status in answers.items() if status != 200} == {}
    assert len(answers) > 40


def test_names_every_row(order: Order) -> None:
    assert {type(row).__name__ for row in places.rows() if " object (" in str(row)} == set()


@pytest.mark.parametrize("language", ["tr", "en"])
def test_speaks_both_languages(client: Client, order: Order, language: str) -> None:
    client.cookies["django_language"] = language
    page = client.get(places.of(order)).content.decode()

    assert ("Neler oldu" in page, "What happened" in page) == (language == "tr", language == "en")


@pytest.mark.case(39)
def test_gives_a_merchant_no_page(order: Order, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.owner, backend=BACKEND)

    assert {client.get(page).status_code for page in [*places.pages(), reverse("admin:login")]} == {403}
    assert {client.post(page).status_code for page in places.pages()} == {403}


def test_sends_a_stranger_to_the_one_sign_in(order: Order) -> None:
    answer = Client().get(places.of(order), follow=True)

    assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    assert "100245" not in answer.content.decode()


@pytest.mark.parametrize("page", ["add", "delete", "password_change", "autocomplete"])
def test_has_no_page_that_writes_or_looks_up_more(client: Client, order: Order, page: str) -> None:
    client.get(places.of(order))
    for model in admin.site._registry:
        name = f"/admin/{model._meta.app_label}/{model._meta.model_name}"
        row = model._default_manager.first()
        assert row is not None, model
        tried = {"add": f"{name}/add/", "delete": f"{name}/{row.pk}/delete/"}.get(page, f"/admin/{page}/")
        assert client.get(tried).status_code in (403, 404), tried
        assert client.post(tried, {"post": "yes"}).status_code in (403, 404), tried


@pytest.mark.case(40)
def test_changes_no_row_whatever_is_posted(client: Client, order: Order) -> None:
    extra = {
        "subscriber": "",
        "id": "",
        "is_staff": "on",
        "status": "x",
        "client_secret": "x",
        "name": "x",
        "email": "x",
    }
    before = [_facts(row) for row in places.rows() if not isinstance(row, AuditEntry)]
    for row in places.rows():
        assert client.post(places.of(row), extra).status_code == 403

    assert not AuditEntry.objects.exists()
    assert [_facts(row) for row in places.rows() if not isinstance(row, AuditEntry)] == before


def _facts(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.case(40)
def test_takes_the_reason_of_an_act_and_nothing_else(client: Client, cast: Cast, staff: User) -> None:
    other = cast.other_shop
    extra = {"subscriber": str(other.pk), "id": str(other.pk), "by": str(cast.owner.pk), "suspended_at": ""}
    client.post(places.of(cast.shop, "act", "suspend"), {"reason": "fatura", **extra})
    entry = AuditEntry.objects.get(action="subscriber_suspended")
    other.refresh_from_db()

    assert (entry.actor, entry.subscriber, other.suspended_at) == (staff, cast.shop, None)


def _queries(client: Client, address: str) -> int:
    client.get(address)  # what is looked up once a process is known by now
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("which", range(len(admin.site._registry)))
def test_asks_as_often_for_a_long_list_as_for_a_short_one(client: Client, order: Order, which: int) -> None:
    before = _queries(client, places.lists()[which])
    store = Store.objects.exclude(pk=order.store_id).first()
    for _ in range(8):
        StoreFactory.create()
        OrderFactory.create(store=store, subscriber=order.subscriber)
        OutgoingMessageFactory.create()
        IncomingMessageFactory.create()

    assert _queries(client, places.lists()[which]) == before


def test_never_counts_a_list_whole(client: Client, order: Order) -> None:
    for address in places.lists():
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts = [query["sql"] for query in asked if "COUNT(" in query["sql"]]
        assert all("LIMIT 1000" in sql for sql in counts), counts


@pytest.mark.case(56)
def test_masks_phones_in_lists_and_shows_them_on_the_rows_own_page(client: Client, order: Order) -> None:
    listed = client.get(reverse("admin:orders_order_changelist")).content.decode()
    found = client.get(reverse("admin:index"), {"q": "100245"}).content.decode()
    opened = client.get(places.of(order)).content.decode()

    assert "5XX***XX67" in listed
    assert not any(number in page for page in (listed, found) for number in ("5321234567", "0532 123 45 67"))
    assert "0532 123 45 67" in opened


@pytest.mark.case(30)
def test_writes_down_who_opened_what_shows_a_buyer(client: Client, order: Order, staff: User) -> None:
    message = order.steps.filter(outgoing__isnull=False)[0].outgoing
    for row in (order, message):
        client.get(places.of(row))
    opened = AuditEntry.objects.filter(action="opened_by_support").values_list("actor", "about_id", "subscriber")

    assert set(opened) == {(staff.pk, row.pk, order.subscriber_id) for row in (order, message)}
    assert "destek@example.com" in client.get(places.of(order, "history")).content.decode()


@pytest.mark.requirement("R9")
def test_says_how_far_the_orders_from_before_the_connection_were_read(client: Client, order: Order) -> None:
    cursor = {"began": "2026-11-30T12:00:00+00:00", "newest": 9, "since_id": 5, "read": 560}
    StoreErrand.objects.update_or_create(
        subscriber=order.subscriber,
        store=order.store,
        kind="past_orders",
        defaults={"cursor": {**cursor, "reached": "2026-10-28T12:00:00+00:00"}, "done_at": None},
    )
    assert "%45: 28 Ekim 2026 gününe kadar 560 sipariş" in client.get(places.of(order.store)).content.decode()
