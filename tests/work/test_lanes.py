"""Pausing an account or a store as a whole."""

import pytest

from tests.factories import StoreFactory
from work import lanes

pytestmark = pytest.mark.django_db


def test_counts_one_outage_once_however_many_calls_meet_it() -> None:
    store = StoreFactory()
    for _ in range(6):
        lanes.pause(store, reason="busy")
    store.refresh_from_db()

    assert store.pauses == 1


def test_tells_the_first_alone_that_a_lane_began_to_refuse() -> None:
    store = StoreFactory()

    assert [lanes.refuse(store, reason="withdrawn"), lanes.refuse(store, reason="withdrawn")] == [True, False]
