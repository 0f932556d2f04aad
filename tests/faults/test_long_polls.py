"""A poll that takes longer than a lease keeps its claim, so that it ends instead of being begun again and again."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from integrations.ideasoft.models import StoreErrand
from orders import intake, polls
from tests import shops
from tests.shops import Shop
from work import claims
from work.queues import Queue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


@pytest.mark.parametrize("queue", [polls.NEW, polls.CHANGED], ids=lambda queue: queue.name)
def test_is_left_alone_by_others_while_it_keeps_many_orders(
    shop: Shop, queue: Queue[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.sandbox.control("POST", "stores/ornek/orders", count=40, cod=True, webhook=False)
    take, taken_by_others = intake.take, []

    def take_slowly(*facts: Any, **named: Any) -> Any:
        StoreErrand.objects.update(claimed_until=F("claimed_until") - timedelta(seconds=2))
        taken_by_others.append(claims.take(queue, shop.store.pk))
        return take(*facts, **named)

    queue.rows().update(due_at=shop.store.connected_at)
    monkeypatch.setattr(intake, "take", take_slowly)
    shops.work_off(queue.name, rounds=1)

    assert taken_by_others == [None] * 40
