"""*İzin ver*: to the store's own page and back to `/allow`."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from integrations.ideasoft import authorization
from integrations.ideasoft.authorization import Result
from integrations.ideasoft.models import Store
from portal.dashboard import frame
from portal.reaching import states_its_own
from subscribers import access
from subscribers.models import Membership, User


@frame.owners_form
def begin(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """Answers 200 with a plain link to the store: a redirect to it is blocked by `form-action 'self'`.

    A GET begins nothing: a changed language or a reload leads back to where the button is.
    """
    if request.method != "POST":
        return redirect("integrations")
    store = access.one(Store, membership.subscriber, code=code)
    address = authorization.begin(store, user=_user(request), session_key=_session_key(request))
    return render(request, "onboarding/permission.html", {"store": store, "address": address})


@states_its_own
@require_GET
@login_required
@never_cache
def allow(request: HttpRequest) -> HttpResponse:
    """What came back from a store: said in words, with the next step; a return counts once."""
    back = authorization.finish(
        state=request.GET.get("state", ""),
        code=request.GET.get("code", ""),
        error=request.GET.get("error", ""),
        user=_user(request),
        session_key=_session_key(request),
    )
    context = {
        "result": back.result,
        "store": back.store,
        "connected": back.result == Result.CONNECTED,
        "next_page": reverse("integrations"),  # not this address, which holds state and code
    }
    return render(request, "onboarding/allow.html", context, status=200 if context["connected"] else 400)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _session_key(request: HttpRequest) -> str:
    """What binds an authorization to this browser: the session's key, which a new sign-in changes."""
    return request.session.session_key or ""
