"""How many calls of one account or store this process makes at once, where more of its claims may be in hand.

A worker that has its next batch claimed already begins the next call as soon as one ends, and is not at the database
meanwhile. Only one thread waits so for a lane: others give way, and a busy account leaves the rest to other lanes.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary


class Slots:
    """`most` places a lane, and one to wait for them, as long as a call may take."""

    def __init__(self, *, most: int) -> None:
        self.most = most
        self.lock = threading.Lock()
        self.lanes: WeakValueDictionary[uuid.UUID, _Lane] = WeakValueDictionary()

    @contextmanager
    def one(self, lane_id: uuid.UUID) -> Iterator[bool]:
        """Holds a place of the lane for the time of the block; false, at once, where somebody waits for one already."""
        with self.lock:
            lane = self.lanes.get(lane_id)
            if lane is None:
                lane = self.lanes[lane_id] = _Lane(self.most)
        if not lane.entrance.acquire(blocking=False):
            yield False
            return
        try:
            with lane.places:
                yield True
        finally:
            lane.entrance.release()


class _Lane:
    """The places of a lane, and the entrance that lets one more in than there are."""

    def __init__(self, most: int) -> None:
        self.places = threading.Semaphore(most)
        self.entrance = threading.Semaphore(most + 1)
