"""A page of a list, and the way to the next one."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.api import cursors
from portal.api.wanted import Page
from subscribers.paging import Place

Row = TypeVar("Row")


def cut(
    after: Callable[[Place | None, int], list[Row]], wanted: Page, place_of: Callable[[Row], tuple[datetime, uuid.UUID]]
) -> tuple[list[Row], str | None]:
    """The rows of the page and the cursor of the next, None on the last. Raises `Problem` for a wrong cursor."""
    rows = after(cursors.read(wanted.cursor), wanted.limit + 1)
    if len(rows) <= wanted.limit:
        return rows, None
    rows = rows[: wanted.limit]
    at, key = place_of(rows[-1])
    return rows, cursors.made(Place(at=at, id=key))


def link(request: HttpRequest, response: HttpResponse, following: str | None) -> None:
    """The address of the next page as RFC 8288 says it."""
    if following is None:
        return
    query = {**request.GET.dict(), "cursor": following}
    response["Link"] = f'<{settings.SITE_URL}{request.path}?{urlencode(query)}>; rel="next"'
