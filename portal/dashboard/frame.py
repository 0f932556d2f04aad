"""What every screen has around it: whose it is, what needs the merchant, and how a page or its fragment is answered."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.dashboard import notices
from subscribers import access
from subscribers.models import Membership

Rest = ParamSpec("Rest")
Screen = Callable[Concatenate[HttpRequest, Rest], HttpResponse]
PAGE = 25


def screen(
    view: Callable[Concatenate[HttpRequest, Membership, Rest], HttpResponse],
) -> Screen[Rest]:
    """A view for members: gets the membership it is for; a person without any is told so (403)."""

    @wraps(view)
    def for_members(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        try:
            membership = access.current_membership(request)
        except Http404:
            return render(request, "dashboard/no_membership.html", status=403)
        return view(request, membership, *args, **kwargs)

    guarded: Screen[Rest] = require_safe(login_required(never_cache(for_members)))
    return guarded


def answer(
    request: HttpRequest, membership: Membership, *, page: str, fragment: str, context: dict[str, Any]
) -> HttpResponse:
    """The page, or for htmx the fragment alone: 304 where the reader already has it as it is."""
    if not getattr(request, "htmx", False):
        shown = {"fragment": fragment, "notices": partial(notices.open_notices, membership.subscriber)}
        return render(request, page, {**shown, **context, "membership": membership})
    text = render_to_string(fragment, {**context, "membership": membership}, request)
    etag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    return HttpResponse(text, headers={"ETag": etag})


def page_of(rows: Any, request: HttpRequest) -> Page[Any]:
    """The page of `rows` that the address asks for; the nearest one where it asks for nonsense."""
    return Paginator(rows, PAGE).get_page(request.GET.get("sayfa"))


def typed(request: HttpRequest) -> str:
    """What stands in the search box; PostgreSQL takes no NUL."""
    return request.GET.get("q", "").replace("\0", "").strip()[:80]
