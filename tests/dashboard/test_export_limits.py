"""*Dışa aktar* where it takes too long, is read too slowly or breaks off: said in words, and its place given back."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.test import Client

from orders.confirmation import State
from portal.dashboard import tables
from portal.exports import places, sending
from subscribers.models import AuditEntry
from tests.dashboard.exported import SignedIn, export, order, rows
from tests.factories import (
    Cast,
    StepFactory,
)

pytestmark = pytest.mark.requirement("R1")


def test_reads_a_few_rows_at_a_time(cast: Cast, owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(7):
        order(cast, f"{number}")
    asked: list[int] = []
    fetch = psycopg.ServerCursor.fetchmany

    def noted(self: Any, size: int = 0) -> Any:
        asked.append(size)
        return fetch(self, size)

    monkeypatch.setattr(psycopg.ServerCursor, "fetchmany", noted)
    monkeypatch.setattr(tables, "AT_ONCE", 3)
    export(owner, "/siparisler/disa-aktar/").getvalue()
    assert asked[:3] == [3, 3, 3]
    assert set(asked) == {3}


def test_asks_the_database_by_the_part_and_not_by_the_row(
    cast: Cast, owner: Client, django_assert_num_queries: Any
) -> None:
    def asked(count: int) -> None:
        for number in range(count):
            StepFactory.create(order=order(cast, f"{number}", State.WAITING))

    asked(1)
    with django_assert_num_queries(10):  # two of them a savepoint, as the test is itself a transaction
        export(owner, "/siparisler/disa-aktar/").getvalue()
    asked(20)
    with django_assert_num_queries(10):
        export(owner, "/siparisler/disa-aktar/").getvalue()


@pytest.fixture
def elsewhere(cast: Cast) -> Iterator[None]:
    """Another process makes a file of this subscriber."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('export'), hashtext(%s))", [str(cast.shop.pk)])
        yield
    other.close()


def test_says_that_another_file_is_being_made(elsewhere: None, cast: Cast, owner: Client) -> None:
    answer = owner.post("/siparisler/disa-aktar/?durum=waiting", {"bicim": "csv"}, follow=True)

    assert answer.redirect_chain == [("/siparisler/?durum=waiting", 302)]
    assert "Başka bir dosyanız hazırlanıyor." in answer.content.decode()
    assert not AuditEntry.objects.filter(action="exported").exists()


def test_another_subscriber_need_not_wait(elsewhere: None, cast: Cast, signed_in: SignedIn) -> None:
    assert rows(export(signed_in(cast.other_owner), "/siparisler/disa-aktar/")) == []


def test_says_that_files_are_still_being_sent(cast: Cast, owner: Client) -> None:
    unread = [export(owner, "/siparisler/disa-aktar/") for _ in range(places.MOST_OF_ONE)]
    answer = owner.post("/raporlar/disa-aktar/", {"bicim": "csv"}, follow=True)

    assert "Şu anda başka dosyalar iniyor." in answer.content.decode()
    for each in unread:
        each.getvalue()
    assert export(owner, "/siparisler/disa-aktar/").getvalue()


def test_says_what_to_do_about_a_list_that_is_too_long(
    cast: Cast, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    order(cast, "1001")
    monkeypatch.setattr(sending, "LONGEST_SECONDS", -1)
    answer = owner.post("/siparisler/disa-aktar/", {"bicim": "csv"}, follow=True)

    assert "Tarih aralığını daraltıp ayrı ayrı indirin." in answer.content.decode()
    assert not AuditEntry.objects.filter(action="exported").exists()
    assert places.held() == 0


def _cut_off(*_args: object, **_kwargs: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1")
        cursor.execute("SELECT pg_sleep(5)")


@pytest.mark.parametrize(
    ("page", "table", "remedy"),
    [
        ("/siparisler/", "orders", "Tarih aralığını daraltıp ayrı ayrı indirin."),
        ("/mesajlar/", "of_messages_found", "Bir kutu seçin ya da arayıp daha azını indirin."),
        ("/raporlar/", "report", "Daha kısa bir dönem seçin."),
    ],
)
def test_says_of_each_list_what_to_do_where_the_database_takes_too_long(
    page: str, table: str, remedy: str, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, table, _cut_off)
    answer = owner.post(f"{page}disa-aktar/", {"bicim": "csv"}, follow=True)

    assert answer.redirect_chain == [(page, 302)]
    assert remedy in answer.content.decode()


def test_gives_its_place_back_where_the_first_rows_take_too_long(
    cast: Cast, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    order(cast, "1001")
    monkeypatch.setattr(tables, "_order", _cut_off)
    answer = owner.post("/siparisler/disa-aktar/", {"bicim": "csv"}, follow=True)

    assert (answer.status_code, places.held()) == (200, 0)
    assert not AuditEntry.objects.filter(action="exported").exists()


def test_breaks_off_where_its_reader_is_too_slow(cast: Cast, owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "LONGEST_SENDING_SECONDS", -1)
    answer = export(owner, "/siparisler/disa-aktar/")
    with pytest.raises(sending.ReadTooSlowly):
        next(iter(answer.streaming_content))
    assert places.held() == 0


def test_gives_its_place_back_where_the_answer_is_lost_on_its_way(
    cast: Cast, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(_request: object, answer: HttpResponse) -> HttpResponse:
        if "Content-Disposition" in answer:
            raise ValueError
        return answer

    monkeypatch.setattr(XFrameOptionsMiddleware, "process_response", lambda self, *both: lost(*both))
    owner.raise_request_exception = False
    logging.disable()  # what catches logs for a test keeps the failure, and with it the answer
    try:
        answer = owner.post("/siparisler/disa-aktar/", {"bicim": "csv"})
    finally:
        logging.disable(logging.NOTSET)
    status = answer.status_code
    del answer
    gc.collect()

    assert (status, places.held()) == (500, 0)


def test_what_breaks_off_is_a_failure_and_no_half_file(
    cast: Cast, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_line: object) -> None:
        raise ValueError

    order(cast, "1001")
    monkeypatch.setattr(tables, "_order", broken)
    owner.raise_request_exception = False
    answer: HttpResponse = owner.post("/siparisler/disa-aktar/", {"bicim": "csv"})

    assert (answer.status_code, "Content-Disposition" in answer) == (500, False)
    assert not AuditEntry.objects.filter(action="exported").exists()
    assert places.held() == 0


@pytest.mark.django_db(transaction=True)
def test_a_slow_reader_holds_no_connection(cast: Cast, owner: Client) -> None:
    order(cast, "1001")
    answer = export(owner, "/siparisler/disa-aktar/")
    pieces = iter(answer.streaming_content)
    next(pieces)

    assert connection.connection is None
    assert list(pieces) == []
