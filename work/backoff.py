"""How long to wait before the next try: pure."""

from __future__ import annotations

import random
from datetime import timedelta

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 300.0
LONGEST_PAUSE_SECONDS = 60.0


def wait(attempts: int, *, retry_after: float | None = None, longest: float = LONGEST_SECONDS) -> timedelta:
    """The time until try number `attempts + 1`: doubling from a second, jittered by a quarter either way.

    What the other side asked for (`retry_after`, seconds) is a floor, never shortened by jitter; an hour at most, so
    that a wrong header cannot put work off for ever.
    """
    seconds = min(longest, FIRST_SECONDS * 2 ** min(max(attempts - 1, 0), 12))
    seconds *= random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, guards nothing
    if retry_after is not None:
        seconds = max(min(retry_after, 3600.0), seconds)
    return timedelta(seconds=seconds)
