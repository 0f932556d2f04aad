"""What comes by a hook, worked off to its end in the store and on the buyer's phone (R1, R6)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from integrations.ideasoft import webhooks
from messaging.models import IncomingState
from sandbox.ideasoft.webhooks import sign
from tests import shops
from tests.shops import BUYER, Shop

pytestmark = pytest.mark.django_db(transaction=True)


def _push(shop: Shop, fields: dict[str, Any], name: str = "sms") -> Any:
    path = "/" + shop.result["hooks"][name].split("/", 3)[3]
    return Client().post(path, json.dumps(fields), content_type="application/json")


def _answer(text: str, line: str) -> dict[str, str]:
    return {"content": text, "sourceNumber": BUYER, "subscriberNumber": line}


@pytest.mark.case(16)
@pytest.mark.requirement("R1")
def test_keeps_another_subscribers_line_as_unmatched_where_it_came_in(shop: Shop) -> None:
    other = shops.open_shop(shop.sandbox, name="komsu", line="8507654321")
    placed = other.place(transactionId="12345")
    shops.poll(everything=True)

    assert _push(shop, _answer("Onay 12345", other.line)).status_code == 200
    shops.work_off()

    (kept,) = shop.incoming()
    assert (kept.state, kept.reason, kept.line) == (IncomingState.UNMATCHED, "other_line", "8507654321")
    assert (other.incoming(), other.status(placed)) == ([], "waiting_for_approval")


@pytest.mark.case(16)
@pytest.mark.requirement("R1")
def test_approves_nothing_for_another_subscribers_line(shop: Shop) -> None:
    placed = shop.place(transactionId="12345")
    shops.poll(everything=True)
    _push(shop, _answer("Onay 12345", "8507654321"))
    shops.work_off()

    assert shop.status(placed) == "waiting_for_approval"


def test_moves_a_message_by_a_pushed_report(shop: Shop) -> None:
    shop.place()
    shops.poll(everything=True)
    (message,) = shop.outgoing()
    report = {"jobid": message.job_id, "number": BUYER, "status": 1}

    assert _push(shop, report, "report").status_code == 200
    assert shop.outgoing()[0].state == "delivered"


def test_rereads_the_order_that_the_store_named(shop: Shop) -> None:
    placed = shop.place(transactionId="12345")
    body = json.dumps({"id": placed["id"], "status": "approved"}).encode()
    headers = {webhooks.SIGNATURE_HEADER: sign(body, shop.document["stores"][0]["client_secret"])}
    path = f"/hooks/ideasoft/{shop.store.reveal('hook_token')}/order-update"
    Client().post(path, body, content_type="application/json", headers=headers)
    shops.work_off("store.reread")

    assert (shop.order(placed).store_status, shop.order(placed).seen_by) == ("waiting_for_approval", "webhook")
