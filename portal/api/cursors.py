"""The opaque word that says where the next page begins."""

from __future__ import annotations

import base64
import json
import uuid
from datetime import UTC, datetime

from portal.api.problems import Problem
from subscribers.paging import Place


def made(place: Place) -> str:
    """The word for a place."""
    told = json.dumps([place.at.isoformat(), place.id.hex], separators=(",", ":"))
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def read(cursor: str) -> Place | None:
    """The place that a word stands for; None for no word. Raises `Problem` for one that is none of ours."""
    if not cursor:
        return None
    try:
        at, key = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        moment, found = datetime.fromisoformat(at), uuid.UUID(key)
        if moment.utcoffset() is None:
            raise ValueError("a time without its offset")
        return Place(at=moment.astimezone(UTC), id=found)  # PostgreSQL takes no offset of 16 hours and more
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError) as problem:
        raise Problem("cursor_invalid") from problem
