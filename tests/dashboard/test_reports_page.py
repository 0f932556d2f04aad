"""*Raporlar* as its reader sees it: figures, table, period and store in the address."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders.confirmation import State
from portal.dashboard.reports import MOST_ROWS
from subscribers.models import User
from tests import scenes
from tests.dashboard.reported import order, sms, text_of
from tests.factories import (
    Cast,
    StoreFactory,
)

pytestmark = pytest.mark.requirement("R1")


def test_says_of_a_period_that_takes_too_long_what_to_do(
    cast: Cast, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_args: object, **_kwargs: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 1")
            cursor.execute("SELECT pg_sleep(5)")

    monkeypatch.setattr("portal.dashboard.reports.report_of", slow)
    answer = owner.get("/raporlar/?donem=bu-yil")

    assert answer.status_code == 200
    assert "Daha kısa bir dönem seçin." in answer.content.decode()


def test_shows_the_commonest_and_all_others_as_one(cast: Cast, owner: Client) -> None:
    for number in range(MOST_ROWS + 2):
        order(cast, State.DECLINED, city=f"Şehir {number:02}")
    text = text_of(owner, "?dokum=sehir")
    table = text[text.index('id="dokum"') :]

    assert len(re.findall(r'<th scope="row">', table)) == MOST_ROWS + 1
    assert "Ötekiler (2)" in table


def test_shows_the_figures_beside_those_before(cast: Cast, owner: Client) -> None:
    for state, days_ago in [(State.APPROVED, 0), (State.APPROVED, 1), (State.DECLINED, 2), (State.DECLINED, 33)]:
        order(cast, state, days_ago=days_ago)
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(owner)))

    assert "Sorulan 3 önceki dönem: 1 kapıda ödemeli gelen: 3" in words
    assert "Onaylanan 2 önceki dönem: 0" in words
    assert "Onay oranı %67 önceki dönem: %0 onaylanan / sorulan" in words
    assert "Yanıt süresi – önceki dönem: –" in words


def test_the_table_holds_the_same_numbers(cast: Cast, owner: Client) -> None:
    for state, days_ago in [(State.APPROVED, 0), (State.DECLINED, 0), (State.DECLINED, 3)]:
        order(cast, state, days_ago=days_ago)
    text = text_of(owner, "?donem=son-7-gun")
    foot = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text[text.index("<tfoot>") : text.index("</tfoot>")])).strip()

    assert foot == "Toplam 3 3 1 0 2 0 0 %33 3 3 0 0"
    assert text.count('<th scope="row" data-short=') == 7


def test_names_a_week_by_its_days_within_the_period(cast: Cast, owner: Client) -> None:
    order(cast, created_at=datetime(2026, 9, 2, 12, tzinfo=timezone.get_default_timezone()))
    text = text_of(owner, "?donem=tarih&ilk=2026-09-01&son=2026-10-31")

    assert ">1–6 Eylül 2026<" in text
    assert ">26–31 Ekim 2026<" in text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("ilk=2026-11-10", "İki tarihi de seçin."),
        ("ilk=2026-11-10&son=2026-11-09", "Son gün ilk günden önce"),
        ("ilk=9999-01-01&son=9999-12-31", "Bu tarih bugünden sonra ya da çok eski"),
        ("ilk=0001-01-01&son=2026-11-09", "Bu tarih bugünden sonra ya da çok eski"),
        ("ilk=2019-01-01&son=2026-11-09", "En çok beş yıl seçebilirsiniz"),
        ("ilk=dün&son=2026-11-09", "Tarihi gün, ay ve yıl olarak seçin."),
        ("ilk=%00&son=%00", "İki tarihi de seçin."),
    ],
)
def test_says_what_is_wrong_with_days_and_shows_the_usual_ones(query: str, words: str, owner: Client) -> None:
    text = text_of(owner, f"?donem=tarih&{query}")

    assert words in text
    assert 'id="period-son-30-gun" class="tab" href' in text


def test_keeps_days_of_ones_own_in_the_address(cast: Cast, owner: Client) -> None:
    text = text_of(owner, "?donem=tarih&ilk=2026-11-01&son=2026-11-03")

    assert "1–3 Kasım 2026" in text
    assert 'value="2026-11-01"' in text


def test_offers_stores_where_there_are_several(cast: Cast, owner: Client) -> None:
    store = StoreFactory.create(subscriber=cast.shop, name="Kuzey")
    order(cast, State.DECLINED, store=store)
    assert 'name="magaza"' not in text_of(owner)
    order(cast, State.DECLINED)
    text = text_of(owner, f"?magaza={store.code}")

    assert 'name="magaza"' in text
    assert "Anlaşılmayan yanıt" not in text


def test_a_store_of_another_is_no_store(cast: Cast, owner: Client) -> None:
    theirs = order(cast, State.DECLINED, subscriber=cast.other_shop)
    for _ in range(2):
        order(cast, State.DECLINED)
    assert "Kuzey" not in text_of(owner, f"?magaza={theirs.store.code}")


def test_teaches_a_newcomer_what_will_stand_here(cast: Cast, owner: Client) -> None:
    text = text_of(owner)

    assert ("Rapor için önce sipariş gerekiyor" in text, "<canvas" in text) == (True, False)


def test_says_that_nothing_came_in_the_period(cast: Cast, owner: Client) -> None:
    order(cast, State.DECLINED, days_ago=5)
    text = text_of(owner, "?donem=bugun")

    assert "Bu dönemde kapıda ödemeli sipariş gelmedi" in text


def test_stands_in_the_frames_navigation(owner: Client) -> None:
    assert 'href="/raporlar/" data-key="r" aria-current="page"' in text_of(owner)


def test_is_shown_to_members(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    assert signed_in(cast.member).get("/raporlar/").status_code == 200


def test_speaks_english_where_asked(cast: Cast, owner: Client) -> None:
    order(cast, State.APPROVED)
    owner.post("/i18n/setlang/", {"language": "en"})
    text = text_of(owner)

    assert ("Reports" in text, "100%" in text) == (True, True)


@pytest.mark.parametrize("query", ["?dokum=olay", "?dokum=sehir&donem=bu-yil", "?dokum=odeme&donem=bugun"])
def test_needs_at_most_twelve_queries_for_few_orders_and_for_many(query: str, cast: Cast, owner: Client) -> None:
    def asked(count: int) -> int:
        for _ in range(count):
            sms(cast, about=order(cast, State.WAITING, is_asked=False).pk)
        with CaptureQueriesContext(connection) as found:
            owner.get(f"/raporlar/{query}")
        return len(found)

    scenes.busy_shop(cast.shop)
    few = asked(3)
    assert (asked(300), few <= 12) == (few, True)
