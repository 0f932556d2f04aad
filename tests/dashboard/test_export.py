"""*Dışa aktar*: what the list shows as a file, of whatever size, within one's reach, recorded."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from messaging.models import IncomingState, Purpose
from messaging.queries import Messages
from orders.confirmation import State
from orders.queries import Orders
from subscribers import reach
from subscribers.models import AuditEntry, Subscriber
from tests.dashboard.exported import SignedIn, export, order, references, rows, sheet
from tests.factories import (
    CallFactory,
    Cast,
    IncomingMessageFactory,
    OutgoingMessageFactory,
    StepFactory,
    StoreFactory,
)

pytestmark = pytest.mark.requirement("R1")


def test_holds_every_order_and_not_one_page(cast: Cast, owner: Client) -> None:
    for number in range(27):
        order(cast, f"{number}")
    assert len(rows(export(owner, "/siparisler/disa-aktar/"))) == 27


def test_holds_what_tab_search_filter_and_order_leave(cast: Cast, owner: Client) -> None:
    order(cast, "1001", State.WAITING, buyer_name="Ali Kaya", amount="50")
    order(cast, "1002", State.WAITING, buyer_name="Ali Kaya", amount="70")
    order(cast, "1003", State.WAITING, buyer_name="Ali Kaya", amount="5")
    order(cast, "1004", State.WAITING, buyer_name="Fatma Şahin", amount="60")
    order(cast, "1005", State.DECLINED, buyer_name="Ali Kaya", amount="60")
    query = "durum=waiting&q=kaya&enaz=10&sira=-amount"
    assert references(export(owner, f"/siparisler/disa-aktar/?{query}")) == ["1002", "1001"]


def test_tells_of_an_order_what_the_list_tells(cast: Cast, owner: Client) -> None:
    at = datetime(2026, 11, 3, 9, 5, tzinfo=timezone.get_default_timezone())
    store = StoreFactory.create(subscriber=cast.shop, name="Kuzey Ayakkabı")
    made = order(cast, "100245", State.DECLINED, store=store, created_at=at)
    StepFactory.create(order=made, kind="buyer_declines", at=at + timedelta(minutes=2))
    (line,) = rows(export(owner, "/siparisler/disa-aktar/"))

    assert line[:10] == [
        "100245", "Kuzey Ayakkabı", "03.11.2026 09:05", "Fatma Şahin", "0532 123 45 67", "İzmir", "1234,50", "TL",
        "Kapıda Ödeme - Nakit", "Reddetti",
    ]  # fmt: skip
    assert line[13:] == ["Onay bekliyor", "", "Alıcı reddetti", "03.11.2026 09:07"]


@pytest.mark.parametrize(("store_status", "told"), [("fulfilled", "Kargoya verildi"), ("cancelled", "")])
def test_tells_where_the_store_shows_the_contrary_of_what_was_decided(
    store_status: str, told: str, cast: Cast, owner: Client
) -> None:
    order(cast, "100245", State.DECLINED, store_status=store_status)
    assert [line[14] for line in rows(export(owner, "/siparisler/disa-aktar/"))] == [told]


def _who_decided(client: Client) -> dict[str, str]:
    return {line[0]: line[11] for line in rows(export(client, "/siparisler/disa-aktar/"))}


def test_tells_who_decided(cast: Cast, owner: Client) -> None:
    answer = IncomingMessageFactory.create(subscriber=cast.shop)
    states = {"1": State.APPROVED, "2": State.DECLINED, "3": State.CLOSED, "4": State.WAITING, "5": State.EXPIRED}
    for reference, state in states.items():
        order(cast, reference, state, opened={"answer": answer})
    for reference, state in {"6": State.APPROVED, "7": State.DECLINED}.items():
        order(cast, reference, state, opened={"decided_by": cast.owner})
    order(cast, "8", State.APPROVED, opened={"call": CallFactory.create(subscriber=cast.shop)})

    assert _who_decided(owner) == {
        "1": "Alıcının SMS’i",
        "2": "Alıcının SMS’i",
        "3": "Mağaza",
        "4": "",
        "5": "",
        "6": "Ayşe Yılmaz",
        "7": "Ayşe Yılmaz",
        "8": "Alıcının araması",
    }


def test_tells_who_decided_in_english(cast: Cast, owner: Client) -> None:
    order(cast, "1", State.APPROVED, opened={"answer": IncomingMessageFactory.create(subscriber=cast.shop)})
    order(cast, "2", State.CLOSED)
    owner.post("/i18n/setlang/", {"language": "en"})

    told = {line[0]: line[11] for line in sheet(export(owner, "/siparisler/disa-aktar/", "xlsx"))}
    assert told == {"1": "Buyer’s SMS", "2": "Store"}


@pytest.mark.parametrize(
    ("language", "path", "name"),
    [
        ("tr", "/siparisler/disa-aktar/", "Siparişler"),
        ("tr", "/mesajlar/disa-aktar/", "Mesajlar"),
        ("en", "/siparisler/disa-aktar/", "Orders"),
        ("en", "/raporlar/disa-aktar/", "Report"),
    ],
)
def test_a_sheet_is_named_after_what_it_holds(language: str, path: str, name: str, cast: Cast, owner: Client) -> None:
    owner.post("/i18n/setlang/", {"language": language})
    assert openpyxl.load_workbook(io.BytesIO(export(owner, path, "xlsx").getvalue())).sheetnames == [name]


def test_an_excel_file_has_real_amounts_and_times(cast: Cast, owner: Client) -> None:
    at = datetime(2026, 11, 3, 9, 5, tzinfo=timezone.get_default_timezone())
    order(cast, "000245", created_at=at)
    ((reference, _store, came, _buyer, phone, _city, amount, *_rest),) = sheet(
        export(owner, "/siparisler/disa-aktar/", "xlsx")
    )
    assert (reference, came, phone, amount) == ("000245", datetime(2026, 11, 3, 9, 5), "0532 123 45 67", 1234.5)


def test_a_buyers_name_is_no_formula(cast: Cast, owner: Client) -> None:
    order(cast, "1001", buyer_name='=HYPERLINK("http://x.example")')
    ((_, _, _, name, *_rest),) = rows(export(owner, "/siparisler/disa-aktar/"))
    assert name == '\'=HYPERLINK("http://x.example")'


def test_a_number_of_another_country_is_no_sum(cast: Cast, owner: Client) -> None:
    order(cast, "1001", phone="+4915112345678")
    assert rows(export(owner, "/siparisler/disa-aktar/"))[0][4] == "'+4915112345678"


def test_holds_nothing_of_another_subscriber(cast: Cast, owner: Client) -> None:
    order(cast, "1001")
    order(cast, "9999", subscriber=cast.other_shop)
    IncomingMessageFactory.create(subscriber=cast.other_shop)
    assert references(export(owner, "/siparisler/disa-aktar/")) == ["1001"]
    assert rows(export(owner, "/mesajlar/disa-aktar/")) == []


def test_a_cursor_shows_only_what_is_within_reach(cast: Cast) -> None:
    order(cast, "1001")
    IncomingMessageFactory.create(subscriber=cast.shop)
    found, seen = Orders(cast.shop), Messages(cast.shop)
    with reach.of(cast.other_shop.pk), transaction.atomic():
        assert (list(found.chunks(10)), list(seen.chunks(10))) == ([], [])
    with reach.of(cast.shop.pk), transaction.atomic():
        assert [len(part) for each in (found, seen) for part in each.chunks(10)] == [1, 1]


def test_is_whole_although_it_is_sent_when_the_reach_has_ended(cast: Cast, owner: Client) -> None:
    order(cast, "1001")
    answer = export(owner, "/siparisler/disa-aktar/")
    with reach.nothing():
        assert references(answer) == ["1001"]


def test_holds_the_messages_of_the_box(cast: Cast, owner: Client) -> None:
    now = timezone.now()
    IncomingMessageFactory.create(
        subscriber=cast.shop, text="ne zaman gelir", state=IncomingState.UNMATCHED, reason="question", received_at=now
    )
    IncomingMessageFactory.create(subscriber=cast.shop, text="onay 100245", received_at=now - timedelta(minutes=1))
    OutgoingMessageFactory.create(subscriber=cast.shop, text="soru", created_at=now - timedelta(minutes=2))
    unmatched = rows(export(owner, "/mesajlar/disa-aktar/?kutu=unmatched"))
    every = rows(export(owner, "/mesajlar/disa-aktar/"))

    assert [line[1:6] for line in unmatched] == [
        ["Gelen", "0532 123 45 67", "ne zaman gelir", "Anlaşılmadı", "Soru soruyor; onay sayılmadı."]
    ]
    assert [(line[1], line[3]) for line in every] == [
        ("Gelen", "ne zaman gelir"),
        ("Gelen", "onay 100245"),
        ("Giden", "soru"),
    ]


def test_names_the_order_of_a_message(cast: Cast, owner: Client) -> None:
    answer = IncomingMessageFactory.create(subscriber=cast.shop)
    StepFactory.create(order=order(cast, "990011"), kind="buyer_confirms", incoming=answer)
    assert rows(export(owner, "/mesajlar/disa-aktar/"))[0][9] == "990011"


def test_holds_the_table_of_a_report(cast: Cast, owner: Client) -> None:
    at = datetime(2026, 11, 3, 9, 5, tzinfo=timezone.get_default_timezone())
    for state in (State.DECLINED, State.DECLINED, State.WAITING, State.CLOSED):
        about = order(cast, "1", state, created_at=at).pk
        OutgoingMessageFactory.create(subscriber=cast.shop, about=about, created_at=at)
    OutgoingMessageFactory.create(subscriber=cast.shop, created_at=at, sent_at=at, segments=2, purpose=Purpose.NEWS)
    query = "donem=tarih&ilk=2026-11-02&son=2026-11-03"
    lines = rows(export(owner, f"/raporlar/disa-aktar/?{query}"))

    assert lines == [
        ["02.11.2026", "2 Kasım", "0", "0", "0", "0", "0", "0", "0", "0", "", "0", "0", "0", "0", "0", "0", "0"],
        ["03.11.2026", "3 Kasım", "4", "4", "0", "1", "2", "0", "0", "1", "0,0", "2", "5", "1", "6", "0", "0", "0"],
    ]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/siparisler/disa-aktar/?durum=silent", r"onay-siparisler-yanitsiz-2026-11-29-1432"),
        ("/mesajlar/disa-aktar/?kutu=failed", r"onay-mesajlar-iletilemeyen-2026-11-29-1432"),
        ("/raporlar/disa-aktar/?donem=bu-ay", r"onay-rapor-2026-11-01-2026-11-29"),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_files_name_says_what_it_is_and_of_when(
    address: str, name: str, kind: str, owner: Client, time_machine: Any
) -> None:
    time_machine.move_to(datetime(2026, 11, 29, 14, 32, tzinfo=timezone.get_default_timezone()), tick=False)
    answer = export(owner, address, kind)

    assert answer["Content-Disposition"] == f'attachment; filename="{name}.{kind}"'
    assert int(answer["Content-Length"]) == len(answer.getvalue())


def test_speaks_the_readers_language(cast: Cast, owner: Client) -> None:
    order(cast, "1001", State.DECLINED)
    owner.post("/i18n/setlang/", {"language": "en"})
    head = export(owner, "/siparisler/disa-aktar/").getvalue().decode("utf-8-sig").split("\r\n")[0]
    assert head.startswith("Order number,Store,Came,")


@pytest.mark.parametrize(
    ("address", "filters"),
    [("/siparisler/disa-aktar/?q=kaya&enaz=", ["q"]), ("/mesajlar/disa-aktar/", []), ("/raporlar/disa-aktar/", [])],
)
def test_writes_down_who_took_what_along(address: str, filters: list[str], cast: Cast, signed_in: SignedIn) -> None:
    export(signed_in(cast.member), address).getvalue()
    entry = AuditEntry.objects.get(subscriber=cast.shop, action="exported")

    assert (entry.actor, entry.about_id) == (cast.member, cast.shop.pk)
    assert entry.detail["what"] in address.replace("siparisler", "orders").replace("mesajlar", "messages").replace(
        "raporlar", "reports"
    )
    assert (entry.detail["rows"], entry.detail["filters"]) == (30 if "raporlar" in address else 0, filters)
    assert entry.detail["file"].endswith(".csv")


def test_writes_down_that_something_was_looked_for_and_not_what(cast: Cast, owner: Client) -> None:
    looked_for = ["q=0532+123+45+67", "magaza=5321234567", "durum=05321234567", "05321234567=1"]
    export(owner, f"/siparisler/disa-aktar/?{'&'.join(looked_for)}").getvalue()
    entry = AuditEntry.objects.get(subscriber=cast.shop, action="exported")

    assert entry.detail["filters"] == ["durum", "q", "magaza"]
    assert "532" not in str(entry.detail | {"file": ""})


@pytest.mark.parametrize("kind", ["", "pdf", "\0"])
def test_refuses_a_kind_of_file_that_it_does_not_know(kind: str, owner: Client) -> None:
    assert export(owner, "/siparisler/disa-aktar/", kind).status_code == 400


def test_a_suspended_subscriber_still_has_what_is_its_own(cast: Cast, owner: Client) -> None:
    order(cast, "1001")
    Subscriber.objects.filter(pk=cast.shop.pk).update(suspended_at=timezone.now())
    assert references(export(owner, "/siparisler/disa-aktar/")) == ["1001"]
