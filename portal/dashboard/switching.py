"""For whom a member of several subscribers works now."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from portal.dashboard import frame
from subscribers import access
from subscribers.models import Membership


@frame.act
def switch(request: HttpRequest, _membership: Membership) -> HttpResponse:
    """To the subscriber named by `subscriber`, one of the person's own; anything else does not exist (404).

    Pages that other tabs still show are the former subscriber's: their forms end with the renewed token ("the page is
    old"), their fragments by what they say they were made for (`frame`).
    """
    access.choose(request, _own(request, request.POST.get("subscriber", "")).subscriber_id)
    return redirect("team" if request.POST.get("to") == "team" else settings.LOGIN_REDIRECT_URL)


@frame.screen
def arrive(request: HttpRequest, membership: Membership, key: UUID) -> HttpResponse:
    """From a mail about one of the person's subscribers to the page `to` of this site, for that subscriber; else 404.

    A link alone may switch, since nothing else changes by it: whoever foists it on somebody brings about no more than
    the page of another company of that person's own, with its name above it.
    """
    own = _own(request, str(key))
    if own.pk != membership.pk:
        access.choose(request, own.subscriber_id)
    to = request.GET.get("to", "")
    is_ours = to.startswith("/") and url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    return redirect(to if is_ours else settings.LOGIN_REDIRECT_URL)


def _own(request: HttpRequest, subscriber: str) -> Membership:
    """The person's membership there. Raises `Http404`."""
    chosen = next((row for row in access.memberships(request) if str(row.subscriber_id) == subscriber), None)
    if chosen is None:
        raise Http404("no such subscriber of this person")
    return chosen
