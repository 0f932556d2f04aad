"""The token endpoint, and the pages on which the merchant signs in and allows (facts, section 1.1)."""

import base64
import binascii
import json
from collections.abc import Mapping
from urllib.parse import urlencode

from aiohttp import web

from sandbox.forms import fields_of
from sandbox.html import page
from sandbox.ideasoft.grants import OAuthRefused
from sandbox.ideasoft.sessions import is_signed_in, sign_in
from sandbox.ideasoft.store import Store
from sandbox.world import World

DENIED = "The user denied access to your application"


class OAuthApi:
    """One store's sign-in, consent and tokens."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._name = name

    @property
    def store(self) -> Store:
        return self._world.stores[self._name]

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/oauth/v2/token", self.token),
            web.post("/oauth/v2/token", self.token),
            *(web.get(path, self.ask) for path in ("/panel/auth", "/admin/user/auth")),
            *(web.post(path, self.decide) for path in ("/panel/auth", "/admin/user/auth")),
        ]

    async def token(self, request: web.Request) -> web.Response:
        try:
            kind, tokens = self.store.grants.grant(await _given(request))
        except OAuthRefused as refused:
            return _refusal(refused)
        effect = "token_refreshed" if kind == "refresh_token" else "token_issued"
        self._world.ledger.write(self.store.system, effect, grant_type=kind)
        return web.json_response(tokens, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})

    async def ask(self, request: web.Request) -> web.Response:
        try:
            check_authorization(self.store, request.query)
        except OAuthRefused as refused:
            return _refusal(refused)
        name = "consent.html" if is_signed_in(self.store, request) else "sign_in.html"
        return page(f"panel/{name}", store=self.store)

    async def decide(self, request: web.Request) -> web.StreamResponse:
        """Takes the sign-in form, and the consent form with its button `decision`."""
        try:
            check_authorization(self.store, request.query)
        except OAuthRefused as refused:
            return _refusal(refused)
        form = await fields_of(request)
        if "decision" not in form:
            answer = sign_in(self.store, form, to=str(request.rel_url))
            return answer or page("panel/sign_in.html", status=403, store=self.store, wrong=True)
        if not is_signed_in(self.store, request):
            return page("panel/sign_in.html", store=self.store)
        allowed = form["decision"] == "allow"
        raise web.HTTPFound(authorize(self._world, self.store, request.query, allowed=allowed))


def check_authorization(store: Store, query: Mapping[str, str]) -> None:
    """Refuses what must never redirect: a foreign client or address. Raises OAuthRefused."""
    if not store.settings.has_client or query.get("client_id") != store.grants.client.id:
        raise OAuthRefused("invalid_client", "The client credentials are invalid")
    if query.get("redirect_uri") != store.settings.redirect_uri:
        raise OAuthRefused("redirect_uri_mismatch", "The redirect URI provided does not match registered URI(s).")


def authorize(world: World, store: Store, query: Mapping[str, str], *, allowed: bool) -> str:
    """Where the browser is sent: with a code, or with the refusal; `state` comes back unchanged."""
    redirect_uri, state = query["redirect_uri"], query.get("state")
    if query.get("response_type", "code") != "code":
        answer = {"error": "unsupported_response_type", "error_description": "Only code is supported"}
    elif allowed:
        answer = {"code": store.grants.issue_code(redirect_uri, store.scope)}
    else:
        answer = {"error": "access_denied", "error_description": DENIED}
    world.ledger.write(store.system, "authorized" if allowed else "authorization_denied")
    state_part = {} if state is None else {"state": state}
    return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode({**answer, **state_part})}"


async def _given(request: web.Request) -> dict[str, str]:
    """Parameters from query (GET), form or JSON; client credentials also by HTTP Basic."""
    given: dict[str, str] = dict(request.query) if request.method == "GET" else {}
    if request.content_type == "application/json":
        given |= _json_fields(await request.read())
    elif request.method == "POST":
        given |= await fields_of(request)
    return {**_basic(request), **given}


def _json_fields(raw: bytes) -> dict[str, str]:
    try:
        body = json.loads(raw)
    except ValueError:
        return {}
    return {key: str(value) for key, value in body.items()} if isinstance(body, dict) else {}


def _basic(request: web.Request) -> dict[str, str]:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return {}
    return {"client_id": client_id, "client_secret": secret}


def _refusal(refused: OAuthRefused) -> web.Response:
    body = {"error": refused.error, "error_description": refused.description}
    return web.json_response(body, status=400, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})
