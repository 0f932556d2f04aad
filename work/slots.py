"""How many calls of one account or store this process makes at once, where more of its claims may be in hand.

A worker that has its next batch claimed already begins the next call as soon as one ends, and is not at the database
meanwhile; one busy account still never takes all of a worker's threads.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary


class Slots:
    """`most` places a lane; whoever finds none free waits for one, as long as a call may take."""

    def __init__(self, *, most: int) -> None:
        self.most = most
        self.lock = threading.Lock()
        self.lanes: WeakValueDictionary[uuid.UUID, threading.Semaphore] = WeakValueDictionary()

    @contextmanager
    def one(self, lane_id: uuid.UUID) -> Iterator[None]:
        """Holds a place of the lane for the time of the block."""
        with self.lock:
            places = self.lanes.get(lane_id)
            if places is None:
                places = self.lanes[lane_id] = threading.Semaphore(self.most)
        with places:
            yield
