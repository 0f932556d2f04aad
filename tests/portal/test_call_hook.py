"""The address that the switchboard asks while a caller waits (R8)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from integrations.netgsm import hook
from orders import calls
from orders.models import Call, VoiceSettings
from subscribers import reach
from subscribers.models import Subscriber
from tests.factories import OrderFactory
from tests.subscribers import rows

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R8")]

FIELDS = {"arayan_no": "5321234567", "aranan_no": "8509999999", "arama_id": "1763.42", "tus_bilgisi": "-1"}
SORRY = "Şu anda bilgi veremiyoruz. Lütfen daha sonra yeniden arayın."
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def shop() -> Subscriber:
    """A shop with an order of the phone that calls."""
    made = rows.subscriber("Bizim")
    OrderFactory.create(subscriber=made, phone="+905321234567", reference="100245", store_status="approved")
    return made


@pytest.fixture
def path(shop: Subscriber) -> str:
    return f"/hooks/netgsm/{shop.reveal('hook_token')}/call"


def _breaks(*_arguments: Any, **_named: Any) -> Any:
    raise ZeroDivisionError("the answer broke")


def _is_away(*_arguments: Any, **_named: Any) -> Any:
    raise OperationalError("the database is away")


@pytest.mark.parametrize("way", ["GET", "form", "JSON"])
def test_reads_out_the_callers_orders_however_it_is_asked(path: str, way: str) -> None:
    with reach.nothing():
        if way == "GET":
            answer = Client().get(path, FIELDS)
        elif way == "form":
            answer = Client().post(path, urlencode(FIELDS), content_type=FORM)
        else:
            answer = Client().post(path, json.dumps(FIELDS), content_type="application/json")
    told = answer.json()
    assert (answer.status_code, told["status"], told["result"], "redirect" in told) == (200, "success", "1", False)
    assert "numarasının sonu 02, 45 olan siparişiniz onaylandı." in told["data"]


def test_takes_a_get_whose_server_tells_no_length(path: str) -> None:
    assert Client().get(path, FIELDS, CONTENT_LENGTH="").json()["status"] == "success"


def test_lets_the_token_decide_whose_orders_are_told(path: str, shop: Subscriber) -> None:
    other = rows.subscriber("Onların")
    theirs = f"/hooks/netgsm/{other.reveal('hook_token')}/call"
    assert Client().get(theirs, {**FIELDS, "aranan_no": shop.line}).json()["data"].endswith("sipariş bulamadık.")
    assert [call.subscriber for call in Call.objects.all()] == [other]


def test_puts_a_stranger_through_to_the_extension(path: str, shop: Subscriber) -> None:
    VoiceSettings.objects.create(subscriber=shop, extension="102")
    told = Client().get(path, {**FIELDS, "arayan_no": "5339999999"}).json()
    assert (told["status"], told["result"], told["redirect"]) == ("success", "dynamic", "102")


@pytest.mark.parametrize("extension", ["", "102"])
def test_apologises_in_valid_json_where_it_fails_inside(
    path: str, shop: Subscriber, extension: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    VoiceSettings.objects.create(subscriber=shop, extension=extension)
    monkeypatch.setattr(calls, "weigh", _breaks)
    answer = Client().get(path, FIELDS)
    through = {"status": "success", "result": "dynamic", "redirect": "102", "data": f"{SORRY} Sizi bağlıyoruz."}
    expected = through if extension else {"status": "error", "result": "e", "data": SORRY}
    assert (answer.status_code, answer.json(), Call.objects.count()) == (200, expected, 0)
    assert "call_failed" in caplog.text


@pytest.mark.parametrize("broken", [[(hook, "subscriber_of")], [(calls, "weigh"), (calls, "apologise")]])
def test_apologises_where_the_database_is_away(
    path: str, broken: list[tuple[Any, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for where, what in broken:
        monkeypatch.setattr(where, what, _is_away)
    answer = Client().get(path, FIELDS)
    assert (answer.status_code, answer.json()) == (200, {"status": "error", "result": "e", "data": SORRY})


@pytest.mark.parametrize("closed", [False, True], ids=["unknown", "closed"])
def test_tells_nothing_at_an_address_that_is_not_known(path: str, shop: Subscriber, closed: bool) -> None:
    if closed:
        Subscriber.objects.update(suspended_at=timezone.now(), closed_at=timezone.now())
    answer = Client().get(path if closed else "/hooks/netgsm/kimse/call", FIELDS)
    assert (answer.status_code, answer.json()) == (404, {"status": "error", "result": "e", "data": SORRY})
    assert Call.objects.count() == 0


def test_tells_a_suspended_shops_caller_nothing_of_orders(path: str, shop: Subscriber) -> None:
    Subscriber.objects.update(suspended_at=timezone.now())
    assert Client().get(path, FIELDS).json() == {"status": "error", "result": "e", "data": SORRY}


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [(b"{", "application/json", 400), (b"[1]", "application/json", 400), (b"a" * 70_000, FORM, 413)],
)
def test_refuses_what_it_cannot_read_and_still_apologises(
    path: str, body: bytes, content_type: str, status: int
) -> None:
    answer = Client().post(path, body, content_type=content_type)
    assert (answer.status_code, answer.json()["data"]) == (status, SORRY)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "head"])
def test_refuses_every_method_but_get_and_post(path: str, method: str) -> None:
    assert getattr(Client(), method)(path).status_code == 405
