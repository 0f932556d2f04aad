"""The cast, saved once for the tests of a module, and an outside that cannot be reached."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from integrations import outbound
from integrations.failures import Unavailable
from subscribers import reach
from subscribers.reach import Purpose
from tests.access import cast as casts
from tests.access import sweep
from tests.access.cast import Cast
from tests.access.sweep import Clients


@pytest.fixture(autouse=True)
def _like_a_site(settings: Settings, monkeypatch: pytest.MonkeyPatch, handbook: Path) -> None:
    """Static files where they lie, the handbook built, no limit reached, nothing outside."""
    settings.WHITENOISE_AUTOREFRESH = True
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    cache.clear()

    def away(*_: Any, **__: Any) -> Any:
        raise Unavailable("unreachable")

    monkeypatch.setattr(outbound, "call", away)


@pytest.fixture(scope="module")
def _played(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast, saved once: what a test does to it is undone with the test."""
    with casts.saved(django_db_blocker) as played:
        yield played


@pytest.fixture
def cast(_played: Cast, db: None) -> Cast:
    """A copy, since a test may change its objects too."""
    return deepcopy(_played)


@pytest.fixture(scope="module")
def _sessions(_played: Cast, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    """Everybody signs in once for a module, as the cast is saved once."""
    with django_db_blocker.unblock():
        with reach.across(Purpose.SUPPORT):
            sessions = sweep.sign_in(_played)
        connection.close()
    return sessions


@pytest.fixture
def asking(cast: Cast, _sessions: dict[str, str]) -> Clients:
    return sweep.clients(cast, _sessions)
