"""Pages that begin behind a row and not behind a number of rows: what comes meanwhile moves nothing.

A list by time is read from an index, however far down its page lies.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The last row of a page: when it came, and its key, since several may come at once."""

    at: datetime
    id: uuid.UUID


def beyond(rows: QuerySet[Any], field: str, place: Place | None) -> QuerySet[Any]:
    """The rows behind that place, all of them where it is None; the newest by `field` first."""
    rows = rows.order_by(f"-{field}", "pk")
    if place is None:
        return rows
    return rows.filter(**{f"{field}__lte": place.at}).exclude(**{field: place.at}, pk__lte=place.id)
