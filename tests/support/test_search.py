"""Anything a caller may say finds the row, from one box (R10)."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.db import OperationalError, connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from integrations.ideasoft.models import Store
from messaging.models import IncomingMessage, OutgoingMessage
from orders.models import Call, Order
from portal.support import search
from subscribers.models import Subscriber, User
from tests.factories import (
    CallFactory,
    Cast,
    MembershipFactory,
    OrderFactory,
    OutgoingMessageFactory,
    SubscriberFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R10")]


@pytest.fixture
def rows(cast: Cast) -> dict[str, str]:
    """By a short name, the address of the page of each row that a caller may mean; another of each is beside it."""
    shop = SubscriberFactory.create(name="Işıl Çiçek Şık Giyim", line="8509998877")
    MembershipFactory.create(subscriber=shop, user__email="sahibe@cicekgiyim.example.com")
    order = OrderFactory.create(
        subscriber=shop,
        reference="c88728ce28151",
        buyer_name="Gülşen Yıldırım-Öz",
        phone="+905449876543",
        store__url="https://cicek.myideasoft.com",
        store__name="Çiçek",
    )
    sms = OutgoingMessageFactory.create(
        subscriber=shop, phone="+905449876543", text="Sayın Gülşen, kargonuz yola çıktı.", job_id="17377215342605050417"
    )
    OrderFactory.create(reference="555", phone="+905551112233", buyer_name="Ali Kaya")
    OutgoingMessageFactory.create(phone="+905551112233")
    CallFactory.create(caller="+905551112233")
    found = {
        "call": CallFactory.create(subscriber=shop, caller="+905449876543", external_id="1763.9"),
        "shop": shop,
        "order": order,
        "sms": sms,
        "store": order.store,
        "person": User.objects.get(email__contains="sahibe"),
    }
    return {
        name: f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/" for name, row in found.items()
    }


def _found(client: Client, typed: str) -> list[str]:
    page = client.get(reverse("admin:index"), {"q": typed}).content.decode()
    found = re.findall(r'<li><a href="(/admin/[a-z]+/[a-z]+/[0-9a-f-]{36}/change/)"', page)
    return [address for address in found if "/account/" not in address]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Işıl Çiçek", {"shop"}),
        ("isil cicek", {"shop"}),
        ("GIYIM ŞIK", {"shop"}),
        ("8509998877", {"shop"}),
        ("0850 999 88 77", {"shop"}),
        ("sahibe@cicekgiyim.example.com", {"shop", "person"}),
        ("SAHIBE@", {"shop", "person"}),
        ("https://cicek.myideasoft.com/admin", {"shop", "store"}),
        ("cicek.myideasoft", {"shop", "store"}),
        ("c88728ce28151", {"order"}),
        ("#C88728CE28151", {"order"}),
        ("gulsen yildirim", {"order"}),
        ("YILDIRIM GÜLŞEN", {"order"}),
        ("+90 544 987 65 43", {"order", "sms", "call"}),
        ("0544 987 65 43", {"order", "sms", "call"}),
        ("5449876543", {"order", "sms", "call"}),
        ("٠٥٤٤٩٨٧٦٥٤٣", {"order", "sms", "call"}),
        ("876543", {"order", "sms", "call"}),
        ("kargonuz yola", {"sms"}),
        ("17377215342605050417", {"sms"}),
        ("1763.9", {"call"}),
    ],
)
def test_finds_what_a_caller_says(client: Client, rows: dict[str, str], typed: str, meant: set[str]) -> None:
    assert set(_found(client, typed)) == {rows[name] for name in meant}


def test_finds_a_row_by_the_key_that_a_log_names(client: Client, rows: dict[str, str]) -> None:
    key = rows["order"].split("/")[4]

    assert _found(client, key) == [rows["order"]]


@pytest.mark.parametrize("typed", ["((((", "\\", "%_%", "\0", "'; --", "ı" * 80, "[[:alpha:]]*", " "])
def test_takes_whatever_is_typed_as_text(client: Client, rows: dict[str, str], typed: str) -> None:
    assert _found(client, typed) == []


def test_says_what_to_do_where_nothing_is_found(client: Client) -> None:
    assert "hiçbir şey bulunamadı" in client.get("/admin/", {"q": "yok böyle biri"}).content.decode()


@pytest.mark.parametrize("model", [Subscriber, User, Store, Order, OutgoingMessage, IncomingMessage, Call])
def test_finds_the_same_in_each_list(client: Client, rows: dict[str, str], model: type) -> None:
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")  # type: ignore[attr-defined]
    page = client.get(f"{address}?{urlencode({'q': '0544 987 65 43'})}").content.decode()

    assert {row for row in rows.values() if row in page} == {
        row for name, row in rows.items() if name in ("order", "sms", "call") and row.startswith(address)
    }


def test_asks_as_often_however_much_is_found(client: Client, cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/admin/", {"q": "Fatma"})
        return len(asked)

    OrderFactory.create(subscriber=cast.shop)
    queries()
    before = queries()
    OrderFactory.create_batch(12)
    page = client.get("/admin/", {"q": "Fatma"}).content.decode()

    assert (queries(), page.count("Fatma Şahin"), "Devamı…" in page) == (before, 10, True)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking among orders takes longer than a look may."""
    OrderFactory.create()
    monkeypatch.setattr(search, "MOST_MILLISECONDS", 50)
    monkeypatch.setitem(
        search._LOOKS, Order, lambda _text: Q(pk__in=RawSQL("SELECT gen_random_uuid() FROM pg_sleep(9)", []))
    )


def test_gives_up_a_look_that_takes_too_long_and_says_so(client: Client, slow: None) -> None:
    page = client.get("/admin/", {"q": "Fatma"}).content.decode()

    assert page.count("çok uzun sürdü") == 1


def test_gives_up_such_a_look_in_a_list_with_the_same_words(client: Client, slow: None) -> None:
    answer = client.get("/admin/orders/order/", {"q": "Fatma"})
    page = answer.content.decode()

    assert (answer.status_code, page.count("çok uzun sürdü"), 'value="Fatma"' in page) == (200, 1, True)


@pytest.mark.parametrize("model", search._LOOKS)
def test_bounds_what_every_list_asks(client: Client, model: type) -> None:
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")  # type: ignore[attr-defined]
    with CaptureQueriesContext(connection) as asked:
        client.get(address, {"q": "Fatma"})
    statements = [query["sql"] for query in asked]
    bound = statements.index("SET LOCAL statement_timeout = 3000")

    assert [at for at, sql in enumerate(statements) if model._meta.db_table in sql and "~" in sql and at < bound] == []  # type: ignore[attr-defined]
    assert any("COUNT(" in sql for sql in statements[bound:])


def test_passes_on_a_failure_that_is_no_wide_look(client: Client, db: None) -> None:
    with pytest.raises(OperationalError), search.bounded():
        raise OperationalError("the server went away")
