"""*Kabul Et* pressed in a store whose *İzin Yönetimi* grants nothing, or too little (R3, R7)."""

from __future__ import annotations

import html
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from integrations import outbound
from integrations.ideasoft.models import Connection, SetupCheck, SetupItem, SetupState
from integrations.ideasoft.setup import Finding
from orders import checklist, grants
from subscribers import reach
from subscribers.models import Notice
from tests import shops
from tests.factories import EventFactory, StoreFactory
from tests.onboarding.conftest import NAME, Beginner

pytestmark = pytest.mark.requirement("R3", "R7")

ALL = [
    *(f"{resource}_{verb}" for resource in ("order", "api", "sms_setting") for verb in ("read", "create", "update")),
    *("net_gsm_read", "net_gsm_update", "language_read", "language_update"),
]
NOTHING: list[str] = []
READS_ALONE = [scope for scope in ALL if scope.endswith("_read")]
ORDERS_ALONE = ["order_read", "order_update"]


def granting(beginner: Beginner, scopes: list[str]) -> Any:
    """The store grants these; *Kabul Et* is pressed, and this is the page that comes."""
    beginner.sandbox.control("POST", "stores", name=NAME, scopes=scopes)
    return beginner.connect()


def asked_for(page: Any) -> list[str]:
    """The lines of what lacks, without their scopes."""
    found = re.findall(r'<li class="lacking">(.*?)</li>', page.content.decode(), re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<code>.*?</code>|<[^>]+>", "", each)).split()) for each in found]


def is_ticked(beginner: Beginner) -> bool:
    """Whether the wizard shows the step *İzin* as done."""
    page = beginner.get(beginner.at_store).content.decode()
    return bool(re.search(r"<span>İzin</span><span class=\"visually-hidden\">\(tamam\)", page))


@pytest.mark.parametrize(
    ("scopes", "lines"),
    [
        (NOTHING, ["Sipariş: Okuma ve Yazma eksik", "Diğer: Okuma ve Yazma eksik"]),
        (READS_ALONE, ["Sipariş: Yazma eksik", "Diğer: Yazma eksik"]),
        (ORDERS_ALONE, ["Diğer: Okuma ve Yazma eksik"]),
        (ALL, []),
    ],
)
def test_the_return_names_what_is_not_granted(scopes: list[str], lines: list[str], beginner: Beginner) -> None:
    page = granting(beginner, scopes)
    assert (asked_for(page), 'class="drawing"' in page.content.decode()) == (lines, bool(lines))


@pytest.mark.parametrize("path", ["/admin-api/orders", "/admin-api/languages"])
def test_the_return_waits_no_longer_than_its_patience(
    path: str, beginner: Beginner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grants, "PATIENCE", 0.5)
    back = beginner.sent_back(beginner.save())
    beginner.sandbox.fault(f"store:{NAME}", "hang", path=path)
    began = time.monotonic()
    page = beginner.get("/allow", **back)

    assert (page.status_code, time.monotonic() - began < outbound.DEADLINE / 2) == (200, True)


def test_the_return_lists_what_the_offered_changes_take(beginner: Beginner) -> None:
    scopes = [scope for scope in ALL if not scope.endswith("_update") or scope == "order_update"]
    beginner.sandbox.control("POST", "stores", name=NAME, scopes=scopes)
    review = beginner.save()
    EventFactory.create(subscriber=beginner.subscriber, store=beginner.store, question_mode="store")
    page = beginner.get("/allow", **beginner.sent_back(review))
    shops.work_off("store.setup")

    drifted = Notice.objects.filter(kind="setup_drifted:permissions").count()
    assert (asked_for(page), drifted) == (["Diğer: Yazma eksik"], 0)


@pytest.mark.parametrize("scopes", [NOTHING, READS_ALONE, ORDERS_ALONE])
def test_the_step_is_ticked_only_once_all_is_granted(scopes: list[str], beginner: Beginner) -> None:
    granting(beginner, scopes)
    before = is_ticked(beginner)
    granting(beginner, ALL)
    assert (before, is_ticked(beginner)) == (False, True)


@pytest.mark.parametrize("where", ["the store's page", "the review", "Kurulum"])
def test_says_what_is_missing_wherever_it_can_be_mended(where: str, beginner: Beginner) -> None:
    granting(beginner, NOTHING)
    pages = {
        "the store's page": lambda: beginner.get(beginner.at_store),
        "the review": lambda: beginner.browser.post(f"{beginner.at_store}izin/"),
        "Kurulum": lambda: beginner.get("/ayarlar/kurulum/"),
    }
    page = pages[where]()
    assert asked_for(page) == [
        "Sipariş: Okuma ve Yazma eksik",
        "Diğer: Okuma ve Yazma eksik",
    ]


@pytest.mark.parametrize("language", ["tr", "en"])
def test_shows_no_word_of_the_machine_on_kurulum(language: str, beginner: Beginner) -> None:
    granting(beginner, NOTHING)
    shops.work_off("store.setup")
    page = beginner.get("/ayarlar/kurulum/").content.decode()
    assert re.findall(r">[^<]*\b(?:scope_missing|webhooks_\w+|no_\w+|api_read izni)\b[^<]*<", page) == []


def test_the_window_closes_by_itself_only_where_nothing_is_missing(beginner: Beginner) -> None:
    page = granting(beginner, NOTHING).content.decode()
    whole = granting(beginner, ALL).content.decode()
    assert ("data-allowed" in page, "data-allowed" in whole) == (False, True)


def test_the_page_behind_stays_where_something_is_missing(beginner: Beginner) -> None:
    granting(beginner, NOTHING)
    assert "data-awaits" not in beginner.get(beginner.at_store).content.decode()


def test_a_store_that_does_not_answer_is_asked_later(beginner: Beginner) -> None:
    back = beginner.sent_back(beginner.save())
    beginner.sandbox.fault(f"store:{NAME}", "status", status=503, path="/admin-api/")
    page = beginner.get("/allow", **back)
    assert (page.status_code, beginner.store.connection, is_ticked(beginner)) == (200, Connection.CONNECTED, False)


@pytest.mark.django_db(transaction=True)
def test_looking_twice_at_once_makes_one_line() -> None:
    store, together = StoreFactory.create(), threading.Barrier(2)

    def keep() -> None:
        try:
            with reach.of(store.subscriber_id), transaction.atomic():
                list(SetupCheck.objects.all())  # the connection is open
                together.wait(timeout=30)
                checklist.keep(store, [Finding(item=SetupItem.PERMISSIONS, state=SetupState.DONE)])
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        kept = [pool.submit(keep) for _ in range(2)]
    assert ([each.exception() for each in kept], SetupCheck.objects.count()) == ([None, None], 1)
