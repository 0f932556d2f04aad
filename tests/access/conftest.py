"""The cast, saved anew for each test, and an outside that cannot be reached."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import Settings

from integrations import outbound
from integrations.failures import Unavailable
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


@pytest.fixture
def cast(db: None) -> Cast:
    return casts.play()


@pytest.fixture
def asking(cast: Cast) -> Clients:
    return sweep.clients(cast)
