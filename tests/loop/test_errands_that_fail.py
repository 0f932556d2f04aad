"""What a store refuses again and again is told, by the operation, and ends with that operation's next success."""

from __future__ import annotations

from typing import Any

import pytest

from integrations import setbacks
from integrations.failures import PermissionMissing, Rejected
from integrations.ideasoft import connection, oauth
from integrations.ideasoft.errands import TOKEN, WEBHOOKS
from integrations.ideasoft.models import StoreErrand
from orders import approvals
from orders.confirmation import Happening
from subscribers.models import Notice
from tests import shops
from tests.shops import Shop
from work import claims
from work.queues import Queue

pytestmark = [pytest.mark.django_db(transaction=True)]


def open_notices() -> list[tuple[str, str]]:
    found = Notice.objects.filter(ended_at=None).order_by("kind")
    return [(notice.kind, notice.detail["reason"]) for notice in found]


def claimed(shop: Shop, queue: Queue[Any]) -> claims.Claim[Any]:
    found = claims.take(queue, shop.store.pk)
    assert found is not None
    return found


def _placed(shop: Shop) -> dict[str, Any]:
    placed = shop.place()
    shops.poll(everything=True)
    return placed


@pytest.fixture
def refused(shop: Shop) -> Any:
    """The fault by which the store refuses the list of its webhooks for ever."""
    wish = {"path": "/admin-api/client_webhooks", "status": 422, "times": None}
    return shop.sandbox.control("POST", "faults", system=f"store:{shop.name}", kind="status", **wish)


def test_tells_of_an_errand_that_the_store_refuses_and_comes_again(shop: Shop, refused: Any) -> None:
    for _ in range(2):
        shops.poll(everything=True)

    assert open_notices() == [("poll_failed:webhooks", "refused 422")]
    assert StoreErrand.objects.get(kind="webhooks").due_at is not None


def test_ends_that_notice_at_the_next_success(shop: Shop, refused: Any) -> None:
    shops.poll(everything=True)
    shop.sandbox.control("DELETE", f"faults/{refused['id']}")
    shops.poll(everything=True)

    assert open_notices() == []


def test_ends_the_notices_of_the_operation_that_went_well_alone(shop: Shop) -> None:
    StoreErrand.objects.update(due_at="2020-01-01T00:00:00Z")
    refused, forbidden = Rejected("refused", code="422"), PermissionMissing("permission_missing")
    for queue, failure in ((WEBHOOKS, refused), (TOKEN, forbidden)):
        claim = claimed(shop, queue)
        setbacks.put_off(claim, claim.rows[0], shop.store, failure)
    StoreErrand.objects.update(due_at="2020-01-01T00:00:00Z")
    setbacks.went_well(claimed(shop, WEBHOOKS), shop.store)

    assert open_notices() == [("permission_missing:token", "permission_missing")]


def test_keeps_the_notice_of_the_order_permission_while_webhooks_work(shop: Shop) -> None:
    opened = shop.confirmation(_placed(shop))
    approvals.decide(opened, Happening.PERSON_APPROVES, by=shop.subscriber_owner())
    scopes = ["order_read", "api_read", "api_update", "api_create", "api_delete"]
    shop.sandbox.control("POST", "stores", name=shop.name, scopes=scopes)
    shops.poll(everything=True)

    assert [kind for kind, _ in open_notices()] == ["permission_missing:store.approvals"]


def test_ends_them_all_when_the_store_is_allowed_again(shop: Shop, refused: Any) -> None:
    shops.poll(everything=True)
    tokens = oauth.Tokens(access_token="a", refresh_token="r", expires_in=60, scope="", raw={})
    connection.connect(shop.store, tokens)

    assert open_notices() == []
