"""The main job against the sandbox, worked off in the test's own thread: every step real, and nothing by chance."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests import keeping, sandboxes
from tests.sandboxes import Sandbox
from tests.shops import Shop


@pytest.fixture(scope="session")
def _sandbox_process() -> Iterator[Sandbox]:
    with sandboxes.running() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_sandbox_process: Sandbox, settings: Settings, transactional_db: None) -> Sandbox:
    _sandbox_process.control("POST", "reset")
    settings.NETGSM_API_URL = _sandbox_process.url
    settings.OUTBOUND_ALLOW = ("127.0.0.0/8", "::1/128")
    return _sandbox_process


@pytest.fixture
def shop(sandbox: Sandbox) -> Shop:
    """A merchant whose store and account are connected and polled once."""
    return keeping.polled_shop(sandbox)


@pytest.fixture
def settles_at_once(settings: Settings) -> None:
    """A news need not wait until its status has held."""
    settings.NEWS_SETTLE_SECONDS = 0
