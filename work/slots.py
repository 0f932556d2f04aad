"""How many calls of one account or store this process makes at once, where more of its claims may be in hand.

A worker that has its next batch claimed already begins the next call as soon as one ends, and is not at the database
meanwhile. Only one thread should wait so for a lane: others see that there is no room and leave its rows to those that
call, who look for more when they are done.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager


class Slots:
    """`most` calls a lane, and room for one more to wait, as long as a call may take."""

    def __init__(self, *, most: int) -> None:
        self.most = most
        self.lock = threading.Lock()
        self.lanes: dict[uuid.UUID, _Lane] = {}

    def has_room(self, lane_id: uuid.UUID) -> bool:
        """Whether a further claim of the lane would call or be the one that waits; nobody is held to it."""
        with self.lock:
            lane = self.lanes.get(lane_id)
            return lane is None or lane.here <= self.most

    @contextmanager
    def one(self, lane_id: uuid.UUID) -> Iterator[None]:
        """Holds a place of the lane for the time of the block, once there is one."""
        with self.lock:
            lane = self.lanes.setdefault(lane_id, _Lane(self.most))
            lane.here += 1
        try:
            with lane.places:
                yield
        finally:
            with self.lock:
                lane.here -= 1
                if not lane.here:
                    del self.lanes[lane_id]


class _Lane:
    """The places of a lane, and how many hold one or wait."""

    def __init__(self, most: int) -> None:
        self.places = threading.Semaphore(most)
        self.here = 0
