"""The opaque word that says where the next page begins."""

from __future__ import annotations

import base64
import json
import uuid
from datetime import datetime

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
        place = Place(at=datetime.fromisoformat(at), id=uuid.UUID(key))
    except (ValueError, TypeError, AttributeError, RecursionError) as problem:
        raise Problem("cursor_invalid") from problem
    if place.at.utcoffset() is None:
        raise Problem("cursor_invalid")
    return place
