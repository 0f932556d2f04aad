"""Entegrasyonlar > API: the store's API client made by *Ekle*, and its *İzin Yönetimi*, by *Ekle* too (facts: C, 7)."""

from typing import Any, Final

from aiohttp import web

from sandbox.forms import fields_of
from sandbox.html import page
from sandbox.ideasoft.sessions import Handler, signed_in_only
from sandbox.ideasoft.store import Store
from sandbox.panel.permissions import AREAS, LEVELS, level, set_level
from sandbox.world import World

# The panel's users; the help page names the one whom permissions are given to.
USERS: Final = ("Yonetici",)


class PanelClient:
    """Handlers of one store's API client; a form ends on the list that it was opened from."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._name = name

    @property
    def store(self) -> Store:
        return self._world.stores[self._name]

    def routes(self) -> list[web.RouteDef]:
        shown = {
            "/panel/api": self.clients,
            "/panel/api/client": self.client,
            "/panel/api/permissions": self.permissions,
            "/panel/api/permissions/user": self.permission,
        }
        saved = {"/panel/api/client": self.save_client, "/panel/api/permissions/user": self.save_permission}
        return [
            *(web.get(path, self._guarded(handler)) for path, handler in shown.items()),
            *(web.post(path, self._guarded(handler)) for path, handler in saved.items()),
        ]

    async def clients(self, request: web.Request) -> web.Response:
        return page("panel/api.html", store=self.store, saved="saved" in request.query)

    async def client(self, request: web.Request) -> web.Response:
        """*Düzenle*, and *Ekle* (`?new`) with nothing filled in."""
        settings, is_new = self.store.settings, "new" in request.query
        values = {} if is_new else {"client_name": settings.client_name, "redirect_uri": settings.redirect_uri}
        return page("panel/client.html", store=self.store, values=values, is_new=is_new)

    async def save_client(self, request: web.Request) -> web.Response:
        form = await fields_of(request)
        values = {name: form.get(name, "").strip() for name in ("client_name", "redirect_uri")}
        errors = {} if values["client_name"] else {"client_name": "Bir ad yazın."}
        if not values["redirect_uri"].startswith(("http://", "https://")):
            errors["redirect_uri"] = "Adres http:// veya https:// ile başlamalı."
        if errors:
            return page("panel/client.html", status=422, store=self.store, values=values, errors=errors)
        self.store.change({**values, "has_client": True})
        self._world.ledger.write(self.store.system, "client_changed", **values, by="panel")
        raise web.HTTPSeeOther("/panel/api?saved")

    async def permissions(self, request: web.Request) -> web.Response:
        if not self.store.settings.has_client:
            raise web.HTTPSeeOther("/panel/api")
        given = {words: LEVELS[level(self.store, area)] for area, (words, _) in AREAS.items()}
        users = USERS if self.store.settings.scopes else ()
        context: dict[str, Any] = {"store": self.store, "users": users, "given": given}
        return page("panel/permissions.html", saved="saved" in request.query, **context)

    async def permission(self, _request: web.Request) -> web.Response:
        if not self.store.settings.has_client:
            raise web.HTTPSeeOther("/panel/api")
        return self._permission()

    async def save_permission(self, request: web.Request) -> web.Response:
        """Who is given the permissions must be said; an area that the form does not name stays."""
        form = await fields_of(request)
        if form.get("user") not in USERS:
            return self._permission(errors={"user": "Kullanıcı adını seçin."})
        for area in AREAS:
            if form.get(area) in LEVELS:
                set_level(self.store, area, form[area])
        self._world.ledger.write(self.store.system, "client_changed", scope=self.store.scope, by="panel")
        raise web.HTTPSeeOther("/panel/api/permissions?saved")

    def _permission(self, *, errors: dict[str, str] | None = None) -> web.Response:
        areas = {area: (words, level(self.store, area)) for area, (words, _) in AREAS.items()}
        chosen = bool(self.store.settings.scopes)
        context: dict[str, Any] = {"areas": areas, "levels": LEVELS, "users": USERS, "chosen": chosen}
        status = 422 if errors else 200
        return page("panel/permission.html", status=status, store=self.store, errors=errors or {}, **context)

    def _guarded(self, handler: Handler) -> Handler:
        return signed_in_only(lambda: self.store, handler)
