"""Whatever a store does to an order, and whenever its news come due: each goes once, and only while it is true (R9)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.ideasoft.models import Store
from integrations.ideasoft.payloads import Status, parse_order
from messaging.models import OutgoingMessage, Purpose
from orders import intake
from orders.models import News, NewsRule, NewsSettings, NewsState, Order, When
from orders.news import rules, sending
from tests.factories import AccountFactory, StoreFactory, SubscriberFactory
from work import claims

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R9")]

DUE = "due"
STATUSES = [status.value for status in Status if status not in (Status.DELETED, Status.UNKNOWN)]
ACTS = st.lists(st.one_of(st.just(DUE), st.sampled_from(STATUSES)), min_size=1, max_size=12)


@pytest.fixture
def store() -> Store:
    """A store whose merchant turned on all news, at any hour."""
    subscriber = SubscriberFactory.create()
    AccountFactory.create(subscriber=subscriber)
    NewsSettings.objects.create(subscriber=subscriber, quiet_from=None, quiet_until=None)
    for when in When:
        NewsRule.objects.create(subscriber=subscriber, when=when, header="ORNEK", text=f"{when.value} (arg1)")
    return StoreFactory.create(subscriber=subscriber)


def _tell(store: Store, number: int, status: str, at: datetime) -> None:
    told = {"createdAt": at.isoformat(), "updatedAt": at.isoformat(), "customerPhone": "5321234567"}
    intake.take(
        store, parse_order({"id": number, "status": status, "paymentTypeName": "Havale", **told}), seen_by="poll"
    )


def _come_due(store: Store) -> list[Any]:
    """Works off all that waits; the SMS that came of it."""
    before = set(OutgoingMessage.objects.values_list("pk", flat=True))
    News.objects.filter(due_at__isnull=False).update(due_at=timezone.now() - timedelta(seconds=1))
    while claim := claims.take(sending.NEWS, store.pk):
        sending.send(claim)
    return list(OutgoingMessage.objects.exclude(pk__in=before))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS, number=st.integers(1, 10**9))
def test_each_news_goes_once_and_only_while_it_is_true(store: Store, acts: list[str], number: int) -> None:
    Order.objects.all().delete()
    OutgoingMessage.objects.all().delete()
    for act in acts:
        if act != DUE:
            _tell(store, number, act, timezone.now())
            continue
        for sms in _come_due(store):
            news = News.objects.select_related("order").get(pk=sms.about)
            assert rules.holds(When(news.when), status=news.order.store_status, telling=frozenset(When))
    _come_due(store)

    went = OutgoingMessage.objects.filter(purpose=Purpose.NEWS).values_list("text", flat=True)
    assert max(Counter(went).values(), default=1) == 1
    assert len(went) == News.objects.filter(state=NewsState.QUEUED).count()
    assert not News.objects.filter(state=NewsState.DUE).exists()
