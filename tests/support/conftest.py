"""A person of support, whose client is signed in, beside the default cast with a busy shop."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from messaging.models import UnreadablePush
from orders.models import Order
from subscribers.models import User
from tests import factories, scenes, second_step
from tests.factories import Cast, UserFactory

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _no_collected_files(settings: Settings) -> None:
    """Static files are looked up where they lie, so that nothing must be collected first."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def cast(db: None) -> Cast:
    return factories.cast()


@pytest.fixture
def order(cast: Cast) -> Order:
    """The confirmed order of a shop that has everything."""
    UnreadablePush.objects.create(subscriber=cast.shop, body=b'{"content": ', reason="not JSON")
    return scenes.busy_shop(cast.shop)


@pytest.fixture
def staff(db: None) -> User:
    return second_step.give(UserFactory.create(email="destek@example.com", is_staff=True))


@pytest.fixture
def client(staff: User) -> Client:
    client = Client()
    client.force_login(staff, backend=BACKEND)
    return client
