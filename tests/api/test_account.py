"""Who calls, messages, events, credit and figures by the API: what the screens tell, as plain values."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.netgsm.models import Account
from messaging.models import IncomingMessage, IncomingState, OutgoingMessage
from orders.models import Order
from orders.queries import Tab
from portal.api import site
from portal.dashboard import periods, reports
from tests import scenes
from tests.api.conftest import Program
from tests.factories import (
    AccountFactory,
    Cast,
    EventFactory,
    IncomingMessageFactory,
    OrderFactory,
    OutgoingMessageFactory,
    StepFactory,
)

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_says_who_calls(api: Program, cast: Cast) -> None:
    told = api.get("/me").json()

    assert told["subscriber"] == {"name": cast.shop.name, "line": cast.shop.line, "suspended": False}
    assert (told["key"]["name"], told["key"]["scope"], told["key"]["made_by"]) == (
        "Depo programı",
        "write",
        cast.owner.name,
    )
    assert (told["limits"]["reads_per_minute"], told["limits"]["writes_per_minute"]) == (120, 60)
    assert api.key not in str(told)


def _messages(cast: Cast, count: int) -> list[str]:
    """Two ways in turn, the newest first."""
    account = AccountFactory.create(subscriber=cast.shop)
    made: list[Any] = []
    for number in range(count):
        at, facts = NOON - timedelta(minutes=number), {"subscriber": cast.shop, "account": account}
        if number % 2:
            made.append(OutgoingMessageFactory.create(created_at=at, **facts))
        else:
            made.append(IncomingMessageFactory.create(received_at=at, **facts))
    return [str(row.pk) for row in made]


def _ids(answer: Any) -> list[str]:
    return [each["id"] for each in answer.json()["items"]]


def test_lists_messages_both_ways_while_more_come(api: Program, cast: Cast) -> None:
    made = _messages(cast, 7)
    seen, cursor = [], ""
    while cursor is not None:
        page = api.get("/messages", limit=3, **({"cursor": cursor} if cursor else {}))
        seen += _ids(page)
        cursor = page.json()["next"]
        IncomingMessageFactory.create(subscriber=cast.shop, received_at=timezone.now())

    assert seen == made


def test_filters_messages(api: Program, cast: Cast) -> None:
    came, went = _messages(cast, 2)
    order = OrderFactory.create(subscriber=cast.shop)
    StepFactory.create(order=order, kind="question_queued", outgoing_id=went)
    IncomingMessage.objects.update(state=IncomingState.UNMATCHED, sender="", sender_raw="BANKA")
    OutgoingMessage.objects.update(phone="+905559998877")

    assert _ids(api.get("/messages", direction="in")) == _ids(api.get("/messages", unmatched="true")) == [came]
    assert _ids(api.get("/messages", direction="out")) == [went]
    assert _ids(api.get("/messages", phone="555 999 88 77")) == _ids(api.get("/messages", order=order.code)) == [went]
    assert (
        _ids(api.get("/messages", direction="out", unmatched="true")) == _ids(api.get("/messages", order="yok")) == []
    )
    told = api.get(f"/messages/{went}").json()
    assert (told["phone"], told["direction"], told["orders"]) == ("+905559998877", "out", [order.code])
    told = api.get(f"/messages/{came}").json()
    assert (told["phone"], told["named"], told["segments"]) == (None, "BANKA", None)


def test_asks_the_database_as_often_for_3_messages_as_for_100(api: Program, cast: Cast) -> None:
    _messages(cast, 100)
    api.get("/messages")
    counts = []
    for limit in (3, 100):
        with CaptureQueriesContext(connection) as asked:
            assert len(_ids(api.get("/messages", limit=limit))) == limit
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 12


def test_lists_events_by_priority(api: Program, cast: Cast) -> None:
    second = EventFactory.create(subscriber=cast.shop, priority=2, keyword="evet", confirming_words=["gelsin"])
    first = EventFactory.create(subscriber=cast.shop, priority=1, is_on=False)
    told = api.get("/events").json()["items"]

    assert [each["id"] for each in told] == [str(first.pk), str(second.pk)]
    assert [(each["keyword"], each["on"], each["store"]) for each in told] == [
        ("Onay", False, first.store.code),
        ("evet", True, second.store.code),
    ]
    assert (told[0]["question_text"], told[1]["confirming_words"]) == (None, ["gelsin"])


def test_tells_the_credit_and_when_it_was_read(api: Program, cast: Cast) -> None:
    assert api.get("/credit").json() == {
        "left": None,
        "read_at": None,
        "used_per_day": None,
        "days": None,
        "low": False,
    }
    AccountFactory.create(subscriber=cast.shop)
    Account.objects.update(credit="1234,50", credit_at=NOON)
    told = api.get("/credit").json()
    assert (told["left"], told["read_at"], told["low"]) == ("1234.50", "2026-11-24T09:00:00.000Z", False)


def test_tells_the_figures_of_the_reports_screen(api: Program, cast: Cast) -> None:
    scenes.busy_shop(cast.shop)
    OutgoingMessageFactory.create(subscriber=cast.shop)
    period = periods.named(periods.USUAL, now=timezone.now())
    screen = reports.report_of(cast.shop, period, "")
    told = api.get("/reports/daily", **{"from": period.first.isoformat(), "to": period.last.isoformat()}).json()

    assert [day["day"] for day in told["days"]] == [part.tally.on.isoformat() for part in screen.parts]
    for mine, theirs in [*zip(told["days"], screen.parts, strict=True), (told["total"], screen.now)]:
        tally, traffic = theirs.tally, theirs.traffic
        assert (mine["came"], mine["asked"], mine["agreed"]) == (tally.came, tally.asked, tally.agreed)
        assert (mine["closed"], mine["expired"], mine["spared"]) == (tally.closed, tally.expired, tally.spared)
        assert {word: mine[word] for word in ("waiting", "confirmed", "declined", "silent")} == {
            tab.value: tally.standing[tab] for tab in (Tab.WAITING, Tab.CONFIRMED, Tab.DECLINED, Tab.SILENT)
        }
        assert (mine["sms"]["sent"], mine["sms"]["segments"], mine["sms"]["not_understood"]) == (
            traffic.sent,
            traffic.segments,
            traffic.unmatched,
        )
    assert told["total"]["came"] > 5


def test_tells_the_figures_of_one_store(api: Program, cast: Cast) -> None:
    order = scenes.busy_shop(cast.shop)
    OrderFactory.create(subscriber=cast.shop)
    today = timezone.localdate().isoformat()
    days = {"from": (timezone.localdate() - timedelta(days=5)).isoformat(), "to": today}
    told = {code: api.get("/reports/daily", store=code, **days).json() for code in (order.store.code, "yok")}

    assert told[order.store.code]["total"]["came"] == Order.objects.filter(store=order.store).count()
    assert told["yok"]["total"]["came"] == 0


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2026-11-02", "2026-11-01", "date_order"),
        ("2025-11-01", "2026-11-02", "too_many_days"),
        ("0001-01-01", "0001-01-02", "date_range"),
        ("9999-12-31", "9999-12-31", "date_range"),
        ("x", "2026-11-01", None),
        ("1" * 400, "2026-11-01", None),
    ],
)
def test_tells_no_figures_of_days_that_are_none(api: Program, first: str, last: str, code: str | None) -> None:
    answer = api.get("/reports/daily", **{"from": first, "to": last})

    assert answer.status_code == 422
    assert code in (None, answer.json()["errors"][0]["code"])


def test_takes_a_whole_year(api: Program) -> None:
    told = api.get("/reports/daily", **{"from": "2025-11-01", "to": "2026-11-01"}).json()

    assert (len(told["days"]), told["days"][-1]["day"]) == (366, date(2026, 11, 1).isoformat())


def test_describes_itself_to_machines_and_people_without_a_key(client: Client, db: None) -> None:
    told = client.get("/api/v1/openapi.json")
    page = client.get("/api/v1/docs")

    assert (told.json()["openapi"], told.json()["info"]["version"]) == ("3.1.0", "1")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    text = page.content.decode()
    assert '<html lang="en">' in text
    assert [path for path in site.document()["paths"] if path not in text] == []
    assert ("<style" in text, "http-equiv" in text, "cdn" in text) == (False, False, False)
    assert 'id="too_many"' in text
    assert [each for each in ('href="/ayarlar/api/"', 'href="/yardim/en/api/"') if each not in text] == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (
            "state",
            "query, all | needs_you | waiting | confirmed | declined | silent | closed | unasked, all by default",
        ),
        ("limit", "query, integer, 1 to 100, 50 by default"),
        ("direction", "query, in | out or null"),
        ("act", "body, Act"),
        ("reply", "body, boolean, false by default"),
        ("text", "body, string, 1 to 1000 characters"),
        ("store", "query, string, at most 255 characters"),
    ],
)
def test_shows_people_which_values_a_field_takes(client: Client, db: None, name: str, kind: str) -> None:
    page = client.get("/api/v1/docs").content.decode()
    kinds = re.findall(rf"<code>{name}</code>.*?</th><td>(.*?)</td>", page)

    assert kind in kinds
    assert "One of <code>approve</code>, <code>decline</code>, <code>ask</code>." in page
