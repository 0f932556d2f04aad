"""Stages for the short runs: real processes have a Valkey of their own, since it will be flushed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import sandboxes, shops
from tests.faults import helper as helpers
from tests.faults import stage
from tests.faults.helper import Helper
from tests.faults.stage import Stage
from tests.sandboxes import Sandbox
from tests.shops import Shop


@pytest.fixture
def real_stage(transactional_db: None) -> Iterator[Stage]:
    """Web and two workers, as real processes."""
    with stage.real(workers=2) as running:
        yield running


@pytest.fixture(scope="session")
def _sandbox_process() -> Iterator[Sandbox]:
    with sandboxes.running() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_sandbox_process: Sandbox, transactional_db: None) -> Iterator[Sandbox]:
    """A sandbox that this process itself calls, quickly giving up."""
    _sandbox_process.control("POST", "reset")
    with stage.called_from_here(_sandbox_process):
        yield _sandbox_process


@pytest.fixture
def shop(sandbox: Sandbox) -> Shop:
    """A merchant whose store and account are connected and polled once."""
    shop = shops.open_shop(sandbox)
    stage.lift_limits(sandbox, shop.line)
    shops.poll()
    return shop


@pytest.fixture
def helper(shop: Shop) -> Iterator[Helper]:
    """A worker in a process of its own, over the same database and sandbox."""
    with helpers.running(stage.helper_environ(shop.sandbox)) as running:
        yield running
