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
        with slots.one(lane):
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
    with slots.one(uuid.uuid4()), slots.one(uuid.uuid4()):
        assert len(slots.lanes) == 2


def test_has_room_for_one_that_waits_and_for_no_more() -> None:
    slots, lane = Slots(most=1), uuid.uuid4()
    told = [slots.has_room(lane)]
    with slots.one(lane):
        told.append(slots.has_room(lane))
        waiting = threading.Thread(target=lambda: slots.one(lane).__enter__())
        waiting.start()
        told.append(wait_until(lambda: not slots.has_room(lane), seconds=5, what="of the one who waits"))
    waiting.join()

    assert told == [True, True, True]


def test_gives_a_place_back_after_a_failure() -> None:
    slots, lane = Slots(most=1), uuid.uuid4()
    for _ in range(2):
        with pytest.raises(ConnectionError), slots.one(lane):
            raise ConnectionError

    assert (slots.lanes, slots.has_room(lane)) == ({}, True)
