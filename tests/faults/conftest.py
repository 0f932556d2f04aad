"""Stages for the short runs: each has a Valkey of its own, since it will be flushed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults import stage
from tests.faults.stage import Stage


@pytest.fixture
def real_stage(transactional_db: None) -> Iterator[Stage]:
    """Web and two workers, as real processes."""
    with stage.real(workers=2) as running:
        yield running
