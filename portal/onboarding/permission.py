"""*İzin ver*: to the store's own page and back to `/allow`."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from integrations.ideasoft import authorization, permissions
from integrations.ideasoft.authorization import Result
from integrations.ideasoft.models import SetupItem, Store
from integrations.ideasoft.setup import WRITES
from orders import grants
from portal.dashboard import frame, setup_words
from portal.dashboard.looks import Text
from portal.onboarding import results
from portal.reaching import states_its_own
from subscribers import access
from subscribers.models import Membership, User

# The areas in the panel's own words, so in no other language.
ASKED: dict[str, Text] = {
    permissions.SIPARIS: _("Siparişleri okumak, onaylananları onaylandı yapmak, siparişe not eklemek için."),
    permissions.DIGER: _(
        "Yeni siparişten anında haber almak ve SMS ayarlarınıza bakmak için. Ayarlarınız, siz her değişikliği görüp"
        " onaylamadan değişmez."
    ),
    permissions.KATALOG: _("Onay ürünlerinize bakmaz ve dokunmaz; İdeasoft bu alanı öbürleriyle birlikte ister."),
}


@frame.owners_form
def begin(request: HttpRequest, membership: Membership, code: str) -> HttpResponse:
    """Answers 200 with a plain link to the store: a redirect to it is blocked by `form-action 'self'`.

    A GET begins nothing: a changed language or a reload leads back to where the button is.
    """
    if request.method != "POST":
        return redirect("integrations")
    return review(request, access.one(Store, membership.subscriber, code=code), user=membership.user)


def review(request: HttpRequest, store: Store, *, user: User) -> HttpResponse:
    """*İzin ver*, the first time: what will be asked of the store; its link is the second, for this browser alone."""
    context = {
        "store": store,
        "address": authorization.begin(store, user=user, session_key=_session_key(request)),
        "asked": _asked(),
        **lacking(store),
        "redirect_address": authorization.redirect_uri(),
        "next_page": reverse("store", args=[store.code]),  # a GET of this address begins nothing
    }
    return render(request, "onboarding/permission.html", context)


def lacking(store: Store) -> dict[str, Any]:
    """What the store was found not to grant, and the drawing of where to grant it."""
    return {"missing": grants.missing(store), "drawing": setup_words.DRAWINGS[SetupItem.PERMISSIONS]}


def _asked() -> list[dict[str, Any]]:
    """The panel's areas, what each is for, and which of the store's own words stand behind it."""
    used = permissions.needed(store_sends=True, writes=WRITES.values())
    return [
        {"area": area, "words": words, "scopes": [scope for scope in used if permissions.area(scope) == area]}
        for area, words in ASKED.items()
    ]


@states_its_own
@require_GET
@login_required
@never_cache
def allow(request: HttpRequest) -> HttpResponse:
    """What came back from a store: said in words, with the next step; a return counts once.

    A store that lets us in is asked at once what it grants.
    """
    back = authorization.finish(
        state=request.GET.get("state", ""),
        code=request.GET.get("code", ""),
        error=request.GET.get("error", ""),
        user=_user(request),
        session_key=_session_key(request),
    )
    is_connected = back.result == Result.CONNECTED
    context = {
        "result": back.result,
        "said": results.said(back.result),
        "store": back.store,
        "connected": is_connected,
        "missing": grants.after_return(back.store) if is_connected and back.store else [],
        "drawing": setup_words.DRAWINGS[SetupItem.PERMISSIONS],
        "next_page": reverse("integrations"),  # not this address, which holds state and code
    }
    return render(request, "onboarding/allow.html", context, status=200 if is_connected else 400)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _session_key(request: HttpRequest) -> str:
    """What binds an authorization to this browser: the session's key, which a new sign-in changes."""
    return request.session.session_key or ""
