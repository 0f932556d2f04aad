"""The default cast, and a browser's worth of client for each of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from subscribers.models import User
from tests import factories
from tests.factories import Cast


@pytest.fixture(autouse=True)
def _no_collected_files(settings: Settings) -> None:
    """Static files are looked up where they lie, so that nothing must be collected first."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def cast(db: None) -> Cast:
    return factories.cast()


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def client_of(user: User) -> Client:
        client = Client(headers={"accept-language": "tr"})
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return client_of


@pytest.fixture
def owner(cast: Cast, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(cast.owner)
