"""A shop that may ask and be answered, for tests whose work commits."""

from __future__ import annotations

import pytest

from tests.factories import AccountFactory, Cast, EventFactory, cast


@pytest.fixture
def people(transactional_db: None) -> Cast:
    """The default cast, its shop with an account and an event that is on."""
    made = cast()
    AccountFactory.create(subscriber=made.shop)
    EventFactory.create(subscriber=made.shop)
    return made
