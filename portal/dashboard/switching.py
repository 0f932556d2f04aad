"""For whom a member of several subscribers works now."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.dashboard import frame
from subscribers import access
from subscribers.models import Membership


@frame.act
def switch(request: HttpRequest, _membership: Membership) -> HttpResponse:
    """To the subscriber named by `subscriber`, one of the person's own; anything else does not exist (404).

    Pages that other tabs still show are the former subscriber's: their forms end with the renewed token ("the page is
    old"), their fragments by what they say they were made for (`frame`).
    """
    chosen = next((row for row in access.memberships(request) if str(row.subscriber_id) == _named(request)), None)
    if chosen is None:
        raise Http404("no such subscriber of this person")
    access.choose(request, chosen.subscriber_id)
    return redirect("team" if request.POST.get("to") == "team" else settings.LOGIN_REDIRECT_URL)


def _named(request: HttpRequest) -> str:
    return request.POST.get("subscriber", "")
