"""How many files this process makes or sends at once.

Whoever reads slowly keeps a thread of the web server busy until the last piece is on its way, though nothing of the
database. So that all others keep theirs, there is room for few, and for fewer of one subscriber. A place
ends by its age too: whoever has stopped reading altogether takes no room from those who come later.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable

MOST = 6  # of the 16 threads that answer (`portal/tree.py`)
MOST_OF_ONE = 2
LONGEST_SECONDS = 30 * 60  # longer than a file may be made and sent (`portal/exports/sending.py`)

_lock = threading.Lock()
_held: dict[object, tuple[uuid.UUID, float]] = {}  # by place: whose it is, and since when


class NoPlace(Exception):
    """As many files as may be are being made or sent."""


def take(subscriber_id: uuid.UUID) -> Callable[[], None]:
    """A place, until what is returned is called; called again, it does nothing. Raises `NoPlace`."""
    place, now = object(), time.monotonic()
    with _lock:
        for old, (_, since) in _held.copy().items():
            if now - since > LONGEST_SECONDS:
                _held.pop(old, None)
        whose = [holder for holder, _ in _held.copy().values()]
        if len(whose) >= MOST or whose.count(subscriber_id) >= MOST_OF_ONE:
            raise NoPlace
        _held[place] = (subscriber_id, now)

    def give_back() -> None:
        _held.pop(place, None)  # by no lock: a forgotten file may be collected while this very thread holds it

    return give_back


def held() -> int:
    """How many places are taken."""
    return len(_held)
