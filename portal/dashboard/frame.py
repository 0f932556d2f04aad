"""What every screen has around it: whose it is, what needs the merchant, and how a page or its fragment is answered."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.dashboard import notices
from subscribers import access
from subscribers.models import Membership, Role

Rest = ParamSpec("Rest")
Screen = Callable[Concatenate[HttpRequest, Rest], HttpResponse]
View = Callable[Concatenate[HttpRequest, Membership, Rest], HttpResponse]
PAGE = 25
_FORGERY_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')  # masked anew at each look, the same behind it


def screen(view: View[Rest]) -> Screen[Rest]:
    """A view for members that shows: gets the membership it is for; a person without any is told so (403)."""
    guarded: Screen[Rest] = require_safe(_for_members(view, roles=Role.values))
    return guarded


def form(view: View[Rest]) -> Screen[Rest]:
    """A view for members that shows and takes what they fill in."""
    guarded: Screen[Rest] = require_http_methods(["GET", "HEAD", "POST"])(_for_members(view, roles=Role.values))
    return guarded


def owners_form(view: View[Rest]) -> Screen[Rest]:
    """A form of the set-up, for owners alone; a member is told whom to ask (403)."""
    guarded: Screen[Rest] = require_http_methods(["GET", "HEAD", "POST"])(_for_members(view, roles=[Role.OWNER]))
    return guarded


def owners_answer(view: View[Rest]) -> Screen[Rest]:
    """A form that every member sees and owners alone send; a member who sends it is told whom to ask (403)."""
    guarded: Screen[Rest] = require_http_methods(["GET", "HEAD", "POST"])(
        _for_members(view, roles=Role.values, senders=[Role.OWNER])
    )
    return guarded


def persons_form(view: Callable[[HttpRequest], HttpResponse]) -> Screen[[]]:
    """A form about the signed-in person, whoever it is: member of something, of nothing, or staff."""
    guarded: Screen[[]] = require_http_methods(["GET", "HEAD", "POST"])(login_required(never_cache(view)))
    return guarded


def act(view: View[Rest]) -> Screen[Rest]:
    """A view for members that only does something."""
    guarded: Screen[Rest] = require_POST(_for_members(view, roles=Role.values))
    return guarded


def owners_act(view: View[Rest]) -> Screen[Rest]:
    """A change of the set-up by one button, for owners alone."""
    guarded: Screen[Rest] = require_POST(_for_members(view, roles=[Role.OWNER]))
    return guarded


def _for_members(view: View[Rest], *, roles: Collection[str], senders: Collection[str] | None = None) -> Screen[Rest]:
    """`senders`: whose POST is taken, where not everybody's who may see."""

    @wraps(view)
    def for_members(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        try:
            membership = access.current_membership(request)
        except Http404:
            if getattr(request.user, "is_staff", False):
                return redirect("admin:index")
            return render(request, "dashboard/no_membership.html", status=403)
        if access.lost_choice(request) and request.method == "POST":
            return render(request, "403_csrf.html", status=403)
        if _is_for_another(request, membership):
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        allowed = senders if senders is not None and request.method == "POST" else roles
        if membership.role not in allowed:
            return render(request, "dashboard/owners_only.html", {"membership": membership}, status=403)
        return view(request, membership, *args, **kwargs)

    signed_in: Screen[Rest] = login_required(never_cache(for_members))
    return signed_in


def _is_for_another(request: HttpRequest, membership: Membership) -> bool:
    """Whether a page opened before the switch to another subscriber asks for a part of itself: it begins anew."""
    shown = request.headers.get("X-Subscriber", "")
    return bool(getattr(request, "htmx", False) and shown and shown != str(membership.subscriber_id))


def answer(
    request: HttpRequest, membership: Membership, *, page: str, fragment: str, context: dict[str, Any]
) -> HttpResponse:
    """The page, or for htmx the fragment alone: 304 where the reader already has it as it is."""
    if not getattr(request, "htmx", False):
        shown = {"fragment": fragment, "notices": partial(notices.waiting, membership.subscriber)}
        return render(request, page, {**shown, **context, "membership": membership})
    text = render_to_string(fragment, {**context, "membership": membership}, request)
    etag = f'"{hashlib.sha256(_FORGERY_TOKEN.sub("", text).encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    return HttpResponse(text, headers={"ETag": etag})


def page_of(rows: Any, request: HttpRequest) -> Page[Any]:
    """The page of `rows` that the address asks for; the nearest one where it asks for nonsense."""
    return Paginator(rows, PAGE).get_page(request.GET.get("sayfa"))


def typed(request: HttpRequest) -> str:
    """What stands in the search box; PostgreSQL takes no NUL."""
    return request.GET.get("q", "").replace("\0", "").strip()[:80]
