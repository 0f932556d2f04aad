"""The panel's sign-in: one session for the panel's own pages and for the consent page."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlencode

from aiohttp import web

from sandbox.ideasoft.store import Store

SIGN_IN = "/panel/sign-in"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def is_signed_in(store: Store, request: web.Request) -> bool:
    return request.cookies.get(_cookie(store)) in store.grants.sessions


def sign_in(store: Store, form: Mapping[str, str], *, to: str) -> web.Response | None:
    """Sends the browser on to `to` with a new session; None for a wrong user or password."""
    given = (form.get("username", "").strip().lower(), form.get("password"))
    if given != (store.settings.username.lower(), store.settings.password):
        return None
    session = secrets.token_urlsafe(16)
    store.grants.sessions.add(session)
    answer = web.Response(status=303, headers={"Location": to})
    answer.set_cookie(_cookie(store), session, httponly=True, samesite="Lax")
    return answer


def sign_out(store: Store, request: web.Request) -> None:
    store.grants.sessions.discard(request.cookies.get(_cookie(store), ""))


def signed_in_only(store_of: Callable[[], Store], handler: Handler) -> Handler:
    """`handler` for who is signed in; anyone else is sent to the sign-in page, and from there back."""

    async def handle(request: web.Request) -> web.StreamResponse:
        if is_signed_in(store_of(), request):
            return await handler(request)
        raise web.HTTPSeeOther(f"{SIGN_IN}?{urlencode({'next': request.path})}")

    return handle


def _cookie(store: Store) -> str:
    """A name a store: browsers keep one jar for all ports of a host."""
    return f"panel_{store.name}"
