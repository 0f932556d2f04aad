"""How many files this process makes or sends at once.

Whoever reads slowly keeps a thread of the web server busy until the last piece is on its way, though nothing of the
database. So that all others keep theirs, there is room for few, and for fewer of one subscriber.
"""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable

MOST = 6  # of the 16 threads that answer (`portal/tree.py`)
MOST_OF_ONE = 2

_lock = threading.Lock()
_held: Counter[uuid.UUID] = Counter()


class NoPlace(Exception):
    """As many files as may be are being made or sent."""


def take(subscriber_id: uuid.UUID) -> Callable[[], None]:
    """A place, until what is returned is called; called again, it does nothing. Raises `NoPlace`."""
    with _lock:
        if _held.total() >= MOST or _held[subscriber_id] >= MOST_OF_ONE:
            raise NoPlace
        _held[subscriber_id] += 1
    given_back = threading.Event()

    def give_back() -> None:
        with _lock:
            if given_back.is_set():
                return
            given_back.set()
            _held[subscriber_id] -= 1
            if not _held[subscriber_id]:
                del _held[subscriber_id]

    return give_back
