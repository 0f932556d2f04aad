"""How many calls a minute one subscriber may make, whatever keys it makes them by, and an address by a wrong key.

Counted in Valkey by the minutes of the clock. While it is away nobody is kept out: `portal/limits.py` logs it.
"""

from __future__ import annotations

import time
import uuid

from django.http import HttpResponse

from portal import limits
from portal.api.problems import Problem

SPAN_SECONDS = 60
READS, WRITES = 120, 60
WRONG_KEYS = 30


def most(*, writes: bool) -> int:
    """How many calls of that kind fit into a minute."""
    return WRITES if writes else READS


def count(subscriber: uuid.UUID, *, writes: bool) -> dict[str, str]:
    """Counts a call; gives the headers that tell how many are left, none where that cannot be told.

    Raises `Problem` where it is one too many.
    """
    allowed = most(writes=writes)
    span, reset = _minute()
    made = limits.count(f"api:{subscriber}:{'writes' if writes else 'reads'}:{span}", seconds=2 * SPAN_SECONDS)
    if made is None:
        return {}
    headers = {
        "RateLimit-Limit": str(allowed),
        "RateLimit-Remaining": str(max(0, allowed - made)),
        "RateLimit-Reset": reset,
    }
    if made > allowed:
        raise Problem("too_many", headers={**headers, "Retry-After": reset})
    return headers


def count_wrong_key(address: str) -> None:
    """Counts a call from that address by a key that is none. Raises `Problem` where it is one too many."""
    span, reset = _minute()
    made = limits.count(f"api:wrong:{address}:{span}", seconds=2 * SPAN_SECONDS)
    if made is not None and made > WRONG_KEYS:
        raise Problem("too_many_wrong_keys", headers={"Retry-After": reset})


def _minute() -> tuple[int, str]:
    """The number of this minute, and in how many seconds the next begins."""
    span, passed = divmod(time.time(), SPAN_SECONDS)
    return int(span), str(int(SPAN_SECONDS - passed) + 1)


def tell(answer: HttpResponse, headers: dict[str, str]) -> HttpResponse:
    """The answer with how many calls are left."""
    for name, value in headers.items():
        answer[name] = value
    return answer
