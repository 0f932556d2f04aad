"""A shop with an account and one event that learns."""

from __future__ import annotations

import pytest

from messaging.models import InteractiveEvent
from subscribers.models import Subscriber
from tests.factories import AccountFactory, Cast, EventFactory


@pytest.fixture
def shop(cast: Cast) -> Subscriber:
    AccountFactory.create(subscriber=cast.shop)
    return cast.shop


@pytest.fixture
def event(shop: Subscriber) -> InteractiveEvent:
    return EventFactory.create(subscriber=shop)
