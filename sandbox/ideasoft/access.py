"""Who may call the API: bearer tokens, permissions, and the shapes of refusals (facts, sections 1.1, 4)."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.ideasoft.grants import OAuthRefused
from sandbox.ideasoft.listing import QueryRefused
from sandbox.ideasoft.orders import OrderRefused
from sandbox.ideasoft.store import Store

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Missing(Exception):
    """There is no such object (404)."""


class Absent(Exception):
    """This store's API has no such resource: a 404 in JSON (`error`), or the site's own page (`page`)."""


class WriteRefused(Exception):
    """The store keeps its settings as they are (422)."""


class Malformed(Exception):
    """The body cannot be read (400)."""


def guarded(store_of: Callable[[], Store], scopes: str, handler: Handler) -> Handler:
    """`handler` behind a valid token whose client has one of `scopes` (separated by spaces)."""

    async def handle(request: web.Request) -> web.StreamResponse:
        store = store_of()
        try:
            admit(store, request)
            if not set(scopes.split()) & set(store.settings.scopes):
                return forbidden(store)
            return await handler(request)
        except OAuthRefused as refused:
            return unauthorized(refused)
        except Absent as lacking:
            return error(404, "No route found.") if str(lacking) == "error" else _page_not_found()
        except WriteRefused:
            return error(422, "Validation failed.")
        except Missing:
            return error(404, "Object not found.")
        except (Malformed, QueryRefused) as refused:
            return error(400, str(refused))
        except OrderRefused as refused:
            return error(422, str(refused))

    return handle


def admit(store: Store, request: web.Request) -> None:
    """Raises OAuthRefused unless the request carries a live access token."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise OAuthRefused("access_denied", "OAuth2 authentication required")
    store.grants.admit(token.strip())


async def read_object(request: web.Request) -> dict[str, Any]:
    """The JSON object of the body. Raises Malformed."""
    try:
        body = json.loads(await request.read())
    except ValueError as wrong:
        raise Malformed("Request body is not valid JSON.") from wrong
    if not isinstance(body, dict):
        raise Malformed("Request body must be a JSON object.")
    return body


def error(status: int, message: str) -> web.Response:
    """The official `Error` shape (facts: A, old)."""
    return web.json_response({"code": status, "errorMessage": message, "errorCode": status}, status=status)


def _page_not_found() -> web.Response:
    return web.Response(status=404, text="<h1>404</h1>", content_type="text/html")


def unauthorized(refused: OAuthRefused) -> web.Response:
    described = f'error="{refused.error}", error_description="{refused.description}"'
    body = {"error": refused.error, "error_description": refused.description}
    return web.json_response(body, status=401, headers={"WWW-Authenticate": f'Bearer realm="Service", {described}'})


def forbidden(store: Store) -> web.Response:
    """Which of the two shapes the real one uses is unknown; the store's setting decides."""
    if store.settings.forbidden_shape == "oauth":
        body = {"error": "insufficient_scope", "error_description": "The request requires higher privileges."}
        return web.json_response(body, status=403)
    return error(403, "The client does not have permission for this operation.")
