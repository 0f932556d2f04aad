"""A lane has so many places in a process, and another lane has its own."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.sandboxes import wait_until
from work.slots import Slots


def test_lets_no_more_at_once_than_there_are_places() -> None:
    slots, lane = Slots(most=2), uuid.uuid4()
    inside, most, lock = [0], [0], threading.Lock()

    def call(_: int) -> None:
        with slots.one(lane) as has_place:
            if not has_place:
                return
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            threading.Event().wait(0.002)
            with lock:
                inside[0] -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(call, range(40)))

    assert most[0] == 2


def test_makes_no_lane_wait_for_another() -> None:
    slots = Slots(most=1)
    with slots.one(uuid.uuid4()) as one, slots.one(uuid.uuid4()) as other:
        assert (one, other, len(slots.lanes)) == (True, True, 2)


def test_lets_one_wait_and_sends_the_next_away() -> None:
    slots, lane, told = Slots(most=1), uuid.uuid4(), []

    def wait() -> None:
        with slots.one(lane) as has_place:
            told.append(has_place)

    with slots.one(lane):
        waiting = threading.Thread(target=wait)
        waiting.start()
        wait_until(lambda: slots.lanes[lane].entrance._value == 0, seconds=5, what="of the one who waits")
        with slots.one(lane) as has_place:
            assert has_place is False
    waiting.join()

    assert told == [True]


def test_gives_a_place_back_after_a_failure() -> None:
    slots, lane = Slots(most=1), uuid.uuid4()
    for _ in range(2):
        with pytest.raises(ConnectionError), slots.one(lane):
            raise ConnectionError

    wait_until(lambda: not slots.lanes, seconds=5, what="of places that nobody holds")
