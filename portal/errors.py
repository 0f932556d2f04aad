"""What a reader sees of our own failures: help, a number for support, and nothing of the inside."""

from __future__ import annotations

import re
import sys
from collections.abc import ItemsView
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.debug import SafeExceptionReporterFilter

from portal import numbering

RETRY_AFTER_SECONDS = 30


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database is away. The page asks the database nothing, not even who is signed in."""
    is_away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    page = render_to_string("500.html", {"number": numbering.of(request), "is_away": is_away})
    if is_away:
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
    return HttpResponse(page, status=500)


_ADDRESS_WITH_PASSWORD = re.compile(r"://[^/@]*:[^/@]*@")


class NothingOfTheInside(SafeExceptionReporterFilter):
    """Django's filter of its debugging page, in force with DEBUG too, and without local variables.

    A secret is opened into a local variable just before it is used: that is where an outside call fails.
    """

    def cleanse_setting(self, key: Any, value: Any) -> Any:
        """Also an address that holds a password: the broker's, the cache's."""
        if isinstance(value, str) and _ADDRESS_WITH_PASSWORD.search(value):
            return self.cleansed_substitute
        return super().cleanse_setting(key, value)

    def is_active(self, _request: HttpRequest | None) -> bool:
        return True

    def get_traceback_frame_variables(self, _request: HttpRequest | None, _frame: Any) -> ItemsView[str, Any]:
        return {}.items()
